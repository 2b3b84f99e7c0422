from __future__ import annotations

import pytest

from acd.seat import Seat, Serves
from calls.lifecycle import SeatState

pytestmark = pytest.mark.unit


@pytest.mark.parametrize(
    ("logged_in", "reachable", "paused", "resting", "state", "why"),
    [
        (True, True, "", False, SeatState.READY, ""),
        (True, True, "lunch", False, SeatState.BREAK, "lunch"),
        (True, True, "lunch", True, SeatState.BREAK, "lunch"),
        (True, True, "", True, SeatState.NOT_ANSWERING, "busy"),
        (True, False, "", False, SeatState.LOGGED_OUT, ""),
        (False, True, "lunch", False, SeatState.LOGGED_OUT, ""),
        (False, False, "", True, SeatState.LOGGED_OUT, ""),
    ],
)
def test_a_seat_without_a_call(
    logged_in: bool, reachable: bool, paused: str, resting: bool, state: SeatState, why: str
) -> None:
    seat = Seat("seat01", (Serves("tax/main"),))
    seat.logged_in, seat.reachable, seat.paused = logged_in, reachable, paused
    seat.resting, seat.rest_reason = resting, "busy" if resting else ""
    assert (seat.resting_state(), seat.why()) == (state, why)
    assert seat.staffed == (state is SeatState.READY)


def test_what_a_seat_serves() -> None:
    seat = Seat("seat01", (Serves("tax/main"), Serves("water/main", 2, 30.0)))
    assert seat.queues == ("tax/main", "water/main")
    assert seat.serves[0] == ("tax/main", 1, 0.0)


def test_whoever_begins_anew_has_missed_nothing() -> None:
    seat = Seat("seat01", ())
    seat.reachable, seat.resting, seat.rest_reason, seat.misses = True, True, "busy", 2
    seat.begin_anew()
    assert (seat.resting_state(), seat.why(), seat.misses) == (SeatState.READY, "", 0)


def test_a_seat_is_busy_while_its_telephone_or_its_record_is() -> None:
    seat = Seat("seat01", ())
    seen = [seat.busy]
    seat.leg = "c1.s1"
    seen.append(seat.busy)
    seat.leg, seat.wrapping = "", True
    seen.append(seat.busy)
    assert seen == [False, True, True]

from __future__ import annotations

import pytest

from acd.seat import Seat
from calls.lifecycle import SeatState

pytestmark = pytest.mark.unit


@pytest.mark.parametrize(
    ("logged_in", "reachable", "resting", "state"),
    [
        (True, True, False, SeatState.READY),
        (True, True, True, SeatState.NOT_ANSWERING),
        (True, False, False, SeatState.LOGGED_OUT),
        (False, True, False, SeatState.LOGGED_OUT),
        (False, False, True, SeatState.LOGGED_OUT),
    ],
)
def test_a_seat_without_a_call(logged_in: bool, reachable: bool, resting: bool, state: SeatState) -> None:
    seat = Seat("seat01", ("tax/main",))
    seat.logged_in, seat.reachable, seat.resting = logged_in, reachable, resting
    assert seat.resting_state() is state
    assert seat.staffed == (state is SeatState.READY)


def test_whoever_begins_anew_has_missed_nothing() -> None:
    seat = Seat("seat01", ())
    seat.reachable, seat.resting, seat.misses = True, True, 2
    seat.begin_anew()
    assert (seat.resting_state(), seat.misses) == (SeatState.READY, 0)


def test_a_seat_is_busy_while_its_telephone_or_its_record_is() -> None:
    seat = Seat("seat01", ())
    seen = [seat.busy]
    seat.leg = "c1.s1"
    seen.append(seat.busy)
    seat.leg, seat.wrapping = "", True
    seen.append(seat.busy)
    assert seen == [False, True, True]

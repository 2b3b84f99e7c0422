"""Whom a line does not take, and why."""

from __future__ import annotations

from typing import Any

import pytest

from calls.events import HoursClockShifted, HoursOverridden
from calls.requests import SeatLoggedOut, SeatPaused, WrapUpFinished
from tests.engine.city import OPEN, City
from tests.engine.conftest import MakeCity
from tests.engine.moving import moving_line

pytestmark = pytest.mark.unit

CLOSES = 7.25 * 3600  # 17:15, seconds after 10:00
LINE = {
    "type": "enqueue",
    "queue": "main",
    "full": "busy",
    "no_seats": "nobody",
    "timeout": "given_up",
    "long_wait": "web",
    "closing": "sorry",
}


def at_work(city: MakeCity, start: float, pace_s: float | None = None, **queue: Any) -> City:
    """At `start` the one operator talks; answers came every `pace_s` seconds before (None: there were none)."""
    tax: City = city(queue={"wrapup_s": 0, "ring_timeout_s": 600} | queue, nodes={"line": LINE})
    if pace_s is not None:
        moving_line(tax, start, pace_s)
    else:
        tax.waits(start, "first")
        tax.picks_up(start, "s1")
    return tax


def told(tax: City, at: float, caller: str) -> str:
    """A caller comes to the line: what he is told there, "" if he is taken in."""
    tax.waits(at, caller)
    last = next(what for _, what in reversed(tax.done(at)) if what.endswith(f" {caller}"))
    return last.split()[1] if last.startswith("play") else ""


def test_too_long_a_wait_to_be_expected(city: MakeCity) -> None:
    tax = at_work(city, 2000, pace_s=60, max_expected_wait_s=150)
    assert [told(tax, 2001, caller) for caller in ("ann", "ben", "carl")] == ["", "", "web"]


def test_not_where_it_cannot_be_foretold(city: MakeCity) -> None:
    tax = at_work(city, 2000, max_expected_wait_s=1)
    assert told(tax, 2001, "ann") == ""


def test_whoever_finds_a_free_seat_is_taken(city: MakeCity) -> None:
    limits: dict[str, Any] = {
        "max_expected_wait_s": 1,
        "max_waiting": 0,
        "last_call_s": 3600,
        "at_closing": "release",
    }
    tax = at_work(city, CLOSES - 60, **limits)
    tax.hangs_up(CLOSES - 50, "first")
    assert told(tax, CLOSES - 40, "ann") == ""
    assert told(tax, CLOSES - 39, "ben") == "closed"


def test_a_full_line_counts_more_than_a_slow_one(city: MakeCity) -> None:
    tax = at_work(city, 2000, pace_s=60, max_expected_wait_s=100, max_waiting=1)
    assert [told(tax, 2001, caller) for caller in ("ann", "ben")] == ["", "busy"]


def test_the_last_call(city: MakeCity) -> None:
    tax = at_work(city, 2000, last_call_s=600, max_waiting=1)
    assert told(tax, CLOSES - 600.1, "ann") == ""
    assert told(tax, CLOSES - 600, "ben") == "closed"  # and not `full`
    assert told(tax, CLOSES - 1, "carl") == "closed"


def test_after_the_last_call_who_can_still_be_answered_is(city: MakeCity) -> None:
    tax = at_work(city, CLOSES - 200, pace_s=60, last_call_s=600)
    assert [told(tax, CLOSES - 190, caller) for caller in ("ann", "ben", "carl", "dora")] == [
        "",
        "",
        "",
        "closed",
    ]


def test_before_the_last_call_too_where_nobody_is_served_after_closing(city: MakeCity) -> None:
    tax = at_work(city, CLOSES - 200, pace_s=60, at_closing="release")
    assert [told(tax, CLOSES - 190, caller) for caller in ("ann", "ben", "carl", "dora")] == [
        "",
        "",
        "",
        "closed",
    ]


def test_a_line_that_is_served_after_closing_takes_everybody(city: MakeCity) -> None:
    tax = at_work(city, CLOSES - 200, pace_s=60)
    assert {told(tax, CLOSES - 190, f"late{number}") for number in range(9)} == {""}


def test_the_last_call_on_the_test_clock(city: MakeCity) -> None:
    tax = at_work(city, 100, last_call_s=600)
    tax.happens(110, HoursClockShifted("tax", CLOSES - 300))
    assert told(tax, 120, "ann") == "closed"


def test_the_last_call_before_the_end_of_an_order(city: MakeCity) -> None:
    tax = at_work(city, CLOSES - 50, last_call_s=600)
    tax.happens(CLOSES - 40, HoursOverridden("tax", "open", OPEN + CLOSES + 1000, "storm", "sv01"))
    assert told(tax, CLOSES - 30, "ann") == ""
    assert told(tax, CLOSES + 401, "ben") == "closed"


def test_midnight_is_no_closing_time(city: MakeCity) -> None:
    def late(hours: dict[str, Any]) -> str:
        tax: City = city(
            queue={"last_call_s": 1200},
            hours={"weekly": hours},
            nodes={"line": LINE},
            start=OPEN + 13.9 * 3600,
        )
        tax.waits(1, "first")
        tax.picks_up(2, "s1")
        return told(tax, 3, "ann")

    assert late({"mon-sun": ["00:00-24:00"]}) == ""
    assert late({"mon-fri": ["08:30-01:00"]}) == ""
    assert late({"mon-fri": ["08:30-00:10"]}) == "closed"


def test_the_last_operator_goes_home_while_somebody_waits(city: MakeCity) -> None:
    tax = city(seats=2)
    for at, caller in ((1, "anna"), (2, "ben"), (3, "carl"), (4, "dora")):
        tax.waits(at, caller)
    tax.picks_up(5, "s1")
    tax.picks_up(5, "s2")
    tax.happens(6, SeatLoggedOut("s1"), SeatPaused("s2", "lunch"))
    tax.hangs_up(10, "anna")
    tax.hangs_up(20, "ben")
    tax.happens(21, WrapUpFinished("s2"))
    assert tax.life("carl", 5) == []  # who is on a break comes back
    tax.happens(30, SeatLoggedOut("s2"))
    tax.time_passes(59)
    assert tax.done(30) == []
    tax.waits(59, "emil")
    tax.time_passes(60.5)
    assert [tax.life(caller, 30) for caller in ("carl", "dora")] == [[(60, "IVR")]] * 2
    assert (60, "play nobody to carl") in tax.done(30)

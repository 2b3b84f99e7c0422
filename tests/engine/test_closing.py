"""Closing time, while callers wait."""

from __future__ import annotations

import datetime as dt
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from calls.events import HoursClockShifted, HoursOverridden
from tests.engine.city import OPEN, City
from tests.engine.conftest import MakeCity

pytestmark = pytest.mark.unit

CLOSES = 7.25 * 3600  # 17:15, seconds after 10:00
LINE = {
    "type": "enqueue",
    "queue": "main",
    "full": "busy",
    "no_seats": "nobody",
    "timeout": "given_up",
    "closed": "sorry",
}


def at_work(city: MakeCity, at_closing: str = "release", **fields: Any) -> City:
    """One operator, who talks from the second second on."""
    queue = {"at_closing": at_closing, "wrapup_s": 0} | fields.pop("queue", {})
    tax: City = city(queue=queue, nodes={"line": LINE} | fields.pop("nodes", {}), **fields)
    tax.waits(1, "first")
    tax.picks_up(2, "s1")
    return tax


def order(kind: Any, until: float) -> HoursOverridden:
    """Until so many seconds after the beginning."""
    return HoursOverridden("tax", kind, OPEN + until, "storm", "sv01")


def test_whoever_waits_goes_back_to_the_flow(city: MakeCity) -> None:
    tax = at_work(city)
    tax.waits(3, "ann")
    tax.waits(CLOSES - 1, "ben")
    tax.time_passes(CLOSES + 10)
    assert tax.done(CLOSES) == [
        (CLOSES, "no music to ann"),
        (CLOSES, "play closed to ann"),
        (CLOSES, "no music to ben"),
        (CLOSES, "play closed to ben"),
    ]
    tax.hangs_up(CLOSES + 11, "ann")
    assert tax.life("ann", CLOSES) == [(CLOSES, "IVR"), (CLOSES + 11, "timed_out"), (CLOSES + 11, "CLOSED")]


def test_or_is_served(city: MakeCity) -> None:
    tax = at_work(city, "serve")
    tax.waits(3, "ann")
    tax.hangs_up(CLOSES + 10, "first")
    tax.picks_up(CLOSES + 20, "s1")
    assert tax.life("ann", CLOSES)[-1] == (CLOSES + 20, "TALKING")


def test_without_a_way_of_its_own_it_is_a_wait_that_was_too_long(city: MakeCity) -> None:
    tax = at_work(city, nodes={"line": LINE | {"closed": None}})
    tax.waits(3, "ann")
    tax.time_passes(CLOSES + 10)
    assert tax.done(CLOSES)[-1] == (CLOSES, "play busy to ann")


def test_whom_a_telephone_rings_for_may_still_be_answered(city: MakeCity) -> None:
    tax = at_work(city)
    tax.waits(3, "ann")
    tax.hangs_up(CLOSES - 5, "first")
    tax.picks_up(CLOSES + 5, "s1")
    assert tax.life("ann", CLOSES)[-1] == (CLOSES + 5, "TALKING")


def test_and_is_told_if_it_rings_in_vain(city: MakeCity) -> None:
    tax = at_work(city)
    tax.waits(3, "ann")
    tax.hangs_up(CLOSES - 5, "first")
    tax.time_passes(CLOSES + 15)
    assert tax.life("ann", CLOSES) == [(CLOSES + 15, "QUEUED"), (CLOSES + 15, "IVR")]
    assert tax.done(CLOSES + 15)[-1] == (CLOSES + 15, "play closed to ann")


def test_who_comes_after_it_is_served(city: MakeCity) -> None:
    tax = at_work(city, nodes={"gate": {"type": "say", "guidance": "notice", "next": "line"}})
    tax.waits(CLOSES + 1, "ann")
    tax.time_passes(CLOSES + 3600)
    assert tax.life("ann", CLOSES)[-1] == (CLOSES + 1, "QUEUED")


def test_closed_by_order(city: MakeCity) -> None:
    tax = at_work(city)
    tax.waits(3, "ann")
    tax.happens(10, order("closed", 1000))
    assert tax.done(10) == [(10, "no music to ann"), (10, "play closed to ann")]


def test_closed_by_order_while_it_rings_and_opened_again(city: MakeCity) -> None:
    tax = at_work(city)
    tax.waits(3, "ann")
    tax.hangs_up(8, "first")
    tax.happens(10, order("closed", 1000))
    tax.happens(11, order("none", 0))
    tax.time_passes(30)
    assert tax.life("ann", 9)[0] == (28, "QUEUED")
    assert tax.life("ann", 9)[1][1] == "RINGING"


def test_open_by_order_beyond_closing_time(city: MakeCity) -> None:
    tax = at_work(city)
    tax.waits(3, "ann")
    tax.happens(10, order("open", CLOSES + 600.1))
    tax.waits(20, "ben")
    tax.time_passes(CLOSES + 601)
    for caller in ("ann", "ben"):
        ((at, state),) = tax.life(caller, 100)
        assert state == "IVR"
        assert at == pytest.approx(CLOSES + 600.1)


def test_the_end_of_an_order_within_the_hours_sends_nobody_away(city: MakeCity) -> None:
    tax = at_work(city)
    tax.happens(3, order("open", 100))
    tax.waits(4, "ann")
    tax.time_passes(CLOSES + 1)
    assert tax.life("ann", 5) == [(CLOSES, "IVR")]


def test_an_order_that_is_taken_back_after_closing_time(city: MakeCity) -> None:
    tax = at_work(city)
    tax.happens(3, order("open", CLOSES + 600))
    tax.waits(4, "ann")
    tax.happens(CLOSES + 60, order("none", 0))
    assert tax.life("ann", 5) == [(CLOSES + 60, "IVR")]


def test_a_disaster_is_no_closing_time(city: MakeCity) -> None:
    tax = at_work(city, disaster="quake", nodes={"quake": {"type": "say", "guidance": "web", "next": "bye"}})
    tax.waits(3, "ann")
    tax.happens(10, order("disaster", 1000))
    tax.time_passes(CLOSES + 1)
    assert tax.life("ann", 5) == [(CLOSES, "IVR")]


@pytest.mark.parametrize("shift", [3600.1, 3600.7, CLOSES - 100])
def test_the_test_clock(city: MakeCity, shift: float) -> None:
    tax = at_work(city)
    tax.waits(3, "ann")
    tax.happens(10, HoursClockShifted("tax", shift))
    tax.waits(20, "ben")
    tax.time_passes(CLOSES)
    times = [tax.life(caller, 50)[0][0] for caller in ("ann", "ben")]
    assert times == pytest.approx([CLOSES - shift] * 2, abs=1.001)


def test_the_test_clock_is_set_beyond_closing_time(city: MakeCity) -> None:
    tax = at_work(city)
    tax.waits(3, "ann")
    tax.happens(10, HoursClockShifted("tax", CLOSES))
    assert tax.life("ann", 5) == [(10, "IVR")]


def test_midnight_is_no_closing_time(city: MakeCity) -> None:
    tax = at_work(city, hours={"weekly": {"mon-sun": ["00:00-24:00"]}})
    tax.waits(3, "ann")
    tax.time_passes(3 * 86400)
    assert tax.life("ann", 5) == []


def test_an_hour_that_comes_twice(city: MakeCity) -> None:
    autumn = dt.datetime(2026, 10, 25, 2, 20, fold=1, tzinfo=ZoneInfo("Europe/Berlin")).timestamp()
    tax = at_work(
        city, start=autumn, timezone="Europe/Berlin", hours={"weekly": {"mon-sun": ["00:00-02:30"]}}
    )
    tax.waits(3, "ann")
    tax.time_passes(3600)
    assert tax.life("ann", 5)[0] == (600, "IVR")
    assert len(tax.entries) < 1000


def test_the_hours_are_those_with_which_he_came(city: MakeCity) -> None:
    tax = at_work(city, queue={"max_wait_s": 100})
    tax.waits(CLOSES - 50, "ann")
    tax.time_passes(CLOSES + 51)
    assert tax.life("ann", CLOSES - 40) == [(CLOSES, "IVR")]
    assert tax.engine.floor.calls[next(iter(tax.engine.floor.calls))].wait_timer is None

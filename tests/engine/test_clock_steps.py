"""The clock on the wall is set: opening hours and orders go by it, everything else by the engine's own."""

from __future__ import annotations

import pytest

from calls.events import HoursClockShifted, HoursOverridden, ProjectPublished
from calls.outages import ClockStepped
from tests.engine.callback_town import ANNA, CLOSES, OPENS, states, town, wishes
from tests.engine.city import OPEN, TAX, City, published
from tests.engine.conftest import MakeCity

pytestmark = pytest.mark.unit

HOUR = 3600.0
CLOSED = 8 * HOUR
RELEASE = {"at_closing": "release"}


def steps(tax: City, at: float, hours: float) -> None:
    """The wall shows so many hours more than the engine's clock."""
    tax.happens(at, ClockStepped(hours * HOUR))


def is_open(tax: City, at: float) -> bool:
    return tax.engine.floor.hours["tax"].status(tax.start + at).open


def test_hours_go_by_the_wall_and_a_second_step_takes_the_place_of_the_first(city: MakeCity) -> None:
    tax = city()
    steps(tax, 1, 8)
    assert not is_open(tax, 1)
    steps(tax, 2, 1)
    assert is_open(tax, 2)
    assert not is_open(tax, 6.25 * HOUR)


def test_the_test_clock_comes_on_top(city: MakeCity) -> None:
    tax = city()
    tax.happens(1, HoursClockShifted("tax", 5 * HOUR))
    steps(tax, 2, 3)
    assert not is_open(tax, 2)
    tax.happens(3, HoursClockShifted("tax", 0))
    assert is_open(tax, 3)
    assert tax.engine.floor.hours["tax"].ahead == 3 * HOUR


def test_another_version_hangs_on_the_same_wall(city: MakeCity) -> None:
    tax = city()
    steps(tax, 1, 8)
    tax.happens(2, published("tax", TAX, 1), published("gas", "0312345678", 1))
    assert not is_open(tax, 2)
    assert tax.engine.floor.hours["gas"].wall == 8 * HOUR


def test_who_waits_goes_home_at_closing_time_on_the_wall(city: MakeCity) -> None:
    tax = city(queue=RELEASE)
    tax.waits(1, "zoe")
    tax.picks_up(2, "s1")
    tax.waits(3, "anna")
    steps(tax, 10, 1)
    tax.time_passes(CLOSES - HOUR + 1)
    assert [at for at, what in tax.life("anna", since=4) if what == "IVR"] == [CLOSES - HOUR]


def test_a_step_beyond_closing_time_is_closing_time(city: MakeCity) -> None:
    tax = city(queue=RELEASE)
    tax.waits(1, "zoe")
    tax.picks_up(2, "s1")
    tax.waits(3, "anna")
    steps(tax, 10, 8)
    assert tax.life("anna", since=10)[0] == (10, "IVR")


def test_deadlines_do_not_move(city: MakeCity) -> None:
    tax = city(queue={"max_wait_s": 60})
    tax.waits(1, "zoe")
    tax.picks_up(2, "s1")
    tax.waits(3, "anna")
    steps(tax, 10, 1)
    tax.time_passes(70)
    assert tax.life("anna", since=4)[0] == (63, "IVR")


@pytest.mark.parametrize(("hours", "over"), [(0, 2), (1, 1), (-1, 3), (2, 0), (3, 0)])
def test_an_order_is_over_at_its_time_on_the_wall(city: MakeCity, hours: float, over: float) -> None:
    tax = city()
    tax.happens(0, HoursOverridden("tax", "closed", OPEN + 2 * HOUR, "", "boss"))
    steps(tax, 10, hours)
    if over:
        tax.time_passes(over * HOUR - 1)
        assert not is_open(tax, over * HOUR - 1)
        tax.time_passes(over * HOUR + 1)
    assert is_open(tax, max(10, over * HOUR + 1))


def test_an_order_that_is_given_after_the_step_is_meant_by_the_wall(city: MakeCity) -> None:
    tax = city()
    steps(tax, 0, 1)
    tax.happens(1, HoursOverridden("tax", "closed", OPEN + 2 * HOUR, "", "boss"))
    tax.time_passes(HOUR - 1)
    assert not is_open(tax, HOUR - 1)
    tax.time_passes(HOUR + 1)
    assert is_open(tax, HOUR + 1)


def test_one_that_is_over_already_by_the_wall_does_not_hold(city: MakeCity) -> None:
    tax = city()
    steps(tax, 0, 3)
    tax.happens(1, HoursOverridden("tax", "closed", OPEN + 2 * HOUR, "", "boss"))
    assert is_open(tax, 1)


def test_callbacks_begin_when_the_wall_shows_opening_time(city: MakeCity) -> None:
    tax = town(city)
    tax.happens(0, HoursOverridden("tax", "open", OPEN + 60, "", "boss"))
    wishes(tax, 1, "anna", ANNA)
    tax.happens(2, ClockStepped(CLOSED))  # 18:00: everybody has gone home, and nobody is called
    assert states(tax)[-1][1] == "waiting"
    assert tax.engine.floor.calls == {}
    tax.time_passes(OPENS - CLOSED + 1)
    assert [at for at, what in tax.life("s1", since=3) if what == "RINGING"] == [OPENS - CLOSED]


def test_the_end_of_the_day_is_that_of_the_wall(city: MakeCity) -> None:
    tax = city()
    clock = tax.engine.floor.hours["tax"]
    steps(tax, 0, 15)  # 01:00 of the next day
    assert clock.today(OPEN).day == 8
    assert clock.end_of_day(OPEN) == OPEN + 38 * HOUR


def test_a_project_that_nobody_has_yet_is_no_mistake(city: MakeCity) -> None:
    tax = city()
    tax.happens(1, ProjectPublished("tax", 1, published("tax", TAX, 1).bundle), ClockStepped(-HOUR))
    assert is_open(tax, 1)

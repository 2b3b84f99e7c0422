from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import pytest

from calls.hours import HoursStatus, OpeningHours, Span
from calls.override import Override
from engine.hours_clock import HoursClock

pytestmark = pytest.mark.unit

TEN = 1778115600.0  # 2026-05-07 10:00 in Tokyo


class Counted(OpeningHours):
    """Opening hours that count how often they are asked."""

    asked = 0

    def status(self, local: dt.datetime) -> HoursStatus:
        """The same, counted."""
        Counted.asked += 1
        return super().status(local)


def test_the_hours_are_asked_once_while_the_answer_holds() -> None:
    Counted.asked = 0
    clock = HoursClock(Counted(dict.fromkeys(range(7), (Span(510, 1035),)), ()), "Asia/Tokyo")
    seen = [clock.status(TEN + minutes * 60).open for minutes in (0, 60, 434, 434.9, 435, 500, 839.9, 1350)]
    assert seen == [True, True, True, True, False, False, False, True]
    assert Counted.asked == 3


def test_the_test_clock_reads_the_hours_at_another_time() -> None:
    clock = HoursClock(OpeningHours(dict.fromkeys(range(7), (Span(510, 1035),)), ()), "Asia/Tokyo")
    assert clock.status(TEN).open
    clock.shift = 8 * 3600.0
    assert clock.status(TEN) == HoursStatus(
        False, "after closing", dt.datetime(2026, 5, 8, tzinfo=ZoneInfo("Asia/Tokyo"))
    )
    clock.shift = 0.0
    assert clock.status(TEN).open


@pytest.mark.parametrize(
    ("spans", "at", "wanted"),
    [
        ((Span(510, 1035),), 0, 435),
        ((Span(510, 720), Span(780, 1035)), 0, 120),  # a break at noon
        ((Span(510, 720), Span(780, 1035)), 150, None),  # in it
        ((Span(510, 1500),), 0, 15 * 60),  # 01:00 of the next day
        ((Span(0, 1440),), 0, None),
    ],
)
def test_closing_time(spans: tuple[Span, ...], at: float, wanted: float | None) -> None:
    clock = HoursClock(OpeningHours(dict.fromkeys(range(7), spans), ()), "Asia/Tokyo")
    assert clock.closes(TEN + at * 60) == (None if wanted is None else TEN + wanted * 60)
    clock.shift = 600.0
    assert wanted is None or clock.closes(TEN + at * 60 - 600) == TEN + wanted * 60 - 600


def test_closing_time_by_order() -> None:
    clock = HoursClock(OpeningHours(dict.fromkeys(range(7), (Span(510, 1035),)), ()), "Asia/Tokyo")
    clock.override = Override("open", TEN + 10 * 3600, "", "")
    assert clock.closes(TEN) == TEN + 10 * 3600
    clock.override = Override("open", TEN + 3600, "", "")
    assert clock.closes(TEN) == TEN + 435 * 60
    clock.override = Override("closed", TEN + 3600, "", "")
    assert clock.closes(TEN) is None


def test_a_day_on_which_the_clocks_are_set_back() -> None:
    clock = HoursClock(OpeningHours(dict.fromkeys(range(7), (Span(60, 180),)), ()), "Europe/Berlin")
    midnight = dt.datetime(2026, 10, 25, tzinfo=ZoneInfo("Europe/Berlin")).timestamp()
    # 01:00-03:00 is three hours long on this day: 02:00-03:00 comes twice
    seen = [clock.status(midnight + hours * 3600).open for hours in (0, 0.99, 1, 2.5, 3.5, 3.99, 4.01)]
    assert seen == [False, False, True, True, True, True, False]

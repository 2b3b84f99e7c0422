"""Opening hours as plain intervals say the same as the calendar does, at every minute."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import pytest

from calls.hours import DayRange, OpeningHours, Span
from calls.override import Override
from engine.hours_clock import HoursClock
from telephony.degraded_hours import Interval, joined, moved, open_intervals, ordered

pytestmark = pytest.mark.unit

DAY, MINUTE = 86400.0, 60.0
WEEK: dict[int, tuple[Span, ...]] = {day: (Span(510, 720), Span(780, 1035)) for day in range(5)}
NIGHTS = OpeningHours(
    {day: (Span(60, 90), Span(1320, 1560)) for day in range(7)},
    countries=(),
    closed_hours={dt.date(2026, 11, 1): ((Span(70, 80), "works"),)},
)
ODD = OpeningHours(
    WEEK,
    closed_ranges=((DayRange((12, 29), (1, 3)), "New Year"),),
    closed_days={dt.date(2026, 5, 7): "works"},
    open_days={dt.date(2026, 5, 5): ((Span(600, 660),), "extra")},
    closed_hours={dt.date(2026, 5, 8): ((Span(540, 600), "drill"),)},
)


def local(zone: ZoneInfo, *day: int) -> float:
    return dt.datetime(day[0], day[1], day[2], tzinfo=zone).timestamp()


def is_open(intervals: list[Interval], at: float) -> bool:
    return any(start <= at < end for start, end in intervals)


@pytest.mark.parametrize(
    ("hours", "zone", "first", "days"),
    [
        (ODD, "Asia/Tokyo", (2026, 5, 1), 10),
        (ODD, "Asia/Tokyo", (2026, 12, 27), 9),
        (NIGHTS, "Asia/Tokyo", (2026, 10, 31), 3),
        (NIGHTS, "America/New_York", (2026, 10, 31), 4),  # clocks go back on the 1st
        (NIGHTS, "America/New_York", (2026, 3, 7), 4),  # and forward on the 8th
        (NIGHTS, "Australia/Lord_Howe", (2026, 4, 4), 3),  # by half an hour
    ],
)
def test_every_minute_is_as_the_calendar_says(
    hours: OpeningHours, zone: str, first: tuple[int, ...], days: int
) -> None:
    start = local(ZoneInfo(zone), *first)
    intervals = open_intervals(hours, ZoneInfo(zone), start, start + days * DAY)
    minutes = [start + number * MINUTE for number in range(int(days * DAY / MINUTE))]
    clock = HoursClock(hours, zone)
    assert [at for at in minutes if clock.status(at).open != is_open(intervals, at)] == []
    assert intervals == joined(intervals)


NOW = 1_779_000_000.0


@pytest.mark.parametrize(
    ("kind", "until", "at", "expected"),
    [
        ("closed", 50.0, 0.0, False),
        ("closed", 50.0, 50.0, True),
        ("open", 250.0, 120.0, True),
        ("open", 250.0, 249.0, True),
        ("open", 250.0, 250.0, False),
        ("disaster", 250.0, 120.0, False),
        ("open", -1.0, 120.0, False),
    ],
)
def test_what_was_ordered_by_hand_holds_until_its_time(
    kind: str, until: float, at: float, expected: bool
) -> None:
    order = Override(kind, NOW + until, "", "hana")  # type: ignore[arg-type]
    found = ordered([(NOW - 10, NOW + 100), (NOW + 300, NOW + 400)], order, NOW)
    assert is_open(found, NOW + at) == expected
    assert is_open(found, NOW + 350)


def test_the_test_clock_moves_them() -> None:
    assert moved([(10.0, 20.0)], -5.0) == [(5.0, 15.0)]

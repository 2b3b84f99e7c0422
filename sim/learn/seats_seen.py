"""How many seats were staffed in each half-hour."""

from __future__ import annotations

import bisect
import datetime as dt
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import NamedTuple
from zoneinfo import ZoneInfo

from calls.activity import SeatActivity
from calls.hours import OpeningHours, Span
from calls.lifecycle import SeatState
from engine.centre import Centre
from sim.arrivals import HALF_HOUR_MIN, at_minute
from sim.learn.past import Past

AWAY = frozenset({SeatState.LOGGED_OUT, SeatState.BREAK})
LEAST_SEEN_S = 60.0


class Window(NamedTuple):
    """A half-hour of one day, as far as it is open and known; `minute`: its first one of the day."""

    start: float
    end: float
    minute: int


def seats_seen(
    past: Past, centre: Centre, project: str, days: Sequence[dt.date], hours: OpeningHours, zone: ZoneInfo
) -> dict[int, float]:
    """By the first minute of each half-hour inside the hours: the mean of the seats that could serve the project.

    Who does not answer is there; who has a break is not. Only time of which anything is known counts.
    """
    windows = _windows(past, days, hours, zone)
    staffed, known = dict.fromkeys((minute for _, _, minute in windows), 0.0), Counter[int]()
    for start, end, minute in windows:
        known[minute] += round(end - start)
    for one in past.activity:
        if one.state not in AWAY and _serves(one, centre, project):
            for start, end, minute in _during(one, windows):
                staffed[minute] += one.within(start, end)
    return {minute: staffed[minute] / known[minute] for minute in sorted(staffed)}


def _windows(past: Past, days: Sequence[dt.date], hours: OpeningHours, zone: ZoneInfo) -> list[Window]:
    """Every half-hour of every day of which anything is known, in the order of time."""
    windows = []
    for day in days:
        for minute, span in _half_hours(day, hours):
            start = max(at_minute(day, span.start, zone), past.heard_from)
            end = min(at_minute(day, span.end, zone), past.heard_until)
            if end - start >= LEAST_SEEN_S:
                windows.append(Window(start, end, minute))
    return windows


def _during(one: SeatActivity, windows: list[Window]) -> Iterator[Window]:
    """The half-hours in which it went on."""
    at = bisect.bisect_right(windows, one.began, key=lambda window: window.end)
    while at < len(windows) and (one.ended is None or windows[at].start < one.ended):
        yield windows[at]
        at += 1


def _half_hours(day: dt.date, hours: OpeningHours) -> Iterator[tuple[int, Span]]:
    """The half-hours of a day by their first minute, each with its part inside the hours."""
    for span in hours.day(day)[0]:
        for minute in range(span.start // HALF_HOUR_MIN * HALF_HOUR_MIN, span.end, HALF_HOUR_MIN):
            yield minute, Span(max(minute, span.start), min(minute + HALF_HOUR_MIN, span.end))


def _serves(one: SeatActivity, centre: Centre, project: str) -> bool:
    plan = centre.plans.get(one.seat)
    return plan is None or project in centre.projects_at(plan, centre.people.get(one.operator))

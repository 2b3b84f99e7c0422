"""When callers dial. All arrivals but those of a file are Poisson; the rate may change over the day."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import NamedTuple
from zoneinfo import ZoneInfo

import numpy as np

from calls.hours import DAY_MIN, WEEKDAYS, OpeningHours, Span
from sim.randomness import Numbers, Sampler, Stream, one_by_one

HALF_HOUR_MIN = 30
LONGEST_SILENCE_DAYS = 400


class Segment(NamedTuple):
    """From `start` to `end` (seconds since 1970 UTC) callers come at `rate` per second."""

    start: float
    end: float
    rate: float


class DaySpan(NamedTuple):
    """A part of a day with the calls expected in it."""

    span: Span
    calls: float


DayPlan = Callable[[dt.date], list[DaySpan]]


class NoArrivalsError(Exception):
    """The scenario has no day on which anybody would call."""


def poisson(segments: Iterable[Segment], stream: Stream) -> Iterator[float]:
    """Arrival times of a Poisson process, in their order: a process of rate 1, stretched to the rate."""
    points = _unit_process(stream)
    point, mass = next(points), 0.0
    for start, end, rate in segments:
        top = mass + rate * (end - start)
        while point <= top:
            yield start + (point - mass) / rate
            point = next(points)
        mass = top


def _unit_process(stream: Stream) -> Iterator[float]:
    last = 0.0

    def block() -> Numbers:
        nonlocal last
        points = last + np.cumsum(stream.exponentials())
        last = float(points[-1])
        return points

    return one_by_one(block)


def steady(start: float, per_hour: float) -> Iterator[Segment]:
    """The same rate for ever."""
    if per_hour <= 0:
        raise NoArrivalsError("nobody calls: `per_hour` is 0")
    yield Segment(start, float("inf"), per_hour / 3600)


def daily(first: dt.date, last: dt.date | None, zone: ZoneInfo, plan: DayPlan) -> Iterator[Segment]:
    """The segments of each day from `first` to `last` (both included; None: without end).

    Raises NoArrivalsError where an endless plan has no caller in more than a year.
    """
    day, silent = first, 0
    while last is None or day <= last:
        segments = [_segment(day, part, zone) for part in plan(day) if part.calls > 0]
        yield from segments
        silent = 0 if segments else silent + 1
        if last is None and silent > LONGEST_SILENCE_DAYS:
            raise NoArrivalsError(
                f"nobody calls for {silent} days after {day}; see `arrivals` and the opening hours"
            )
        day += dt.timedelta(days=1)


def at_minute(day: dt.date, minute: int, zone: ZoneInfo) -> float:
    """Seconds since 1970 UTC of a minute (0-1440) of a local day."""
    local = dt.datetime(day.year, day.month, day.day, tzinfo=zone) + dt.timedelta(minutes=minute)
    return local.timestamp()


def _segment(day: dt.date, part: DaySpan, zone: ZoneInfo) -> Segment:
    start, end = (at_minute(day, minute, zone) for minute in part.span)
    return Segment(start, end, part.calls / (end - start))


# ---- what a day brings


def hourly_plan(per_hour: float, hours: OpeningHours) -> DayPlan:
    """So many an hour, while the hours are open."""
    return lambda day: [DaySpan(span, per_hour * (span.end - span.start) / 60) for span in hours.day(day)[0]]


def half_hour_plan(calls: dict[int, float], hours: OpeningHours) -> DayPlan:
    """So many in each half-hour that is named (by its first minute), on every day that is open at all.

    Half-hours outside the opening hours are callers who hear the flow of the closed hours.
    """
    parts = _half_hours(calls)
    return lambda day: parts if hours.day(day)[0] else []


def weekday_plan(calls: dict[str, float], hours: OpeningHours, profile: dict[int, float]) -> DayPlan:
    """So many on each weekday that is open, spread by the profile, or evenly over the opening hours of that day."""

    def plan(day: dt.date) -> list[DaySpan]:
        total = calls.get(WEEKDAYS[day.weekday()], 0.0)
        return spread(total, day, hours, profile) if hours.day(day)[0] else []

    return plan


def date_plan(calls: dict[dt.date, float], hours: OpeningHours, profile: dict[int, float]) -> DayPlan:
    """So many on each date, spread by the profile; without one evenly over the opening hours, if there are any."""
    return lambda day: spread(calls[day], day, hours, profile) if day in calls else []


def spread(total: float, day: dt.date, hours: OpeningHours, profile: dict[int, float]) -> list[DaySpan]:
    """The calls of one day, by the weights of the profile (by their first minutes; empty: evenly while it is open)."""
    if profile:
        whole = sum(profile.values())
        return _half_hours({minute: total * weight / whole for minute, weight in profile.items()})
    spans = hours.day(day)[0]
    minutes = sum(span.end - span.start for span in spans)
    return [DaySpan(span, total * (span.end - span.start) / minutes) for span in spans]


def burst_plan(at: dt.datetime, minutes: int, calls: float) -> DayPlan:
    """So many in the minutes after a local time, evenly, also beyond midnight."""
    start = at.hour * 60 + at.minute

    def plan(day: dt.date) -> list[DaySpan]:
        moved = start + DAY_MIN * (at.date() - day).days
        span = Span(max(0, moved), min(DAY_MIN, moved + minutes))
        length = span.end - span.start
        return [DaySpan(span, calls * length / minutes)] if length > 0 else []

    return plan


def together(plans: Sequence[DayPlan]) -> DayPlan:
    """Everybody who calls by one of some plans. The sum of Poisson streams is one, with the sum of the rates."""
    if len(plans) == 1:
        return plans[0]
    return lambda day: _merged([part for plan in plans for part in plan(day)])


def varied(plan: DayPlan, factor: Sampler) -> DayPlan:
    """The same with a factor for each day: it has to be asked for the days one by one, in their order."""

    def busier(day: dt.date) -> list[DaySpan]:
        by = factor()
        return [DaySpan(span, calls * by) for span, calls in plan(day)]

    return busier


def _half_hours(calls: dict[int, float]) -> list[DaySpan]:
    return [DaySpan(Span(minute, minute + HALF_HOUR_MIN), calls[minute]) for minute in sorted(calls)]


def _merged(parts: list[DaySpan]) -> list[DaySpan]:
    edges = sorted({edge for part in parts for edge in part.span})
    return [
        DaySpan(Span(start, end), sum(_inside(part, start, end) for part in parts))
        for start, end in itertools.pairwise(edges)
    ]


def _inside(part: DaySpan, start: int, end: int) -> float:
    """The calls of a part that fall into minutes which lie either inside or outside of it."""
    (first, last), calls = part
    return calls * (end - start) / (last - first) if first <= start and end <= last else 0.0

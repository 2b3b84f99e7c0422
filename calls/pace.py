"""Where a promise stands at a moment, and when the day breaks at the pace of the last hour. Closed forms.

A day "breaks" when so many of its calls are lost that the rate of the period up to the end of this day falls below the
promise, even if every later call of the day is answered. The days that follow are taken to keep the promise by
themselves, no more and no less; so a day may lose its own share and what earlier days have left.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from calls.budget import NOBODY, Counts, Period, allowed, exact

HALF_HOUR_S = 1800.0
LOOKS_BACK_S = 3600.0
"""The pace is that of the last hour, from the beginning of the half-hour in which it begins."""
SOONEST_S = 600.0
"""In so many seconds from opening on nobody can tell a pace."""

Spans = Sequence[tuple[float, float]]
"""When it is open today: [start, end) in seconds since 1970 UTC, in order."""


class HalfHour(NamedTuple):
    """The calls that arrived in the half-hour from `start` (seconds since 1970 UTC) on."""

    start: float
    counts: Counts


class Standing(NamedTuple):
    """A period at a moment `at`: its calls on all other days so far, and those of today.

    `today`: every half-hour since midnight, in order, the last one being that of `at`.
    """

    at: float
    period: Period
    before: Counts
    today: tuple[HalfHour, ...]

    @property
    def so_far(self) -> Counts:
        """The calls of today."""
        return sum((half_hour.counts for half_hour in self.today), NOBODY)

    @property
    def total(self) -> Counts:
        """The calls of the period."""
        return self.before + self.so_far


class Pace(NamedTuple):
    """How the day goes on if it goes on like this. `counted_per_hour`, `lost_per_hour`: None where it is too early.

    `expected_more`: counted calls still to come today; `may_lose`: how many of them may be lost (negative: the day is
    broken). `breaks_at`: when it breaks (seconds since 1970 UTC), None where it does not; not later than now: the
    beginning of the half-hour in which it broke.
    """

    counted_per_hour: float | None
    lost_per_hour: float | None
    expected_more: int
    may_lose: int
    breaks_at: float | None


def pace(standing: Standing, spans: Spans) -> Pace:
    """The day at the pace of the last hour; with `spans` the opening hours of today."""
    recent, seconds = _recent(standing, spans)
    left = open_s(spans, standing.at, float("inf"))
    value = exact(standing.period.promise)
    if seconds < SOONEST_S:
        may_lose = allowed(standing.total, value)
        return Pace(None, None, 0, may_lose, _broke_at(standing, may_lose))
    counted, lost = recent.counted / seconds, recent.lost / seconds
    more = round(counted * left)
    may_lose = allowed(standing.total, value, more)
    breaks_at = _broke_at(standing, may_lose)
    if may_lose >= 0 and lost * left >= may_lose + 1:
        breaks_at = _after(spans, standing.at, (may_lose + 1) / lost)
    return Pace(3600 * counted, 3600 * lost, more, may_lose, breaks_at)


def _recent(standing: Standing, spans: Spans) -> tuple[Counts, float]:
    """The calls of the last hour, and for how many seconds of it the project was open."""
    since = standing.at - LOOKS_BACK_S - HALF_HOUR_S
    recent = [half_hour for half_hour in standing.today if half_hour.start > since]
    if not recent:
        return NOBODY, 0.0
    counts = sum((half_hour.counts for half_hour in recent), NOBODY)
    return counts, open_s(spans, recent[0].start, standing.at)


def _broke_at(standing: Standing, may_lose: int) -> float | None:
    """The half-hour in which the losses of today became too many, if they are."""
    over = -may_lose
    if over <= 0:
        return None
    for half_hour in reversed(standing.today):
        over -= half_hour.counts.lost
        if over <= 0:
            return half_hour.start
    return standing.today[0].start if standing.today else standing.at


def open_s(spans: Spans, start: float, end: float) -> float:
    """The seconds of [start, end) in which it is open."""
    return sum(max(0.0, min(end, last) - max(start, first)) for first, last in spans)


def _after(spans: Spans, at: float, seconds: float) -> float:
    """The moment at which it has been open for so many more seconds."""
    for first, last in spans:
        here = open_s([(first, last)], at, last)
        if here >= seconds:
            return max(at, first) + seconds
        seconds -= here
    return spans[-1][1] if spans else at

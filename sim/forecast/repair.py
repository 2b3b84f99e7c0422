"""The cheapest repair of a day: how many more seats, and from when on, so that the promise holds after all."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import NamedTuple

from sim.arrivals import HALF_HOUR_MIN
from sim.forecast import HALF_HOURS, Day, Extra, Rest
from sim.run import rare_collection

MOST_SEATS = 32
"""More than so many nobody can call in on the same day."""


class Repair(NamedTuple):
    """`seats` more from `at` (seconds since 1970 UTC) on; `kept_share`: of the replications that keep it with them."""

    seats: int
    at: float
    kept_share: float


class NoRepair(NamedTuple):
    """No repair is possible: with as many as `seats` more from `at` on, so many replications keep the promise."""

    seats: int
    at: float
    kept_share: float


def repair(
    day: Day, times: int, probability: float = 0.9, most: int = MOST_SEATS
) -> Repair | NoRepair | None:
    """The least number of seats, and for these the latest half-hour, that keep the promise with a probability.

    They stay until everybody goes home. None where it is too late to begin. It is taken that more seats, and earlier
    ones, never keep it worse; the replications have the same callers, so that they hardly ever do. Both are found
    by halving: about 2 log2(most) + log2(half-hours left) plans are simulated, each at most `times` times.
    """
    starts, end = _starts(day)
    if not starts:
        return None
    search = _Search(day, times, math.ceil(probability * times - 1e-9), end)
    with rare_collection():
        return _cheapest(day, search, starts, most)


def _cheapest(day: Day, search: _Search, starts: list[int], most: int) -> Repair | NoRepair:
    top = _growing(search, starts[0], most)
    if top is None:
        return NoRepair(most, day.moment(starts[0]), search.share(most, starts[0]))
    seats = _least(search, starts[0], top // 2 + 1, top)
    start = _latest(search, seats, starts)
    return Repair(seats, day.moment(start), search.share(seats, start))


class _Search:
    """Which plans are enough; each is simulated until that is certain, and none of its replications twice."""

    def __init__(self, day: Day, times: int, needed: int, end: int) -> None:
        self._day = day
        self._times = times
        self._needed = needed
        self._end = end
        self._running: dict[Extra, Iterator[Rest]] = {}
        self._done: dict[Extra, list[bool]] = {}

    def enough(self, seats: int, start: int) -> bool:
        """Whether so many replications keep the promise with more seats from a minute of the day on."""
        extra = Extra(seats, start, self._end)
        done = self._done.setdefault(extra, [])
        while sum(done) < self._needed <= sum(done) + self._times - len(done):
            done.append(self._next(extra))
        return sum(done) >= self._needed

    def share(self, seats: int, start: int) -> float:
        """The share of all replications that keep the promise."""
        extra = Extra(seats, start, self._end)
        done = self._done.setdefault(extra, [])
        while len(done) < self._times:
            done.append(self._next(extra))
        return sum(done) / self._times

    def _next(self, extra: Extra) -> bool:
        if extra not in self._running:
            self._running[extra] = self._day.replications(extra)
        return next(self._running[extra]).kept


def _starts(day: Day) -> tuple[list[int], int]:
    """The half-hours of today that are still to begin while it is open, and the minute at which the last one ends."""
    spans = day.spans()
    now = day.local()
    later = [minute for minute in HALF_HOURS if minute >= now.hour * 60 + now.minute]
    starts = [
        minute
        for minute in later
        if any(span.start < minute + HALF_HOUR_MIN and minute < span.end for span in spans)
    ]
    return starts, starts[-1] + HALF_HOUR_MIN if starts else 0


def _growing(search: _Search, start: int, most: int) -> int | None:
    """A number of seats that is enough, half of it not being so: 1, 2, 4, ... up to `most`; None: none is."""
    seats = 1
    while not search.enough(seats, start):
        if seats >= most:
            return None
        seats = min(2 * seats, most)
    return seats


def _least(search: _Search, start: int, low: int, high: int) -> int:
    """The least number from `low` to `high` that is enough; `high` is."""
    while low < high:
        middle = (low + high) // 2
        if search.enough(middle, start):
            high = middle
        else:
            low = middle + 1
    return high


def _latest(search: _Search, seats: int, starts: list[int]) -> int:
    """The latest of the half-hours from which so many seats are enough; from the first they are."""
    low, high = 0, len(starts) - 1
    while low < high:
        middle = (low + high + 1) // 2
        if search.enough(seats, starts[middle]):
            low = middle
        else:
            high = middle - 1
    return starts[low]

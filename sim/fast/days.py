"""Many days of one plan at once, for whoever searches for seats: thousands of days a second.

    days = draw_days({540: 40.0, 570: 55.0}, handle, patience=patience, wrapup=wrapup, seed=1, times=200)
    tally = answer_rates(days, {540: 12, 570: 14}, ring=3.0)
    tally.answered.sum() / tally.offered.sum()          # over all days
    tally.answered.sum(axis=1) / tally.offered.sum(axis=1)   # of each day: does it keep its promise?
    tally.answered.sum(axis=0) / tally.offered.sum(axis=0)   # of each of the 48 half-hours

`draw_days` decides by chance who calls and what each of them will do; `answer_rates` is then asked of any number of
staffings, with the same callers each time (common random numbers: two staffings differ by nothing but the seats).
The rules are the engine's for one queue, first come first served: a seat whose shift ends finishes its call and its
record, who stands in the line when the next shift comes is taken over, and half a minute after the last seat is empty
whoever still waits is sent away. What it knows nothing of: guidance before the queue (give arrivals as they reach the
queue), limits of the queue, second queues, redials. The real engine has the last word.

One evaluation takes about 0.1 microseconds for each call, and 0.1 ms for each day; without numba, some 5 microseconds
for each call.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.distributions import Duration
from sim.fast.draws import draw
from sim.fast.floor import ABANDONED, ANSWERED
from sim.fast.loops import Change, run_floor
from sim.randomness import Numbers, Stream

HALF_HOURS, HALF_HOUR_S = 48, 1800.0
Counts = NDArray[np.int64]


class Days(NamedTuple):
    """Callers of many independent days, one day after another: day k is [first[k] : first[k + 1]].

    `at`: when each reaches the queue (seconds from midnight). `talk`, `patience` (None: for ever) and `wrapup`
    (None: there is none; the k-th is that of the talk that is the k-th to end) in seconds.
    """

    first: Counts
    at: Numbers
    talk: Numbers
    patience: Numbers | None
    wrapup: Numbers | None


class Tally(NamedTuple):
    """Calls by day and half-hour of arrival (days x 48): all, answered, and given up within `short_s` seconds.

    `wait_s`: the waits of all, in seconds.
    """

    offered: Counts
    answered: Counts
    short: Counts
    wait_s: Numbers


def draw_days(
    expected: Mapping[int, float],
    handle: Duration,
    *,
    patience: Duration | None = None,
    wrapup: Duration | None = None,
    seed: int = 1,
    times: int = 100,
    factors: Numbers | None = None,
    seen: Mapping[str, Sequence[float]] | None = None,
) -> Days:
    """Callers of `times` days: Poisson, with `expected` calls in each half-hour (by its first minute).

    `factors`: of each day, what its expected calls are multiplied with. `seen`: numbers of empirical files, by
    "handle", "patience", "wrapup".
    """
    masses = np.array([expected.get(30 * number, 0.0) for number in range(HALF_HOURS)], dtype=np.float64)
    days = np.full(times, 1.0) if factors is None else factors
    edges = np.concatenate(([0.0], np.cumsum(np.outer(days, masses).ravel())))
    points = _unit_process(Stream(seed, "staff-arrivals"), edges[-1])
    # A half-hour without calls has no width in mass, and no point falls into it.
    half_hour = np.searchsorted(edges, points, side="left") - 1
    inside = (points - edges[half_hour]) / (edges[half_hour + 1] - edges[half_hour])
    at = (half_hour % HALF_HOURS + inside) * HALF_HOUR_S
    first = np.searchsorted(half_hour, np.arange(times + 1) * HALF_HOURS)
    given = {"handle": handle, "patience": patience, "wrapup": None if wrapup and wrapup.nothing else wrapup}
    talk, waits, writes = (
        None
        if what is None
        else draw(what, Stream(seed, f"staff-{name}"), len(at), (seen or {}).get(name, ()))
        for name, what in given.items()
    )
    assert talk is not None  # `handle` is always given
    return Days(first.astype(np.int64), at, talk, waits, writes)


def _unit_process(stream: Stream, until: float) -> Numbers:
    points, last = [np.zeros(0)], 0.0
    while last <= until:
        points.append(last + np.cumsum(stream.exponentials()))
        last = float(points[-1][-1])
    every = np.concatenate(points)
    return every[every <= until]


def answer_rates(
    days: Days, seats: Mapping[int, int], *, ring: float = 0.0, lines: int = 0, short_s: float = 0.0
) -> Tally:
    """All days with so many seats in each half-hour (by its first minute; none where it is not named).

    `ring`: how long each telephone rings (seconds). `lines`: of the trunk (0: no limit).
    """
    changes = seat_changes(seats)
    counted = [_one_day(days, day, changes, ring, lines, short_s) for day in range(len(days.first) - 1)]
    return Tally(*(np.stack(rows) for rows in zip(*counted, strict=True)))


def _one_day(
    days: Days, day: int, changes: Sequence[Change], ring: float, lines: int, short_s: float
) -> Tally:
    part = slice(days.first[day], days.first[day + 1])
    at = days.at[part]
    found = run_floor(
        at,
        days.talk[part],
        None if days.patience is None else days.patience[part],
        changes,
        wrapups=None if days.wrapup is None else days.wrapup[part],
        ring=ring,
        lines=lines,
    )
    when = (at // HALF_HOUR_S).astype(np.int64)
    answered, short = found.codes == ANSWERED, (found.codes == ABANDONED) & (found.waits < short_s)
    return Tally(
        np.bincount(when, minlength=HALF_HOURS),
        np.bincount(when[answered], minlength=HALF_HOURS),
        np.bincount(when[short], minlength=HALF_HOURS),
        np.bincount(when, found.waits, minlength=HALF_HOURS).astype(np.float64),
    )


def seat_changes(seats: Mapping[int, int]) -> list[Change]:
    """Who logs in and out on a day: always the seats with the highest numbers, like `sim.shifts`."""
    changes, here = list[Change](), 0
    for number in range(HALF_HOURS):
        there = seats.get(30 * number, 0)
        at = number * HALF_HOUR_S
        changes += [Change(at, seat, True) for seat in range(here, there)]
        changes += [Change(at, seat, False) for seat in range(there, here)]
        here = there
    return changes

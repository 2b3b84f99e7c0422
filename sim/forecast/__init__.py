"""The rest of a day, simulated from a moment on: when it breaks, and how sure that is.

What has happened is taken as it was: the calls of the period that are counted already, and when today's callers came.
The line as it stands now is rebuilt by sending the callers of the last hour through the engine once more; from now on
callers come as the scenario says (see `day_so_far`). Replication i has the same callers whatever the seats are, so that
two plans differ by nothing but their seats.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from itertools import islice
from typing import NamedTuple
from zoneinfo import ZoneInfo

from calls.budget import NOBODY, Counts, counts_so, exact
from calls.hours import Span
from calls.journal import Entry
from calls.lifecycle import Outcome
from calls.pace import Standing
from ivr.project import Project
from sim.arrivals import HALF_HOUR_MIN, at_minute
from sim.counting.figures import Figures
from sim.forecast.day_so_far import callers
from sim.many.replications import with_seed
from sim.run import Run, rare_collection
from sim.scenario import Scenario
from sim.scenario.project import project_of
from sim.scenario.seats import SeatsPlan, Shift
from sim.scenario.words import clock
from sim.scenario.words import minute as minute_of
from sim.world import World, build

HALF_HOURS = range(0, 24 * 60, HALF_HOUR_MIN)


class Rest(NamedTuple):
    """One replication of the rest of the day.

    `counts`: of the `ended` calls that end from now on. `kept`: whether the period holds at the end of the day.
    `breaks_at`: when the day breaks (seconds since 1970 UTC), None where it does not; now where it is broken already.
    """

    counts: Counts
    ended: int
    kept: bool
    breaks_at: float | None


class Extra(NamedTuple):
    """More seats than planned, from one minute of the day (0-1440) to another."""

    seats: int
    start: int
    end: int


@dataclass(frozen=True)
class Day:
    """A day to be simulated from `standing.at` on. `came`: when its callers came so far (None: as in the scenario)."""

    scenario: Scenario
    standing: Standing
    came: tuple[float, ...] | None = None

    def replications(self, extra: Extra | None = None) -> Iterator[Rest]:
        """One after the other, without end. Raises ConfigurationError or NoArrivalsError."""
        scenario = (
            self.scenario if extra is None else with_more_seats(self.scenario, self.local().date(), extra)
        )
        day = self.local().date()
        world = build(scenario.model_copy(update={"first": day, "last": day, "calls": None}))
        number = 0
        while True:
            yield self._rest(replace(world, scenario=with_seed(world.scenario, number)))
            number += 1

    @cached_property
    def project(self) -> Project:
        """Whose day it is."""
        return project_of(self.scenario)

    def local(self) -> dt.datetime:
        """The moment on the project's clock."""
        return dt.datetime.fromtimestamp(self.standing.at, ZoneInfo(self.project.timezone))

    def spans(self) -> tuple[Span, ...]:
        """The opening hours of the day; a bare queue is open day and night."""
        return self.project.opening_hours().day(self.local().date())[0]

    def moment(self, minute: int) -> float:
        """When a minute of the day is, in seconds since 1970 UTC."""
        return at_minute(self.local().date(), minute, ZoneInfo(self.project.timezone))

    def _rest(self, world: World) -> Rest:
        at = self.standing.at
        seen = callers(world, at, self.came)
        return judged(self.standing, _ends(replace(world, seen=seen), at))


class Ending(NamedTuple):
    """A call that has ended at a time (seconds since 1970 UTC), and what it is to the promise."""

    at: float
    counts: Counts


def judged(standing: Standing, ends: Sequence[Ending]) -> Rest:
    """What the calls that are still to end, in their order, make of a day."""
    counts = sum((end.counts for end in ends), NOBODY)
    total = standing.total + counts
    left = math.floor((1 - exact(standing.period.promise)) * total.counted) - standing.total.lost
    if left < 0:
        return Rest(counts, len(ends), False, standing.at)
    lost = [end.at for end in ends if end.counts.lost]
    return Rest(counts, len(ends), len(lost) <= left, lost[left] if len(lost) > left else None)


def _ends(world: World, since: float) -> list[Ending]:
    """The calls that end from a time on, in their order."""
    promise, found, now = world.project.promise, list[Ending](), 0.0
    counts = lru_cache(maxsize=1024)(lambda outcome, wait: counts_so(promise, outcome, wait))

    def ended(outcome: Outcome, arrived_at: float, wait: float | None) -> None:
        # Only whether a wait is a short one makes a difference to the promise.
        told = None if wait is None else min(wait, promise.short_abandon_s)
        if now >= since:
            found.append(Ending(now, counts(outcome, told)))

    notes = Figures(ended).notes

    def watch(entry: Entry) -> None:
        nonlocal now
        now = entry.at
        for command in entry.commands:
            note = notes.get(type(command))
            if note is not None:
                note(command, now)

    Run(world, watch).to_the_end()
    return found


def with_more_seats(scenario: Scenario, day: dt.date, extra: Extra) -> Scenario:
    """The scenario with more seats on one day: a shift more, or more in each half-hour in which anybody is there."""
    seats = scenario.seats
    if not isinstance(seats, int) and seats.shifts is not None:
        hours = {"from": clock(extra.start), "to": clock(extra.end)}
        shift = Shift.model_validate({"seats": extra.seats, "dates": [day]} | hours)
        return scenario.model_copy(update={"seats": SeatsPlan(shifts=(*seats.shifts, shift))})
    planned = _planned(scenario, day)
    nobody = not any(planned.values())  # then they are alone
    more = {
        clock(minute): count + (extra.seats if (count or nobody) and extra.start <= minute < extra.end else 0)
        for minute, count in planned.items()
    }
    return scenario.model_copy(update={"seats": SeatsPlan(by_date={day: more})})


def _planned(scenario: Scenario, day: dt.date) -> dict[int, int]:
    """The seats of every half-hour of a day, by its first minute; not of a plan of shifts."""
    seats = scenario.seats
    if isinstance(seats, int):
        return dict.fromkeys(HALF_HOURS, seats)
    named = (seats.by_date or {}).get(day, {}) if seats.by_half_hour is None else seats.by_half_hour
    return dict.fromkeys(HALF_HOURS, 0) | {minute_of(time): count for time, count in named.items()}


@dataclass(frozen=True)
class Forecast:
    """The rest of the day, of so many replications.

    `breaks_at`: quantiles 10, 50 and 90 % of when the day breaks (seconds since 1970 UTC); None where it does not break
    in so many of them. `kept_share`: of the replications in which the period holds at the end of the day. `expected`:
    the mean of the calls that count and are still to end today, `counting` being their share of all that are; `rate`:
    the mean rate of the period at the end of the day, None where nobody ever counts.
    """

    times: int
    kept_share: float
    breaks_at: tuple[float | None, float | None, float | None]
    expected: float
    counting: float
    rate: float | None


def forecast(day: Day, times: int) -> Forecast:
    """The day as it is planned. Raises ConfigurationError or NoArrivalsError where it cannot be run."""
    with rare_collection():
        rests = list(islice(day.replications(), times))
    ends = sorted(math.inf if rest.breaks_at is None else rest.breaks_at for rest in rests)
    early, median, late = (_quantile(ends, share) for share in (0.1, 0.5, 0.9))
    rates = [rate for rest in rests if (rate := (day.standing.total + rest.counts).rate) is not None]
    counted, ended = (sum(rest.counts.counted for rest in rests), sum(rest.ended for rest in rests))
    return Forecast(
        times,
        sum(rest.kept for rest in rests) / times,
        (early, median, late),
        counted / times,
        counted / ended if ended else 1.0,
        sum(rates) / len(rates) if rates else None,
    )


def _quantile(ordered: Sequence[float], share: float) -> float | None:
    """The least value that so many of them are not above; None: it does not come."""
    value = ordered[max(0, math.ceil(share * len(ordered)) - 1)]
    return value if math.isfinite(value) else None

"""What a scenario expects on average, without any simulation: calls by the half-hour, and the length of a talk."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple
from zoneinfo import ZoneInfo

from sim import observed
from sim.arrivals import HALF_HOUR_MIN, LONGEST_SILENCE_DAYS, DayPlan, NoArrivalsError
from sim.demand import expected_plan
from sim.distributions import Duration
from sim.scenario import Scenario
from sim.scenario.project import project_of


class HalfHour(NamedTuple):
    """The calls expected in the half-hour of a local day that begins at `minute` (0-1410)."""

    day: dt.date
    minute: int
    calls: float


def expected_calls(scenario: Scenario) -> list[HalfHour]:
    """The calls of each half-hour of each day in which any are expected, in their order.

    Day factors are 1 and nobody tries again. Of a file its own calls are counted. Where a scenario ends after so many
    `calls`, so does this. Raises ConfigurationError or sim.arrivals.NoArrivalsError where it cannot be run.
    """
    project = project_of(scenario)
    zone = ZoneInfo(project.timezone)
    if scenario.arrivals.file is not None:
        return _counted(scenario, zone)
    plan = expected_plan(scenario.arrivals, project.opening_hours())
    return list(_first_calls(_half_hours(scenario, plan), scenario.calls))


def handle_mean(scenario: Scenario) -> float:
    """The mean of a talk (seconds), over all classes of inquiry; wrap-up is not in it."""
    handle = scenario.handle
    rest = 1 - sum(one.share for one in handle.classes.values())
    means = [one.share * duration_mean(scenario, one) for one in handle.classes.values()]
    return sum(means) + max(rest, 0.0) * duration_mean(scenario, handle)


def wrapup_mean(scenario: Scenario) -> float:
    """The mean of a wrap-up (seconds), over all classes of inquiry, before the project's own limit."""
    classes = scenario.handle.classes.values()
    rest = 1 - sum(one.share for one in classes if one.wrapup is not None)
    means = [one.share * duration_mean(scenario, one.wrapup) for one in classes if one.wrapup is not None]
    return sum(means) + max(rest, 0.0) * duration_mean(scenario, scenario.wrapup)


def duration_mean(scenario: Scenario, duration: Duration) -> float:
    """The mean of any duration of a scenario (seconds), its file read if it names one."""
    seen = observed.durations(scenario.find(duration.file)) if duration.file else ()
    return duration.average(seen)


def _half_hours(scenario: Scenario, plan: DayPlan) -> Iterator[HalfHour]:
    day, last, silent = scenario.start, scenario.end, 0
    while last is None or day <= last:
        found: dict[int, float] = {}
        for (start, end), calls in plan(day):
            for first in range(start - start % HALF_HOUR_MIN, end if calls > 0 else 0, HALF_HOUR_MIN):
                inside = min(end, first + HALF_HOUR_MIN) - max(start, first)
                found[first] = found.get(first, 0.0) + calls * inside / (end - start)
        yield from (HalfHour(day, first, calls) for first, calls in sorted(found.items()))
        silent = 0 if found else silent + 1
        if last is None and silent > LONGEST_SILENCE_DAYS:
            raise NoArrivalsError(f"nobody calls for {silent} days after {day}; see `arrivals`")
        day += dt.timedelta(days=1)


def _first_calls(half_hours: Iterator[HalfHour], calls: int | None) -> Iterator[HalfHour]:
    """Up to so many calls; None: all."""
    left = float("inf") if calls is None else float(calls)
    for one in half_hours:
        yield one._replace(calls=min(one.calls, left))
        left -= one.calls
        if left <= 0:
            return


def _counted(scenario: Scenario, zone: ZoneInfo) -> list[HalfHour]:
    times = observed.arrivals(scenario.find(str(scenario.arrivals.file)), zone)
    found: Counter[tuple[dt.date, int]] = Counter()
    for time in observed.inside(times, scenario.first, scenario.last, zone)[: scenario.calls]:
        local = dt.datetime.fromtimestamp(time, zone)
        minute = local.hour * 60 + local.minute
        found[local.date(), minute - minute % HALF_HOUR_MIN] += 1
    return [HalfHour(day, minute, float(calls)) for (day, minute), calls in sorted(found.items())]

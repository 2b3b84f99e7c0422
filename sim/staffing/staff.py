"""What `denwaban staff` finds out: seats for each half-hour, checked by the real engine."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sim.expectation import expected_calls
from sim.many.replications import replicate
from sim.run import run
from sim.scenario import Scenario
from sim.scenario.words import clock
from sim.show.progress import progress
from sim.staffing.need import Need, NothingToStaffError, needs, period_of
from sim.staffing.pilot import Pilot, pilot
from sim.staffing.quick import Quick, manner
from sim.staffing.search import Checked, Search, Wish
from sim.staffing.seat_plan import SeatPlan
from sim.staffing.shrinkage import to_schedule
from sim.staffing.trial import Simulate, Summary, half_hour_rates
from sim.world import World, build

FEW = 2
"""So few months are simulated here: to start processes takes as long."""


class UnreachableError(Exception):
    """No number of seats keeps the promise of a period; `best`: the rate with a seat for everybody."""

    def __init__(self, period: str, promise: float, best: float, reasons: list[str]) -> None:
        told = f"the promise of {promise:.1%} ({period}) cannot be kept with any number of seats"
        super().__init__("\n".join([f"{told}: the best that can be reached is {best:.2%}", *reasons]))
        self.period, self.promise, self.best, self.reasons = period, promise, best, reasons

    def told(self) -> dict[str, Any]:
        """For JSON."""
        reasons = [reason.strip() for reason in self.reasons]
        return {"period": self.period, "promise": self.promise, "best": self.best, "reasons": reasons}


@dataclass(frozen=True)
class Staffing:
    """The plan with all that led to it."""

    scenario: Scenario
    need: Need
    pilot: Pilot
    wish: Wish
    search: Search
    checked: Checked

    @property
    def plan(self) -> SeatPlan:
        """Seats by half-hour."""
        return self.checked.plan


def dated(scenario: Scenario) -> Scenario:
    """The scenario with its last day. Raises NothingToStaffError where it has none: seats are planned for days."""
    if scenario.end is not None:
        return scenario.model_copy(update={"last": scenario.end, "first": scenario.start, "calls": None})
    per_hour = scenario.arrivals.per_hour
    if scenario.project is None and per_hour and scenario.calls:
        days = max(1, round(scenario.calls / per_hour / 24))
        last = scenario.start + dt.timedelta(days=days - 1)
        return scenario.model_copy(update={"first": scenario.start, "last": last, "calls": None})
    raise NothingToStaffError("seats are planned for days: give `from` and `to` (the first and the last day)")


def engine(workers: int) -> Simulate:
    """The real engine, in so many processes; how far it is stands on a terminal's standard error."""

    def simulate(scenario: Scenario, times: int) -> list[Summary]:
        with progress("months simulated", times) as done:
            several = workers if times > FEW else 1
            return replicate(scenario, times=times, workers=several, told=done).summaries

    return simulate


def staffing(scenario: Scenario, wish: Wish, simulate: Simulate) -> Staffing:
    """The fewest seats that keep the promise of a scenario as surely as wished.

    Raises UnreachableError, NothingToStaffError, NoPatienceError, TooManySeatsError, ConfigurationError and
    sim.arrivals.NoArrivalsError.
    """
    scenario = dated(scenario)
    world = build(scenario)
    need = needed(world)
    tried = pilot(world, need, lambda with_plenty: run(with_plenty).summary)
    reachable(world, tried)
    search = Search(
        scenario,
        need,
        tried,
        world.project.promise,
        wish,
        simulate,
        quick(world, need, tried),
    )
    return Staffing(scenario, need, tried, wish, search, search.run())


def needed(world: World) -> Need:
    """The need of a world's scenario. Raises NothingToStaffError."""
    plan = world.scenario.arrivals
    whole = plan.by_half_hour is not None or plan.profile is not None
    return needs(world, expected_calls(world.scenario), whole=whole)


def quick(world: World, need: Need, tried: Pilot) -> Quick | None:
    """The fast line for the first guesses, where it knows enough."""
    scenario = world.scenario
    how = manner(scenario, tried.rest_s, world.project.promise.short_abandon_s)
    return Quick(scenario, need.kinds(tried.wanting), how) if how else None


def reachable(world: World, tried: Pilot) -> None:
    """Raises UnreachableError where even plenty of seats do not keep the promise in every period."""
    promise = world.project.promise
    values = dict(period_of(promise, day) for day in _days(world))
    broken = [(name, rate) for name, rate in tried.rates.items() if rate < values.get(name, 0.0)]
    if not broken:
        return
    name, rate = min(broken, key=lambda one: one[1] - values[one[0]])
    raise UnreachableError(name, values[name], rate, tried.reasons())


def _days(world: World) -> Iterator[dt.date]:
    day, last = world.first, world.scenario.last
    assert last is not None  # see `dated`
    while day <= last:
        yield day
        day += dt.timedelta(days=1)


def told(found: Staffing, shrinkage: float) -> dict[str, Any]:
    """The result for JSON.

    `half_hours`: of each open half-hour its day, beginning, expected `calls` of those who want an operator, `seats`,
    `people` to be scheduled, `erlang_a` (the share answered by the formula) and `rate` (that of the simulated months,
    of this time of day over all days). `periods`: what the check says of the promise. `outside`: calls expected
    outside the opening hours. `why_not`: what stands against it, where the promise is not kept.
    """
    results = found.checked.results
    worst = min(results, key=lambda r: r.met_share)
    return {
        "half_hours": list(_half_hours(found, shrinkage)),
        "promise": worst.promise,
        "probability": found.wish.probability,
        "met": found.checked.met,
        "met_share": worst.met_share,
        "answer_rate": worst.rate.mean,
        "periods": [r._asdict() | {"rate": r.rate.told()} for r in results],
        "seat_hours": round(sum(found.plan[s.day, s.minute] * s.open_min / 60 for s in found.need.slots), 2),
        "shrinkage": shrinkage,
        "most_people": max(to_schedule(seats, shrinkage) for seats in found.plan.values()),
        "calls": round(found.need.calls * found.pilot.wanting, 2),
        "outside": round(found.need.outside, 2),
        "why_not": [line.strip() for line in why_not(found)],
        "simulated_months": len(found.checked.summaries),
    }


def why_not(found: Staffing) -> list[str]:
    """Why a plan does not keep the promise, in sentences; nothing where it does."""
    if found.checked.met:
        return []
    lines = found.pilot.service.lines
    most = max(found.plan.values())
    if lines is not None and most >= lines:
        return [
            f"The trunk carries {lines} calls (`lines`): more seats than that are of no use.",
            *found.pilot.reasons(),
        ]
    return ["This is the best that was found; no further seat makes a difference.", *found.pilot.reasons()]


def _half_hours(found: Staffing, shrinkage: float) -> Iterator[dict[str, Any]]:
    rates = half_hour_rates(found.checked.summaries)
    for (day, minute), kind in found.search.kinds.items():
        seats = found.plan[day, minute]
        kept, counted = rates.get(clock(minute), (0, 0))
        yield {
            "date": day.isoformat(),
            "from": clock(minute),
            "calls": round(kind.calls, 2),
            "seats": seats,
            "people": to_schedule(seats, shrinkage),
            "erlang_a": round(found.pilot.service.answered(seats, kind.calls, kind.open_min), 4),
            "rate": round(kept / counted, 4) if counted else None,
        }

"""Builds a scenario's world: the centre that the engine works by, and the people around it."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from calls.hours import OpeningHours
from engine.centre import Centre, SeatPlan
from engine.extensions_file import Extension, listed_extensions
from ivr.project import Project
from ivr.yaml_marks import ConfigurationError, read
from sim import arrivals, observed
from sim.clock import Clock
from sim.crowd import RING, edge_of, sampler
from sim.demand import drawn_plan
from sim.edge import Edge
from sim.randomness import Stream
from sim.rosters import roster
from sim.scenario import Scenario
from sim.scenario.project import project_of
from sim.shifts import Shifts, seat_names

__all__ = ["RING", "World", "arrival_times", "build"]


@dataclass(frozen=True)
class World:
    """Everything that a run needs.

    `first`: the first day. `hours` None: a bare queue, open day and night. `seen`: the arrivals of a file (seconds
    since 1970 UTC); None: they are drawn.
    """

    scenario: Scenario
    project: Project
    centre: Centre
    zone: ZoneInfo
    hours: OpeningHours | None
    shifts: Shifts
    first: dt.date
    seen: tuple[float, ...] | None

    def start(self) -> float:
        """When virtual time begins: midnight of the first day, local time (seconds since 1970 UTC)."""
        return arrivals.at_minute(self.first, 0, self.zone)

    def edge(self, clock: Clock) -> Edge:
        """The people and the telephones, at the beginning."""
        return edge_of(self.scenario, self.centre, self.shifts, arrival_times(self), clock)


def build(scenario: Scenario) -> World:
    """The world of a scenario; raises ConfigurationError where a file that it names cannot be used."""
    project = project_of(scenario)
    zone = ZoneInfo(project.timezone)
    shifts = _shifts(scenario, zone)
    seats = tuple(SeatPlan(name, (project.project,)) for name in seat_names(shifts.most))
    centre = Centre({project.project: project}, seats, _extensions(scenario))
    hours = project.opening_hours() if scenario.project else None
    seen = _seen(scenario, zone)
    first = scenario.start
    if seen and scenario.first is None:
        first = dt.datetime.fromtimestamp(seen[0], zone).date()
    return World(scenario, project, centre, zone, hours, shifts, first, seen)


def _shifts(scenario: Scenario, zone: ZoneInfo) -> Shifts:
    lateness = scenario.operators.lateness
    draws = sampler(scenario, "lateness", lateness) if lateness is not None else None
    return Shifts(roster(scenario.seats), zone, draws)


def _seen(scenario: Scenario, zone: ZoneInfo) -> tuple[float, ...] | None:
    """The arrivals of the scenario's file that lie inside its days."""
    if scenario.arrivals.file is None:
        return None
    times = observed.arrivals(scenario.find(scenario.arrivals.file), zone)
    return tuple(observed.inside(times, scenario.first, scenario.last, zone))


def _extensions(scenario: Scenario) -> dict[str, Extension]:
    """The telephones to which the flow of the scenario's project may transfer, by their numbers."""
    if scenario.project is None:
        return {}
    file = scenario.find(scenario.project).resolve().parent.parent / "extensions.yaml"
    if not file.exists():
        return {}
    document = read(file)
    found = {extension.number: extension for extension in listed_extensions(document, set())}
    if document.problems:
        raise ConfigurationError(document.problems)
    return found


def arrival_times(world: World) -> Iterator[float]:
    """When each caller dials; raises arrivals.NoArrivalsError where nobody ever does."""
    scenario = world.scenario
    if world.seen is not None:
        return itertools.islice(world.seen, scenario.calls)
    return itertools.islice(
        arrivals.poisson(_segments(world), Stream(scenario.seed, "arrivals")), scenario.calls
    )


def _segments(world: World) -> Iterator[arrivals.Segment]:
    scenario, plan = world.scenario, world.scenario.arrivals
    if world.hours is None and scenario.end is None and plan.steady:
        return arrivals.steady(world.start(), plan.per_hour or 0.0)
    days = drawn_plan(plan, world.project.opening_hours(), scenario.seed)
    return arrivals.daily(world.first, scenario.end, world.zone, days)

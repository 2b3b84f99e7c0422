"""Builds a scenario's world: the centre that the engine works by, and the people around it."""

from __future__ import annotations

import datetime as dt
import itertools
import math
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from zoneinfo import ZoneInfo

from calls.hours import OpeningHours
from engine.centre import Centre, SeatPlan
from engine.extensions_file import Extension, listed_extensions
from ivr.loader import load_projects
from ivr.project import Project
from ivr.yaml_marks import ConfigurationError, read
from sim import arrivals, observed
from sim.bare import bare_project
from sim.clock import Clock
from sim.distributions import Duration
from sim.edge import Edge, Guidances
from sim.people import Callers, Keys, Operators
from sim.randomness import Sampler, Stream
from sim.scenario import Scenario, minute
from sim.shifts import Shifts, seat_names

RING = Duration(mean=3.0, distribution="constant")
"""How long the operators of a project let it ring where the scenario does not say."""


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
        return _edge(self, clock)


def build(scenario: Scenario) -> World:
    """The world of a scenario; raises ConfigurationError where a file that it names cannot be used."""
    project = _project(scenario)
    zone = ZoneInfo(project.timezone)
    shifts = Shifts(scenario.seats_by_minute(), zone)
    seats = tuple(SeatPlan(name, (project.project,)) for name in seat_names(shifts.most))
    centre = Centre({project.project: project}, seats, _extensions(scenario))
    hours = project.opening_hours() if scenario.project else None
    seen = _seen(scenario, zone)
    first = scenario.start
    if seen and scenario.first is None:
        first = dt.datetime.fromtimestamp(seen[0], zone).date()
    return World(scenario, project, centre, zone, hours, shifts, first, seen)


def _seen(scenario: Scenario, zone: ZoneInfo) -> tuple[float, ...] | None:
    """The arrivals of the scenario's file that lie inside its days."""
    if scenario.arrivals.file is None:
        return None
    times = observed.arrivals(scenario.find(scenario.arrivals.file), zone)
    first, last = scenario.first, scenario.last
    start = arrivals.at_minute(first, 0, zone) if first else -math.inf
    end = arrivals.at_minute(last, 24 * 60, zone) if last else math.inf
    return tuple(time for time in times if start <= time < end)


def _project(scenario: Scenario) -> Project:
    if scenario.project is None:
        wrapup = not scenario.wrapup.nothing
        return bare_project(lines=scenario.lines, wrapup=wrapup, promise=scenario.promise)
    path = scenario.find(scenario.project)
    (project,) = load_projects([path], _calendars(path)).values()
    return project if scenario.lines is None else project.model_copy(update={"lines": scenario.lines})


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


def _calendars(project: Path) -> Path:
    return project.resolve().parent.parent / "calendars"


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
    hours = world.project.opening_hours()
    if plan.per_hour is not None and world.hours is None and scenario.last is None:
        return arrivals.steady(world.start(), plan.per_hour)
    if plan.per_hour is not None:
        days = arrivals.hourly_plan(plan.per_hour, hours)
    elif plan.by_half_hour is not None:
        days = arrivals.half_hour_plan({minute(k): v for k, v in plan.by_half_hour.items()}, hours)
    else:
        days = arrivals.weekday_plan(dict(plan.by_weekday or {}), hours)
    return arrivals.daily(world.first, scenario.last, world.zone, days)


def _edge(world: World, clock: Clock) -> Edge:
    scenario, seed = world.scenario, world.scenario.seed
    patience = _sampler(scenario, "patience", scenario.patience) if scenario.patience else None
    number = world.project.numbers[0].number
    talk = _sampler(scenario, "handle", scenario.handle)
    callers = Callers(talk, patience, number, shown=scenario.project is not None)
    if scenario.flow.hang_up > 0:
        callers.hang_up_in_flow(scenario.flow.hang_up, Stream(seed, "hang-up"))
    keys = None
    if scenario.flow.keys:
        keys = Keys(scenario.flow.keys, Stream(seed, "keys"), Stream(seed, "digits"))
    return Edge(clock, callers, _operators(scenario), arrival_times(world), Guidances(world.centre), keys)


def _operators(scenario: Scenario) -> Operators:
    ring = scenario.ring or (RING if scenario.project else None)
    writes = scenario.project is not None or not scenario.wrapup.nothing
    return Operators(
        _sampler(scenario, "ring", ring) if ring and not ring.nothing else None,
        _sampler(scenario, "wrapup", scenario.wrapup) if writes else None,
    )


def _sampler(scenario: Scenario, purpose: str, duration: Duration) -> Sampler:
    seen = observed.durations(scenario.find(duration.file)) if duration.file else ()
    return duration.sampler(Stream(scenario.seed, purpose), seen)

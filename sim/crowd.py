"""The people of a scenario: its callers and operators with all their habits, around one edge."""

from __future__ import annotations

import math
from collections.abc import Iterator
from zoneinfo import ZoneInfo

from calls.hours import DAY_MIN
from calls.lifecycle import SEAT, Outcome
from engine.centre import Centre
from ivr.project import Project
from sim import observed
from sim.arrivals import at_minute
from sim.clock import Clock
from sim.distributions import Duration, log_parameters
from sim.edge import Edge, Guidances
from sim.habits import balking
from sim.habits.absences import Absences
from sim.habits.breaks import Breaks
from sim.habits.desks import Paces, Writing
from sim.habits.habit import Listening
from sim.habits.inquiries import Inquiries, Kind
from sim.habits.menus import Menus, Whereabouts, lines_with_keys
from sim.habits.redial import ABANDONED, BUSY, Again, Redialling
from sim.people import Callers, Keys, Operators
from sim.randomness import Draws, Sampler, Stream
from sim.scenario import Scenario
from sim.scenario.people import Again as AgainPlan
from sim.scenario.people import InquiryClass
from sim.shifts import Shifts, seat_names

RING = Duration(mean=3.0, distribution="constant")
"""How long the operators of a project let it ring where the scenario does not say."""


def edge_of(
    scenario: Scenario, centre: Centre, shifts: Shifts, arrivals: Iterator[float], clock: Clock
) -> Edge:
    """The people and the telephones of a scenario at its beginning; `centre` has its one project."""
    (project,) = centre.projects.values()
    callers, guidances = _callers(scenario, project), Guidances(centre)
    edge = Edge(clock, callers, _operators(scenario), arrivals, guidances, _keys(scenario))
    if scenario.flow.menus:
        Listening(edge, clock, guidances, _menus(scenario, project))
    _desks(edge, clock, scenario, shifts, project, callers.inquiries)
    if scenario.balking is not None:
        shares = balking.shares_by_text(scenario.balking.position, scenario.balking.expected_wait)
        balking.Balking(edge, clock, guidances, shares)
    if scenario.redial is not None:
        _redialling(edge, clock, scenario, callers, ZoneInfo(project.timezone))
    _times_off(edge, clock, scenario, shifts)
    return edge


def sampler(scenario: Scenario, purpose: str, duration: Duration) -> Sampler:
    """Draws of one duration of a scenario, by the stream of that purpose."""
    seen = observed.durations(scenario.find(duration.file)) if duration.file else ()
    return duration.sampler(Stream(scenario.seed, purpose), seen)


def _uniform(scenario: Scenario, purpose: str) -> Sampler:
    return Draws(Stream(scenario.seed, purpose).uniforms).draw


# ---- callers


def _callers(scenario: Scenario, project: Project) -> Callers:
    patience = sampler(scenario, "patience", scenario.patience) if scenario.patience else None
    talk = sampler(scenario, "handle", scenario.handle)
    callers = Callers(talk, patience, project.numbers[0].number, shown=scenario.project is not None)
    if scenario.flow.hang_up > 0:
        callers.hang_up_in_flow(scenario.flow.hang_up, Stream(scenario.seed, "hang-up"))
    if scenario.handle.classes:
        callers.inquiries = _inquiries(scenario, project)
    if scenario.balking is not None:
        callers.measure = _uniform(scenario, "balking")
    return callers


def _inquiries(scenario: Scenario, project: Project) -> Inquiries:
    def kind(name: str, one: InquiryClass) -> Kind:
        wrapup = sampler(scenario, f"wrapup/{name}", one.wrapup) if one.wrapup is not None else None
        recorded = name if name in project.inquiry_classes else ""
        return Kind(recorded, one.share, sampler(scenario, f"handle/{name}", one), wrapup)

    kinds = [kind(name, one) for name, one in scenario.handle.classes.items()]
    return Inquiries(kinds, Stream(scenario.seed, "class"))


def _keys(scenario: Scenario) -> Keys | None:
    if not (scenario.flow.keys or scenario.flow.menus):
        return None
    return Keys(scenario.flow.keys, Stream(scenario.seed, "keys"), Stream(scenario.seed, "digits"))


def _menus(scenario: Scenario, project: Project) -> Menus:
    seed, digits = scenario.seed, Stream(scenario.seed, "digits/menus")
    keys = {
        node: Keys(shares, Stream(seed, f"keys/{node}"), digits)
        for node, shares in scenario.flow.menus.items()
    }
    others = Keys(scenario.flow.keys, Stream(seed, "keys"), digits)
    return Menus(Whereabouts(project), keys, others, lines_with_keys(project))


def _redialling(edge: Edge, clock: Clock, scenario: Scenario, callers: Callers, zone: ZoneInfo) -> None:
    plan = scenario.redial
    assert plan is not None  # else nobody tries again
    ways: dict[Outcome, Again] = {}
    for name, one, outcomes in (("busy", plan.after_busy, BUSY), ("abandon", plan.after_abandon, ABANDONED)):
        if one is not None:
            ways |= dict.fromkeys(outcomes, _again(scenario, name, one))
    patience = sampler(scenario, "redial/patience", scenario.patience) if scenario.patience else None
    until = at_minute(scenario.end, DAY_MIN, zone) if scenario.end else math.inf
    Redialling(edge, clock, callers, ways, plan.most, _uniform(scenario, "redial"), patience, until)


def _again(scenario: Scenario, name: str, plan: AgainPlan) -> Again:
    return Again(plan.share, sampler(scenario, f"redial/{name}", plan.wait))


# ---- operators


def _operators(scenario: Scenario) -> Operators:
    ring = scenario.ring or (RING if scenario.project else None)
    return Operators(
        sampler(scenario, "ring", ring) if ring and not ring.nothing else None,
        sampler(scenario, "wrapup", scenario.wrapup) if _writes(scenario) else None,
    )


def _writes(scenario: Scenario) -> bool:
    """Whether operators say when they are done with the record."""
    own = any(one.wrapup is not None for one in scenario.handle.classes.values())
    return scenario.project is not None or not scenario.wrapup.nothing or own


def speeds(scenario: Scenario, count: int) -> dict[str, float]:
    """The factor of the operator at each seat: lognormal with mean 1; empty where all are alike."""
    spread = scenario.operators.speed
    if spread is None or not spread.cv:
        return {}
    mu, sigma = log_parameters(1.0, spread.cv)
    normal = Draws(Stream(scenario.seed, "speed").normals).draw
    return {name: math.exp(mu + sigma * normal()) for name in seat_names(count)}


def _desks(
    edge: Edge,
    clock: Clock,
    scenario: Scenario,
    shifts: Shifts,
    project: Project,
    inquiries: Inquiries | None,
) -> None:
    factors = speeds(scenario, shifts.most)
    if factors:
        Paces(edge, factors)
    if factors or inquiries is not None:
        wrapup = sampler(scenario, "wrapup", scenario.wrapup) if _writes(scenario) else None
        writes = any(queue.wrapup_s != 0 for queue in project.queues.values())
        recorded_in = SEAT.WRAP_UP if writes else SEAT.TALKING
        Writing(edge, clock, wrapup, factors, inquiries, recorded_in)


def _times_off(edge: Edge, clock: Clock, scenario: Scenario, shifts: Shifts) -> None:
    operators = scenario.operators
    if operators.misses > 0:
        away = sampler(scenario, "away", operators.away)
        Absences(edge, clock, operators.misses, _uniform(scenario, "misses"), away)
    short = operators.breaks
    if short is not None or shifts.has_breaks:
        every = sampler(scenario, "breaks/every", short.every) if short else None
        length = sampler(scenario, "breaks/length", short.length) if short else None
        Breaks(edge, clock, shifts, every, length)

"""The fast path: scenarios of one line, first come first served, without the engine and equal to it.

`fits` says whether a scenario is one of them, `fast_run` gives its figures: the same streams of chance as `sim.run`
draws from, so the same callers, and the same waits to the last digit (`tests/sim/test_fast.py` compares call by call).
About ten million calls/s where seats never change, five millions where they come and go.

For a search over staffings, those of `sim.fast.days` take many days of one plan at once.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from calls.lifecycle import Outcome
from calls.requests import SeatLoggedIn, SeatLoggedOut
from sim import observed
from sim.distributions import Duration
from sim.fast.draws import draw, steady_arrivals
from sim.fast.floor import ABANDONED, ANSWERED, BLOCKED, OVERFLOWED, WAITS
from sim.fast.loops import Change, Outcomes, run_floor, run_line
from sim.randomness import Numbers, Stream
from sim.scenario import Scenario
from sim.shifts import staffed_seat_seconds
from sim.world import World, arrival_times, build

MOST_CALLS = 50_000_000
"""So many fit into the memory of a small machine: fifty bytes each."""
RING_TIMEOUT_S = 20.0
"""What rings for so long is missed (the bare queue's `ring_timeout_s`)."""
WITHIN_S = 20.0
DAYS_AFTER = 8
PLAYED = {
    "seed", "calls", "first", "last", "arrivals", "handle", "wrapup", "patience", "ring", "seats", "lines", "promise",
    "folder", "remarks",
}  # fmt: skip
"""The fields of a scenario that are obeyed here; whatever else is given, the engine has to play."""
OUTCOMES = {
    ANSWERED: Outcome.ANSWERED,
    ABANDONED: Outcome.ABANDONED_QUEUE,
    BLOCKED: Outcome.BLOCKED,
    OVERFLOWED: Outcome.OVERFLOWED,
}


class NotFastError(Exception):
    """The scenario is none for the fast path; the message says why."""


def fits(scenario: Scenario) -> str:
    """Why a scenario is none for the fast path; "" if it is one."""
    if scenario.project is not None:
        return "`project`: its flow and its hours are played by the engine only"
    unplayed = _unplayed(scenario)
    if unplayed:
        return f"`{unplayed}` is played by the engine only"
    if scenario.handle.classes:
        return "`handle.classes` are played by the engine only"
    if not isinstance(scenario.seats, int) and any(shift.breaks for shift in scenario.seats.shifts or ()):
        return "`seats.shifts.breaks` are played by the engine only"
    if scenario.ring and not _constant(scenario.ring):
        return "`ring` has to be constant"
    if scenario.ring and (scenario.ring.mean or 0.0) >= RING_TIMEOUT_S:
        return f"`ring` has to be shorter than the {RING_TIMEOUT_S:g} s after which a call is missed"
    if scenario.calls is not None and scenario.calls > MOST_CALLS:
        return f"`calls`: {MOST_CALLS:,} at most are held in memory"
    return ""


def _unplayed(scenario: Scenario) -> str:
    for name, field in type(scenario).model_fields.items():
        if name not in PLAYED and getattr(scenario, name) != field.get_default(call_default_factory=True):
            return name
    return ""


def _constant(duration: Duration) -> bool:
    return duration.distribution == "constant" or duration.nothing


def call_by_call(scenario: Scenario, *, plain: bool = False) -> tuple[Numbers, Outcomes]:
    """When each caller arrived (seconds since 1970 UTC), and what became of each; `plain`: uncompiled.

    Raises NotFastError where the scenario does not fit, or where two things happen at the very same instant (so that
    the order in which they were planned decides, which only the engine knows). Else raises what `sim.run.run` does.
    """
    return _played(scenario, build(scenario), plain=plain)


def _played(scenario: Scenario, world: World, *, plain: bool = False) -> tuple[Numbers, Outcomes]:
    reason = fits(scenario)
    if reason:
        raise NotFastError(reason)
    arrivals = _arrivals(scenario, world)
    outcomes = _outcomes(scenario, world, arrivals, plain=plain)
    if outcomes.ties:
        raise NotFastError(
            "two things happen at the very same instant; only the engine knows which one is first"
        )
    over = max(outcomes.last, float(np.max(arrivals + outcomes.waits, initial=-np.inf)))
    if np.any(outcomes.codes == WAITS) or (not world.shifts.steady and over > _horizon(world, arrivals)):
        raise NotFastError(f"some callers are not done {DAYS_AFTER} days after the last one has called")
    return arrivals, outcomes


def _arrivals(scenario: Scenario, world: World) -> Numbers:
    plan, calls = scenario.arrivals, scenario.calls
    if plan.steady and plan.per_hour and scenario.end is None and calls is not None:
        return steady_arrivals(world.start(), plan.per_hour, Stream(scenario.seed, "arrivals"), calls)
    return np.fromiter(arrival_times(world), dtype=np.float64)


def _outcomes(scenario: Scenario, world: World, arrivals: Numbers, *, plain: bool) -> Outcomes:
    talks = _draws(scenario, "handle", scenario.handle, len(arrivals))
    patience = None
    if scenario.patience is not None:
        patience = _draws(scenario, "patience", scenario.patience, len(arrivals))
    ring = (scenario.ring.mean or 0.0) if scenario.ring else 0.0
    wrapup, lines = scenario.wrapup, scenario.lines or 0
    if isinstance(scenario.seats, int) and not lines and _constant(wrapup):
        return run_line(
            arrivals, talks, patience, scenario.seats, ring=ring, wrapup=wrapup.mean or 0.0, plain=plain
        )
    wrapups = None if wrapup.nothing else _draws(scenario, "wrapup", wrapup, len(arrivals))
    changes = _changes(world, arrivals)
    return run_floor(arrivals, talks, patience, changes, wrapups=wrapups, ring=ring, lines=lines, plain=plain)


def _draws(scenario: Scenario, purpose: str, duration: Duration, count: int) -> Numbers:
    seen = observed.durations(scenario.find(duration.file)) if duration.file else ()
    return draw(duration, Stream(scenario.seed, purpose), count, seen)


def _horizon(world: World, arrivals: Numbers) -> float:
    """Until when is told who is there: some days after the last call."""
    last = float(arrivals[-1]) if len(arrivals) else world.start()
    return last + DAYS_AFTER * 24 * 3600.0


def _changes(world: World, arrivals: Numbers) -> list[Change]:
    """Who is there at the start, and every change until the horizon."""
    shifts, start = world.shifts, world.start()
    out = {event.seat for event in shifts.opening(start) if isinstance(event, SeatLoggedOut)}
    names = {plan.id: number for number, plan in enumerate(world.centre.seats)}
    changes = [Change(-np.inf, number, True) for name, number in names.items() if name not in out]
    until = _horizon(world, arrivals)
    for at, event in shifts.after(start):
        if at > until:
            break
        if not isinstance(event, SeatLoggedIn | SeatLoggedOut):
            raise NotFastError("`seats` has changes that only the engine plays")
        changes.append(Change(at, names[event.seat], isinstance(event, SeatLoggedIn)))
    return changes


def fast_run(scenario: Scenario) -> dict[str, Any]:
    """The figures of `sim.counting.figures` that one line has: see there. Raises what `call_by_call` does."""
    world = build(scenario)
    arrivals, found = _played(scenario, world)
    counts = {outcome: int(np.count_nonzero(found.codes == code)) for code, outcome in OUTCOMES.items()}
    offered, answered = len(arrivals), counts[Outcome.ANSWERED]
    within = int(np.count_nonzero((found.codes == ANSWERED) & (found.waits <= WITHIN_S)))
    end = max(found.last, float(np.max(arrivals + found.waits, initial=world.start())))
    staffed = staffed_seat_seconds(world.shifts, world.hours, world.zone, world.start(), end)
    return {
        "offered": offered,
        "answered": answered,
        "abandoned": counts[Outcome.ABANDONED_QUEUE],
        "blocked": counts[Outcome.BLOCKED],
        "answer_rate": _answer_rate(world, counts),
        "abandon_rate": _share(counts[Outcome.ABANDONED_QUEUE], offered),
        "wait_rate": _share(found.stood, offered),
        "service_level": {f"{WITHIN_S:g}": _share(within, offered)},
        "mean_wait": _share(float(np.sum(found.waits)), offered),
        "mean_talk": _share(found.talk_s, answered),
        "mean_wrapup": _share(found.wrapup_s, answered),
        "occupancy": _share(found.talk_s + found.wrapup_s, staffed),
    }


def _answer_rate(world: World, counts: dict[Outcome, int]) -> float | None:
    """By the bare queue's definition, which counts abandoned calls alike, however short their wait."""
    promise = world.project.promise
    kept, counted = (
        sum(counts.get(outcome, 0) for outcome in outcomes)
        for outcomes in (promise.numerator, promise.denominator)
    )
    return _share(kept, counted)


def _share(part: float, whole: float) -> float | None:
    return part / whole if whole else None

"""One run of the real engine with plenty of seats: what callers ask of the operators, and what no seat can save."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from calls.lifecycle import OUTCOME, Outcome
from calls.promise import Promise
from calls.queue_settings import QueueSettings
from sim.expectation import duration_mean, handle_mean, wrapup_mean
from sim.scenario import Scenario
from sim.staffing.need import Need
from sim.staffing.seat_plan import with_seats
from sim.staffing.service import MOST_SEATS, Service, TooManySeatsError
from sim.world import RING, World

Run = Callable[[Scenario], dict[str, Any]]
"""One run of a scenario: its summary."""

PLENTY = 6.0
"""Standard deviations of the busiest half-hour's load that are staffed on top of its mean: nobody waits."""


class NoPatienceError(Exception):
    """Callers who wait for ever are never lost, so that no number of seats is too small."""


@dataclass(frozen=True)
class Pilot:
    """What the run found. `wanting`: the share of the callers in open half-hours who talked to an operator.

    `talk_s`: the mean of a talk, to be expected. `rest_s`: for how long each takes a seat besides the talk (ring,
    wrap-up).

    `rates`: the rate of each period by its name, and `unsaved`: the calls of it that counted and were not answered;
    `lost`: all of these by their outcome. Nobody can do better with more seats.
    """

    service: Service
    wanting: float
    talk_s: float
    rest_s: float
    rates: dict[str, float]
    unsaved: dict[str, float]
    lost: Counter[Outcome]

    def reasons(self) -> list[str]:
        """Why calls are lost that no further seat can save, the most frequent reason first."""
        return [
            f"  {count:,} calls were {outcome.value}: {REASONS.get(outcome, 'whatever the seats are')}"
            for outcome, count in self.lost.most_common()
            if count
        ]


def pilot(world: World, need: Need, run: Run) -> Pilot:
    """Try the scenario with seats for everybody. Raises NoPatienceError and TooManySeatsError."""
    scenario, queue = world.scenario, _queue(world)
    patience = _patience(scenario, queue)
    hold = _hold(scenario, queue)
    summary = run(with_seats(scenario, _plenty(need, hold)))
    # Conversations by expectation, records as the project's own limit leaves them.
    rest = (summary["mean_wrapup"] or 0.0) + _ring(scenario)
    talk = handle_mean(scenario)
    busy_counts = OUTCOME.BLOCKED in world.project.promise.denominator
    service = Service(talk + rest, patience, queue.max_waiting, world.project.lines, busy_counts)
    periods = {p["period"]: p for p in summary["periods"]}
    return Pilot(
        service,
        _wanting(summary, need),
        talk,
        rest,
        {name: 1.0 if p["rate"] is None else p["rate"] for name, p in periods.items()},
        {name: float(p["counted"] - p["answered"]) for name, p in periods.items()},
        _lost(summary, world.project.promise),
    )


def _wanting(summary: dict[str, Any], need: Need) -> float:
    """The share answered; that this run had a few calls more or fewer than to be expected is taken out."""
    if not need.calls or not summary["offered"]:
        return 0.0
    expected = need.calls + need.outside
    return float(summary["answered"] / summary["offered"] * expected / need.calls)


def _queue(world: World) -> QueueSettings:
    """The queue whose limits hold: a project's widest, for the callers may come to any of them."""
    queues = list(world.project.queues.values())
    limits = [queue.max_waiting for queue in queues]
    most = None if None in limits else max(limit for limit in limits if limit is not None)
    return queues[0].model_copy(update={"max_waiting": most})


def _patience(scenario: Scenario, queue: QueueSettings) -> float:
    if scenario.patience is not None:
        return duration_mean(scenario, scenario.patience)
    if queue.max_wait_s is not None:
        return queue.max_wait_s
    told = "without `patience` every caller waits until he is answered, and one seat would do"
    raise NoPatienceError(f"{told}; say how long they wait, as in `patience: {{mean: 180}}`")


def _ring(scenario: Scenario) -> float:
    ring = scenario.ring or (RING if scenario.project else None)
    return duration_mean(scenario, ring) if ring else 0.0


def _hold(scenario: Scenario, queue: QueueSettings) -> float:
    wrapup = wrapup_mean(scenario)
    limit = wrapup if queue.wrapup_s is None else queue.wrapup_s
    return handle_mean(scenario) + min(wrapup, limit) + _ring(scenario)


def _plenty(need: Need, hold: float) -> int:
    load = max((slot.calls * hold / (60 * slot.open_min) for slot in need.slots), default=0.0)
    seats = math.ceil(load + PLENTY * math.sqrt(load)) + 5
    if seats <= MOST_SEATS:
        return seats
    if load <= MOST_SEATS:
        return MOST_SEATS
    told = f"the busiest half-hour needs {load:,.0f} seats, which is more than the {MOST_SEATS:,} that the engine takes"
    raise TooManySeatsError(f"{told}; see `arrivals` and `handle`")


def _lost(summary: dict[str, Any], promise: Promise) -> Counter[Outcome]:
    outcomes = {Outcome(name): count for name, count in summary["outcomes"].items()}
    return Counter(
        {
            outcome: count
            for outcome, count in outcomes.items()
            if outcome in promise.denominator and outcome not in promise.numerator
        }
    )


REASONS = {
    OUTCOME.BLOCKED: "no line of the trunk is free: more lines are needed (`lines`)",
    OUTCOME.ABANDONED_IVR: "they hang up before they come to the line (`flow: hang_up`)",
    OUTCOME.ABANDONED_QUEUE: "they hang up before a telephone can be picked up (`patience`, `ring`)",
    OUTCOME.OVERFLOWED: "the flow turns them away (limits of the queue, or its last call)",
    OUTCOME.TIMED_OUT: "the flow gives them back after its longest wait",
    OUTCOME.CLOSED: "they call outside the opening hours, and this promise counts them",
    OUTCOME.SELF_SERVED: "the machine serves them, and this promise counts them as lost",
}
"""Why calls are lost that no further seat can save."""

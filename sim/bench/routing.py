"""What a decision costs in a crowd: the engine alone, with so many talking and so many waiting."""

from __future__ import annotations

import time
from collections.abc import Callable
from statistics import median, quantiles

from calls.command import Command
from calls.commands import ConnectLegs, HangUp, RingSeat
from calls.event import Event
from calls.events import CallArrived, LegAnswered, LegEnded, LegsConnected, PhoneRegistered
from calls.requests import SeatLoggedIn
from engine.centre import Centre, SeatPlan
from engine.engine import Engine
from sim.bare import bare_project
from sim.bench.row import Row, row
from sim.run import rare_collection

SEATS, WAITING = 34, 200
FEW, MANY = 100, 10_000
DECISIONS, ROUNDS = 3000, 5
DECISION_MS, GROWTH = 1.0, 1.2
STEP_S = 0.25


class Crowd:
    """34 seats that talk and a line that stays as long as it is: whenever a talk ends, somebody new calls."""

    def __init__(self, waiting: int) -> None:
        project = bare_project(lines=None, wrapup=False, promise=None)
        seats = tuple(SeatPlan(f"seat{number:02}", (project.project,)) for number in range(SEATS))
        self._number = project.numbers[0].number
        self._engine = Engine(Centre({project.project: project}, seats))
        self._now = 1_778_115_600.0
        self._callers = 0
        self._talking: list[str] = []
        self.decisions: list[float] = []
        for seat in seats:
            self._happens(PhoneRegistered(seat.id))
            self._happens(SeatLoggedIn(seat.id))
        for _ in range(SEATS + waiting):
            self._somebody_calls()

    def turn(self) -> None:
        """A talk ends, the head of the line gets the seat, and somebody else joins the line."""
        self._now += STEP_S
        self._happens(LegEnded(self._talking.pop(0)))
        self._somebody_calls()

    def _somebody_calls(self) -> None:
        self._callers += 1
        self._happens(CallArrived(f"caller{self._callers}", self._number))

    def _happens(self, event: Event) -> None:
        began = time.perf_counter()
        commands = self._engine.handle(event, self._now)
        took = time.perf_counter() - began
        for command in commands:
            if isinstance(command, RingSeat):
                self.decisions.append(took)
            follows = self._follows(command)
            if follows is not None:
                self._happens(follows)

    def _follows(self, command: Command) -> Event | None:
        match command:
            case RingSeat(leg=leg):
                return LegAnswered(leg)
            case ConnectLegs(bridge, caller_leg):
                self._talking.append(caller_leg)
                return LegsConnected(bridge)
            case HangUp(leg):
                return LegEnded(leg)
        return None


def routing_rows() -> list[Row]:
    """The decision in a crowd against its target, and what a call costs with many waiting against with few."""
    with rare_collection():
        crowd = Crowd(WAITING)
        crowd.decisions.clear()
        _times(crowd.turn, DECISIONS)
        p99 = quantiles(crowd.decisions, n=100)[98] * 1000
        few, many = Crowd(FEW), Crowd(MANY)
        pairs = [(_times(few.turn, DECISIONS), _times(many.turn, DECISIONS)) for _ in range(ROUNDS)]
    cost_few, cost_many = (median(costs) * 1e6 for costs in zip(*pairs, strict=True))
    growth = f"{GROWTH} x with {FEW}"
    return [
        row("virtual.routing_decision_p99", "ms", p99, "target", DECISION_MS, more_is_better=False),
        row(
            f"virtual.cost_per_call@{MANY}", "us", cost_many, growth, GROWTH * cost_few, more_is_better=False
        ),
    ]


def _times(do: Callable[[], None], times: int) -> float:
    """Mean seconds of one."""
    began = time.perf_counter()
    for _ in range(times):
        do()
    return (time.perf_counter() - began) / times

"""Four hours with a fifth more calls than the seats can take: nobody idles, nobody starves, nobody jumps the line."""

from __future__ import annotations

import heapq
import random
from collections.abc import Iterator

import pytest

from calls.command import Command
from calls.commands import ConnectLegs, HangUp, PlayGuidance, RingSeat
from calls.event import Event
from calls.events import (
    CallArrived,
    GuidanceFinished,
    LegAnswered,
    LegEnded,
    LegsConnected,
    PhoneRegistered,
    TimePassed,
)
from calls.journal import Entry
from calls.lifecycle import Move, State
from calls.notes import NoteMoved
from calls.record import CallRecord, RecordFold
from engine.centre import Centre, SeatPlan, Skill
from engine.engine import Engine
from tests.engine.city import OPEN, TAX, WATER, project
from tests.engine.invariants import check_floor

pytestmark = pytest.mark.theory

HOURS, SEATS, LOAD, TALK_S, WRAPUP_S = 4, 34, 1.2, 300.0, 10.0
DELAY_S = 30.0
GAS = "0312345678"
NUMBERS = [(TAX, 0.5), (WATER, 0.4), (GAS, 0.1)]
SHARES = {"tax": 0, "water": 0, "gas": 5}
"""The priority of each project's queue."""


def crowded_centre() -> Centre:
    """Three projects; a third of the seats serves all, a third helps the second one after a while only."""
    numbers = dict(zip(SHARES, (TAX, WATER, GAS), strict=True))
    projects = {
        name: project(name, numbers[name], {"wrapup_s": WRAPUP_S, "priority": priority, "ring_timeout_s": 20})
        for name, priority in SHARES.items()
    }
    plans = [SeatPlan(f"a{n}", ("tax", "gas")) for n in range(12)]
    plans += [SeatPlan(f"b{n}", ("water", "tax", "gas")) for n in range(11)]
    plans += [
        SeatPlan(f"c{n}", ("tax", "water", "gas"), skills={"water": Skill(2, DELAY_S)}) for n in range(11)
    ]
    return Centre(projects, tuple(plans))


class Crowd:
    """Callers who wait for as long as it takes, operators who pick up after some seconds, and every step checked."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)
        self.centre = crowded_centre()
        self.engine = Engine(self.centre)
        self.records = RecordFold()
        self.waiting: dict[str, tuple[int, float, int, str]] = {}  # call -> (-priority, since, number, queue)
        self._first = dict(self.waiting)
        self.priorities = {f"{name}/main": priority for name, priority in SHARES.items()}
        self._heap: list[tuple[float, int, Event]] = []
        self._number = 0
        self.steps = 0
        self.idle_checks = 0

    def run(self) -> list[CallRecord]:
        """From the first call to the last one's end."""
        for seat in self.centre.seats:
            self._step(OPEN, PhoneRegistered(seat.id))
        for number, at in enumerate(self._arrivals()):
            dialled = self.chance.choices([n for n, _ in NUMBERS], [share for _, share in NUMBERS])[0]
            self._plan(at, CallArrived(f"caller{number}", dialled))
        while self._heap or self.engine.next_deadline() is not None:
            due = self.engine.next_deadline()
            if due is not None and (not self._heap or due < self._heap[0][0]):
                self._step(due, TimePassed())
            else:
                at, _, event = heapq.heappop(self._heap)
                self._step(at, event)
        return list(self.records.records.values())

    def _arrivals(self) -> Iterator[float]:
        rate = LOAD * SEATS / (TALK_S + WRAPUP_S)
        at = OPEN
        while (at := at + self.chance.expovariate(rate)) < OPEN + HOURS * 3600:
            yield at

    def _plan(self, at: float, event: Event) -> None:
        self._number += 1
        heapq.heappush(self._heap, (at, self._number, event))

    def _step(self, now: float, event: Event) -> None:
        commands = self.engine.handle(event, now)
        self.steps += 1
        self.records.feed(Entry(self.steps, now, event, commands))
        for command in commands:
            self._noted(command, now)
            self._follows(command, now)
        check_floor(self.engine.floor)
        self._nobody_idles(now)

    def _follows(self, command: Command, now: float) -> None:
        match command:
            case PlayGuidance(playback=playback):
                self._plan(now + 3, GuidanceFinished(playback))
            case RingSeat(leg=leg):
                # One of fifty telephones is not picked up: the engine gives up on it.
                if self.chance.random() < 0.98:
                    self._plan(now + self.chance.uniform(1, 6), LegAnswered(leg))
            case ConnectLegs(bridge, caller_leg):
                self._plan(now, LegsConnected(bridge))
                self._plan(now + self.chance.expovariate(1 / TALK_S), LegEnded(caller_leg))
            case HangUp(leg):
                self._plan(now + 0.02, LegEnded(leg))

    # ---- the rules, by other means than the router's

    def _noted(self, command: Command, now: float) -> None:
        if not isinstance(command, NoteMoved):
            return
        if command.state is State.QUEUED:
            first = self.waiting.get(command.call) or self._first.get(command.call)
            place = first or (-self.priorities[command.queue], now, len(self._first), command.queue)
            self._first[command.call] = self.waiting[command.call] = place
        elif command.move is Move.OFFERED:
            mine = self.waiting.pop(command.call)
            ahead = [place for place in self._served(command.seat, now) if place[:3] < mine[:3]]
            assert ahead == []  # oldest first over all queues of the seat, higher priority first

    def _served(self, seat: str, now: float) -> list[tuple[int, float, int, str]]:
        allowed = {serves.queue: serves.after_s for serves in self.engine.floor.seats[seat].serves}
        return [
            place
            for place in self.waiting.values()
            if place[3] in allowed and now - place[1] >= allowed[place[3]]
        ]

    def _nobody_idles(self, now: float) -> None:
        for seat in self.engine.floor.seats.values():
            if seat.idle_since is not None:
                self.idle_checks += 1
                assert self._served(seat.id, now) == []


def test_four_hours_at_a_hundred_and_twenty_percent() -> None:
    crowd = Crowd(seed=1)
    records = crowd.run()
    assert len(records) > 0.9 * LOAD * SEATS / (TALK_S + WRAPUP_S) * HOURS * 3600
    assert {record.outcome for record in records} == {"answered"}  # whoever waits long enough is answered
    assert all(record.state is State.CLOSED for record in records)
    worst = {name: max(r.wait or 0 for r in records if r.project == name) for name in SHARES}
    assert worst["gas"] < 120 < worst["tax"]  # priority is worth something, and the crowd was one
    assert crowd.idle_checks > 1000

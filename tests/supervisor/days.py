"""Days with several runs of the engine, in each of which anything happens; what is cut off is found by the next one."""

from __future__ import annotations

import random

from calls.events import EngineStarted, PhoneRegistered
from calls.journal import Entry
from calls.notes import NoteMoved
from calls.outages import CallAdopted, CallForgotten, DegradedCallEnded, DegradedWay
from engine.call import Call
from engine.engine import Engine
from tests.engine.any_outages import STATES
from tests.engine.test_hundred_thousand import CENTRES, SEATS, STEPS_BY_WEIGHT, AnyThing

WAYS: tuple[DegradedWay, ...] = ("closed", "rang", "backup")
GAPS = (0.5, 60.0, 2000.0)
PROJECTS = ("tax", "water", "gas", "gone", "")


class Day:
    """`runs`: the journal of each run, its entries numbered from 1."""

    def __init__(self, seed: int, runs: int = 3, steps: int = 250) -> None:
        self.runs: list[list[Entry]] = []
        self._chance = random.Random(seed)
        self._seed = seed
        self._steps = steps
        self._alone: list[DegradedCallEnded] = []
        machine: AnyThing | None = None
        for number in range(runs):
            machine = self._run(number, machine)
            self.runs.append(machine.entries)

    @property
    def entries(self) -> list[Entry]:
        """All of them, one run after the other."""
        return [entry for run in self.runs for entry in run]

    def _run(self, number: int, before: AnyThing | None) -> AnyThing:
        chance, machine = self._chance, AnyThing()
        machine.centre, machine.said = CENTRES[self._seed % len(CENTRES)], {}
        machine.engine, machine.found = Engine(machine.centre), 1000 * number
        if before is not None:
            machine.now = before.now + chance.choice(GAPS)
        machine._happens(EngineStarted(machine.centre.digest(), f"x{self._seed % 4096:03x}{number}"))
        for phone in SEATS:
            machine._happens(PhoneRegistered(phone))
        forgotten = self._found(machine, before, number) if before is not None else []
        weights = [weight for weight, _ in STEPS_BY_WEIGHT]
        for step, (_, act) in enumerate(chance.choices(STEPS_BY_WEIGHT, weights, k=self._steps)):
            act(machine, chance)
            if step == self._steps // 4:
                for call in forgotten:
                    machine._happens(CallForgotten(call))
            if chance.random() < 0.02:
                self._dealt_with_alone(machine)
        return machine

    def _found(self, machine: AnyThing, before: AnyThing, number: int) -> list[str]:
        """Some of the calls that were cut off Asterisk still has; the others are those that are forgotten."""
        left = [call for call in before.engine.floor.calls.values() if call.direction == "in"]
        chance = self._chance
        for event in self._alone[-2:]:  # they were not marked as told before the engine died
            machine._happens(event)
        forgotten = []
        for call in left:
            if chance.random() < 0.5:
                machine._happens(_adopted(call, number, machine.now, chance))
            else:
                forgotten.append(call.id)
        over = _over(before.entries)
        if over and chance.random() < 0.5:
            machine._happens(CallAdopted(f"again{number}", over[-1], "tax", "0480000001", "", "flow"))
        return forgotten

    def _dealt_with_alone(self, machine: AnyThing) -> None:
        chance = self._chance
        if self._alone and chance.random() < 0.3:
            machine._happens(chance.choice(self._alone))
            return
        arrived = machine.now - chance.choice([20.0, 900.0, 4000.0])
        answered = chance.choice([0.0, arrived + 9.5])
        way: DegradedWay = chance.choice(WAYS)
        call = f"degraded-{self._seed}.{len(self._alone)}"
        event = DegradedCallEnded(call, "tax", "1", "", arrived, answered, arrived + 15.25, way)
        self._alone.append(event)
        machine._happens(event)


def _adopted(call: Call, number: int, now: float, chance: random.Random) -> CallAdopted:
    name, state = f"r{number}-{call.leg}", chance.choice(STATES)
    talks = state == "talking"
    return CallAdopted(
        name, call.id, call.project.project, call.number, call.caller, state, 1, call.queue,
        now - chance.choice([0.0, 30.0, 2500.0]), 0.0, chance.choice(SEATS),
        f"{call.id}.s{number}0000" if talks else "", f"{call.id}.b{number}0000" if talks else "",
    )  # fmt: skip


def _over(entries: list[Entry]) -> list[str]:
    """The callers' calls that were over at the very end, in their order."""
    return [
        note.call
        for entry in entries
        for note in entry.commands
        if isinstance(note, NoteMoved) and note.state == "CLOSED" and entry.at > entries[-1].at - 60.0
    ]

"""Drives the very same engine as the telephone does, on virtual time."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple

from calls.command import Command
from calls.event import Event
from calls.events import DigitPressed, EngineStarted, GuidanceFinished, PhoneRegistered
from calls.journal import Entry
from calls.requests import SeatLoggedIn, SeatLoggedOut, SeatPaused, SeatReadied
from engine.engine import Engine
from engine.machine import Machine
from sim.clock import Clock
from sim.counting.account import Account
from sim.counting.books import balance
from sim.counting.half_hours import Watch
from sim.edge import Act
from sim.scenario import Scenario
from sim.world import World, build

Journal = Callable[[Entry], None]
Sequel = Callable[[Any, list[Command], float], None]
"""What follows an event itself, once its commands are obeyed."""
RARELY = (200_000, 50, 100)


class Result(NamedTuple):
    """What a run leaves: its figures, the engine as it stands at the end, and the wall time (seconds)."""

    summary: dict[str, Any]
    engine: Machine
    seconds: float


def run(scenario: Scenario, journal: Journal | None = None, watch: Watch | None = None) -> Result:
    """Simulate a scenario until the last caller is gone and the last deadline over.

    `journal` is given every entry as it is made; nothing is kept here. `watch` hears of each day that begins. Raises
    ConfigurationError or sim.arrivals.NoArrivalsError where the scenario cannot be run, and
    sim.counting.books.BooksError where its figures contradict each other.
    """
    return Run(build(scenario), journal, watch=watch).to_the_end()


class Run:
    """One run of one world; with the engine of its centre, unless another one is given."""

    def __init__(
        self,
        world: World,
        journal: Journal | None = None,
        engine: Machine | None = None,
        watch: Watch | None = None,
    ) -> None:
        self._world = world
        self._journal = journal
        self._account = Account(world, watch)
        self.figures = self._account.figures
        self._staffed = self._account.staffed
        self.engine: Machine = engine or Engine(world.centre)
        self._clock = Clock(world.start())
        self._edge = world.edge(self._clock)
        self._acts = merged(self._edge.acts, self.figures.notes)
        self._sequels: dict[type[Event], Sequel] = {
            GuidanceFinished: self._edge.finished,
            DigitPressed: self._edge.pressed,
            SeatLoggedIn: self._change_shift,
            SeatLoggedOut: self._change_shift,
            PhoneRegistered: self._staffed.changed,
            SeatPaused: self._staffed.changed,
            SeatReadied: self._staffed.changed,
        }
        self._changes = world.shifts.after(self._clock.now)
        self._planned: Event | None = None

    def to_the_end(self) -> Result:
        """Run it; the garbage collector looks away meanwhile, and is as it was afterwards."""
        began = time.perf_counter()
        with rare_collection():
            self._open()
            self._loop()
        seconds = time.perf_counter() - began
        self._account.close(self._clock.now)
        summary = self._account.summary(seconds, self._edge.redials)
        balance(self.figures, self._account.levels, summary["half_hours"])
        return Result(summary, self.engine, seconds)

    def _open(self) -> None:
        start, clock = self._clock.now, self._clock
        clock.at_once(EngineStarted(self._world.centre.digest()))
        for event in self._world.shifts.opening(start):
            clock.at_once(event)
        self._edge.next_arrival()
        at, self._planned = next(self._changes, (0.0, None))
        if self._planned is not None:
            clock.at(at, self._planned)

    def _change_shift(self, event: Event, commands: list[Command], now: float) -> None:
        """Plan the next change of the staff, as long as there is anybody to be there for."""
        self._staffed.changed(event, commands, now)
        waited_for = self._edge.more_to_come or self.figures.open_calls or self.engine.floor.callbacks
        if event is not self._planned or not waited_for:
            return
        at, self._planned = next(self._changes, (0.0, None))
        if self._planned is not None:
            self._clock.at(at, self._planned)

    def _loop(self) -> None:
        clock, engine = self._clock, self.engine
        journal, acts, sequels = self._journal, self._acts, self._sequels
        number = 0
        while (event := clock.next_for(engine)) is not None:
            now = clock.now
            commands = engine.handle(event, now)
            if journal is not None:
                number += 1
                journal(Entry(number, now, event, commands))
            for command in commands:
                act = acts.get(type(command))
                if act is not None:
                    act(command, now)
            sequel = sequels.get(type(event))
            if sequel is not None:
                sequel(event, commands, now)


def merged(acts: dict[type[Command], Act], notes: dict[type[Command], Act]) -> dict[type[Command], Act]:
    """One table of both: where a command is in both, the edge acts first."""
    both: dict[type[Command], Act] = {
        kind: _InTurn(acts[kind], notes[kind]).do for kind in acts.keys() & notes.keys()
    }
    return acts | notes | both


class _InTurn:
    def __init__(self, first: Act, second: Act) -> None:
        self._first = first
        self._second = second

    def do(self, command: Any, now: float) -> None:
        self._first(command, now)
        self._second(command, now)


@contextmanager
def rare_collection() -> Iterator[None]:
    """A run makes no cycles: collecting is put off, once in a great many objects, then as it was before.

    Inside another one it does nothing: whoever makes many short runs enters it once around all of them.
    """
    thresholds = gc.get_threshold()
    if thresholds == RARELY:
        yield
        return
    gc.freeze()  # what is there already need not be looked at; to collect it first would take as long as a short run
    gc.set_threshold(*RARELY)
    try:
        yield
    finally:
        gc.set_threshold(*thresholds)
        gc.unfreeze()

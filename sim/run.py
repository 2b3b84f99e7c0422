"""Drives the very same engine as the telephone does, on virtual time."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple, Protocol

from calls.command import Command
from calls.event import Event
from calls.events import DigitPressed, EngineStarted, GuidanceFinished
from calls.journal import Entry
from calls.requests import SeatLoggedIn, SeatLoggedOut
from engine.engine import Engine
from engine.floor import Floor
from sim.clock import Clock
from sim.edge import Act
from sim.figures import Figures
from sim.judgement import Judgement
from sim.scenario import Scenario
from sim.shifts import staffed_seat_seconds
from sim.world import World, build

Journal = Callable[[Entry], None]
Sequel = Callable[[Any, list[Command], float], None]
"""What follows an event itself, once its commands are obeyed."""


class AnyEngine(Protocol):
    """The engine, or one that comes back from crashes (`sim.crash`)."""

    @property
    def floor(self) -> Floor:
        """What it holds in its hands."""

    def handle(self, event: Event, now: float) -> list[Command]:
        """Take one event in."""

    def next_deadline(self) -> float | None:
        """When it has to be told that time has passed."""


class Result(NamedTuple):
    """What a run leaves: its figures, the engine as it stands at the end, and the wall time (seconds)."""

    summary: dict[str, Any]
    engine: AnyEngine
    seconds: float


def run(scenario: Scenario, journal: Journal | None = None) -> Result:
    """Simulate a scenario until the last caller is gone and the last deadline over.

    `journal` is given every entry as it is made; nothing is kept here. Raises ConfigurationError or
    sim.arrivals.NoArrivalsError where the scenario cannot be run.
    """
    return Run(build(scenario), journal).to_the_end()


class Run:
    """One run of one world; with the engine of its centre, unless another one is given."""

    def __init__(self, world: World, journal: Journal | None = None, engine: AnyEngine | None = None) -> None:
        self._world = world
        self._journal = journal
        self._judgement = Judgement(world.project.promise, world.project.timezone)
        self.figures = Figures(self._judgement.ended)
        self.engine: AnyEngine = engine or Engine(world.centre)
        self._clock = Clock(world.start())
        self._edge = world.edge(self._clock)
        self._acts = merged(self._edge.acts, self.figures.notes)
        self._sequels: dict[type[Event], Sequel] = {
            GuidanceFinished: self._edge.finished,
            DigitPressed: self._edge.pressed,
            SeatLoggedIn: self._change_shift,
            SeatLoggedOut: self._change_shift,
        }
        self._changes = world.shifts.after(self._clock.now)
        self._planned: Event | None = None

    def to_the_end(self) -> Result:
        """Run it; the garbage collector looks away meanwhile, and is as it was afterwards."""
        began = time.perf_counter()
        with rare_collection():
            self._open()
            self._loop()
        return Result(self.summary(seconds := time.perf_counter() - began), self.engine, seconds)

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
        waited_for = self._edge.more_to_come or self.figures.open_calls or self.engine.floor.callbacks
        if event is not self._planned or not waited_for:
            return
        at, self._planned = next(self._changes)
        self._clock.at(at, self._planned)

    def _loop(self) -> None:
        clock, handle, deadline = self._clock, self.engine.handle, self.engine.next_deadline
        journal, acts, sequels = self._journal, self._acts, self._sequels
        number = 0
        while (event := clock.next(deadline)) is not None:
            now = clock.now
            commands = handle(event, now)
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

    def summary(self, seconds: float) -> dict[str, Any]:
        """The figures, with the verdict on the promise."""
        world, figures = self._world, self.figures
        end = max(figures.last_at, world.start())
        staffed = staffed_seat_seconds(world.shifts, world.hours, world.zone, world.start(), end)
        summary = figures.summary(staffed) | self._judgement.summary()
        return summary | {"calls_per_second": round(figures.offered / seconds, 1) if seconds else None}


def merged(acts: dict[type[Command], Act], notes: dict[type[Command], Act]) -> dict[type[Command], Act]:
    """One table of both: where a command is in both, the edge acts first."""
    both = {kind: _in_turn(acts[kind], notes[kind]) for kind in acts.keys() & notes.keys()}
    return acts | notes | both


def _in_turn(first: Act, second: Act) -> Act:
    def do(command: Any, now: float) -> None:
        first(command, now)
        second(command, now)

    return do


@contextmanager
def rare_collection() -> Iterator[None]:
    """The run makes no cycles: collecting is put off, once in a great many objects, then as it was before."""
    thresholds = gc.get_threshold()
    gc.collect()
    gc.freeze()
    gc.set_threshold(200_000, 50, 100)
    try:
        yield
    finally:
        gc.set_threshold(*thresholds)
        gc.unfreeze()

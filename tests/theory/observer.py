"""Reads what theory speaks of straight from a journal, by other ways than `sim.figures` does."""

from __future__ import annotations

import math
import statistics
from collections.abc import Sequence

from calls.journal import Entry
from calls.lifecycle import Move, Outcome
from calls.notes import NoteArrived, NoteMoved, NoteOutcome
from sim.run import run
from sim.scenario import Scenario

BATCHES = 20


class Observer:
    """Waits and outcomes in the order of arrival, and the waiting line over time."""

    def __init__(self) -> None:
        self.arrived: dict[str, float] = {}
        self.waits: dict[str, float] = {}
        self.outcomes: dict[str, Outcome] = {}
        self.line = 0
        self.line_seconds = 0.0
        self._line_at = 0.0

    def feed(self, entry: Entry) -> None:
        """Take one entry in."""
        for command in entry.commands:
            if isinstance(command, NoteArrived):
                self.arrived[command.call] = entry.at
            elif isinstance(command, NoteOutcome):
                self.outcomes[command.call] = command.outcome
                self.waits[command.call] = entry.at - self.arrived[command.call]
            elif isinstance(command, NoteMoved):
                self._moved(command, entry.at)

    def _moved(self, note: NoteMoved, at: float) -> None:
        joins, leaves = note.move is Move.QUEUED, note.move in (Move.OFFERED, Move.HUNG_UP)
        if joins or leaves:
            self.line_seconds += self.line * (at - self._line_at)
            self._line_at = at
            self.line += 1 if joins else -1

    def in_order(self) -> list[float]:
        """The waits in the order of arrival."""
        return [self.waits[call] for call in self.arrived]

    def share(self, outcome: Outcome) -> list[float]:
        """1 or 0 for each call in the order of arrival."""
        return [float(self.outcomes[call] is outcome) for call in self.arrived]


def observed(scenario: Scenario) -> Observer:
    """A whole run, observed."""
    observer = Observer()
    run(scenario, observer.feed)
    return observer


def assert_mean(values: Sequence[float], exact: float) -> None:
    """The mean is within 3 standard errors of `exact`, by batch means (calls near each other hang together)."""
    size = len(values) // BATCHES
    batches = [statistics.fmean(values[start : start + size]) for start in range(0, size * BATCHES, size)]
    error = statistics.stdev(batches) / math.sqrt(BATCHES)
    assert error < 0.1 * exact + 0.005  # a run too short to say anything would pass everything
    assert abs(statistics.fmean(batches) - exact) <= 3 * error

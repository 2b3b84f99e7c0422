"""Reads what theory speaks of straight from a journal, by other ways than `sim.counting.figures` does."""

from __future__ import annotations

import math
import statistics
from collections.abc import Sequence

import pytest

from calls.journal import Entry
from calls.lifecycle import Outcome, State
from calls.notes import NoteArrived, NoteMoved, NoteOutcome
from sim.run import run
from sim.scenario import Scenario

BATCHES = 20
IN_LINE, AT_A_SEAT = frozenset({State.QUEUED, State.RINGING}), frozenset({State.TALKING, State.WRAP_UP})


class Level:
    """How many calls are in some state, and the area under that over time (call-seconds)."""

    def __init__(self) -> None:
        self.inside: set[str] = set()
        self.most = 0
        self.area = 0.0
        self._at = 0.0

    def note(self, call: str, at: float, *, inside: bool) -> None:
        """From now on a call is inside, or not."""
        if inside != (call in self.inside):
            self.area += len(self.inside) * (at - self._at)
            self._at = at
            self.inside ^= {call}
            self.most = max(self.most, len(self.inside))


class Observer:
    """Waits (from joining the line to the outcome) and outcomes in the order of arrival; the line and the seats over
    time."""

    def __init__(self) -> None:
        self.arrived: dict[str, float] = {}
        self.joined: dict[str, float] = {}
        self.waits: dict[str, float] = {}
        self.outcomes: dict[str, Outcome] = {}
        self.ended: set[str] = set()
        self.line, self.seats = Level(), Level()
        self.queues: dict[str, str] = {}

    def feed(self, entry: Entry) -> None:
        """Take one entry in."""
        for command in entry.commands:
            if isinstance(command, NoteArrived):
                self.arrived[command.call] = entry.at
            elif isinstance(command, NoteOutcome):
                assert command.call not in self.outcomes  # each call has exactly one
                self.outcomes[command.call] = command.outcome
                self.waits[command.call] = entry.at - self.joined.get(command.call, entry.at)
            elif isinstance(command, NoteMoved):
                self._moved(command, entry.at)

    def _moved(self, note: NoteMoved, at: float) -> None:
        self.line.note(note.call, at, inside=note.state in IN_LINE)
        self.seats.note(note.call, at, inside=note.state in AT_A_SEAT)
        if note.state is State.QUEUED:
            self.joined.setdefault(note.call, at)
            self.queues[note.call] = note.queue
        if note.state is State.CLOSED:
            self.ended.add(note.call)

    def in_order(self, queue: str = "") -> list[float]:
        """The waits in the order of arrival, of all or of one queue."""
        return [self.waits[call] for call in self.arrived if queue in ("", self.queues.get(call))]

    def outcomes_in_order(self) -> list[Outcome]:
        """What became of each, in the order of arrival."""
        return [self.outcomes[call] for call in self.arrived]

    def share(self, outcome: Outcome) -> list[float]:
        """1 or 0 for each call in the order of arrival."""
        return [float(self.outcomes[call] is outcome) for call in self.arrived]

    def answered_within(self, seconds: float) -> list[float]:
        """1 or 0 for each call in the order of arrival."""
        answered = Outcome.ANSWERED
        return [float(self.outcomes[c] is answered and self.waits[c] <= seconds) for c in self.arrived]

    def check_laws(self) -> None:
        """Whatever a run was: nobody is lost or counted twice, and the line obeys Little's law exactly.

        The area under the line over time is the sum of all waits: both are counted by themselves.
        """
        assert self.arrived.keys() == self.outcomes.keys() == self.ended
        assert not self.line.inside
        assert not self.seats.inside
        assert self.line.area == pytest.approx(sum(self.waits.values()), rel=1e-6, abs=1e-3)


def observed(scenario: Scenario) -> Observer:
    """A whole run, observed; the laws that hold for each are checked on it."""
    observer = Observer()
    result = run(scenario, observer.feed)
    observer.check_laws()
    assert result.summary["offered"] == len(observer.arrived) == sum(result.summary["outcomes"].values())
    return observer


def assert_mean(values: Sequence[float], exact: float) -> None:
    """The mean is within 3 standard errors of `exact`, by batch means (calls near each other hang together)."""
    size = len(values) // BATCHES
    batches = [statistics.fmean(values[start : start + size]) for start in range(0, size * BATCHES, size)]
    error = statistics.stdev(batches) / math.sqrt(BATCHES)
    assert error < 0.1 * exact + 0.005  # a run too short to say anything would pass everything
    assert abs(statistics.fmean(batches) - exact) <= 3 * error

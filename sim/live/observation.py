"""What a live run was like, folded from the journal while it runs: talks at once, latencies, outcomes so far."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from calls.commands import RingSeat
from calls.events import LegRang
from calls.journal import Entry
from calls.lifecycle import Move, State
from calls.notes import NoteMoved, NoteOutcome


@dataclass
class Observation:
    """Latencies in ms.

    `ring`: from the step in which the engine could act to the operator's telephone ringing; `bridge`: the same to
    both being in the bridge. The engine can act when the caller has taken his place in the line; where the
    flow says nothing before, that is the moment of his entry. Only calls count that found a free seat:
    the others measure how busy the operators were.
    """

    calls: int = 0
    most_talking: int = 0
    states: Counter[State] = field(default_factory=Counter)
    outcomes: Counter[str] = field(default_factory=Counter)
    ring: list[float] = field(default_factory=list)
    bridge: list[float] = field(default_factory=list)
    _state: dict[str, State] = field(default_factory=dict)
    _queued: dict[str, float] = field(default_factory=dict)
    _legs: dict[str, str] = field(default_factory=dict)
    _at_once: set[str] = field(default_factory=set)

    def feed(self, entry: Entry) -> None:
        """Take one entry in."""
        for command in entry.commands:
            if isinstance(command, NoteMoved):
                self._moved(command, entry.at)
            elif isinstance(command, NoteOutcome):
                self.outcomes[command.outcome] += 1
            elif isinstance(command, RingSeat) and self._queued.get(command.call) == entry.at:
                self._legs[command.leg] = command.call
                self._at_once.add(command.call)
        if isinstance(entry.event, LegRang) and entry.event.leg in self._legs:
            self.ring.append((entry.at - self._queued[self._legs[entry.event.leg]]) * 1000)

    def _moved(self, note: NoteMoved, at: float) -> None:
        before = self._state.get(note.call)
        if before is None:
            self.calls += 1
        else:
            self.states[before] -= 1
        self._state[note.call] = note.state
        self.states[note.state] += 1
        self.most_talking = max(self.most_talking, self.states[State.TALKING])
        if note.move is Move.QUEUED:
            self._queued[note.call] = at
        elif note.move is Move.ANSWERED and note.call in self._at_once:
            self.bridge.append((at - self._queued[note.call]) * 1000)

    def latency_ms(self) -> dict[str, float | None]:
        """`ring_p50, ring_p99, bridge_p50, bridge_p99`, rounded to 0.01 ms."""
        return {
            "ring_p50": percentile(self.ring, 50),
            "ring_p99": percentile(self.ring, 99),
            "bridge_p50": percentile(self.bridge, 50),
            "bridge_p99": percentile(self.bridge, 99),
        }


def percentile(values: Sequence[float], share: float) -> float | None:
    """The smallest value that `share` percent of all do not exceed (nearest rank); None of nothing."""
    if not values:
        return None
    rank = max(1, math.ceil(share / 100 * len(values)))
    return round(sorted(values)[rank - 1], 2)

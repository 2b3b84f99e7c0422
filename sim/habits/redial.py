"""Callers who did not get through and try again."""

from __future__ import annotations

from calls.lifecycle import OUTCOME, Outcome
from calls.notes import NoteArrived, NoteOutcome
from sim.clock import Clock
from sim.edge import Edge
from sim.habits.habit import usual
from sim.people import Caller, Callers
from sim.randomness import Sampler

BUSY = (OUTCOME.BLOCKED, OUTCOME.OVERFLOWED, OUTCOME.TIMED_OUT)
ABANDONED = (OUTCOME.ABANDONED_QUEUE,)


class Again:
    """Some (`share`) of those who failed in one way try again after a `wait`."""

    def __init__(self, share: float, wait: Sampler) -> None:
        self.share = share
        self.wait = wait


class Redialling:
    """Each try is a call of its own with the same number, and with the same inquiry; its patience is drawn anew.

    `ways`: by outcome. `most`: so often at most. Nobody dials after `until` (seconds since 1970 UTC). Calls of ours are
    none of theirs.
    """

    def __init__(
        self,
        edge: Edge,
        clock: Clock,
        callers: Callers,
        ways: dict[Outcome, Again],
        most: int,
        decide: Sampler,
        patience: Sampler | None,
        until: float,
    ) -> None:
        self._edge = edge
        self._clock = clock
        self._callers = callers
        self._ways = ways
        self._most = most
        self._decide = decide
        self._patience = patience
        self._until = until
        self._coming: dict[str, Caller] = {}
        self._arrives, self._ends = usual(edge, NoteArrived), usual(edge, NoteOutcome)
        edge.acts[NoteArrived] = self._arrived
        edge.acts[NoteOutcome] = self._decided

    def _arrived(self, note: NoteArrived, now: float) -> None:
        caller = self._coming.pop(note.leg, None)
        if caller is None:
            self._arrives(note, now)
        else:
            self._edge.comes_back(note, caller)
            self._edge.await_again(-1)

    def _decided(self, note: NoteOutcome, now: float) -> None:
        caller, way = self._edge.caller_of(note.call), self._ways.get(note.outcome)
        self._ends(note, now)
        if caller is None or way is None or caller.tries >= self._most or caller.is_called:
            return
        if self._decide() < way.share:
            self._plan(caller, now + way.wait())

    def _plan(self, before: Caller, at: float) -> None:
        if at >= self._until:
            return
        call = self._callers.dial_again(before.leg, before.tries + 1)
        caller = Caller(call.leg, before.talk, self._patience() if self._patience else None, None)
        caller.kind, caller.measure, caller.tries = before.kind, before.measure, before.tries + 1
        self._coming[call.leg] = caller
        self._edge.await_again(1)
        self._clock.at(at, call)

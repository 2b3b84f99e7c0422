"""Rings that nobody picks up, and the operator who comes back."""

from __future__ import annotations

from calls.commands import RingSeat
from calls.lifecycle import SEAT
from calls.notes import NoteSeat
from calls.requests import SeatReadied
from sim.clock import Clock, Plan
from sim.edge import Edge
from sim.habits.habit import usual
from sim.randomness import Sampler


class Absences:
    """At some rings (`share`) nobody is there; the operator is `away` for a while, and misses every ring until then.

    When he is back and the engine has taken his seat out of rotation meanwhile, he takes calls again.
    """

    def __init__(self, edge: Edge, clock: Clock, share: float, decide: Sampler, away: Sampler) -> None:
        self._edge = edge
        self._clock = clock
        self._share = share
        self._decide = decide
        self._away = away
        self._back_at: dict[str, float] = {}
        self._returning: dict[str, Plan] = {}
        self._rings, self._changes = usual(edge, RingSeat), usual(edge, NoteSeat)
        edge.acts[RingSeat] = self._rung
        edge.acts[NoteSeat] = self._changed

    def _rung(self, command: RingSeat, now: float) -> None:
        if self._is_away(command.seat, now):
            self._edge.rings_for_him(command, now)
        else:
            self._rings(command, now)

    def _is_away(self, seat: str, now: float) -> bool:
        if self._back_at.get(seat, 0.0) > now:
            return True
        away = self._decide() < self._share
        if away:
            self._back_at[seat] = now + self._away()
        return away

    def _changed(self, note: NoteSeat, now: float) -> None:
        self._changes(note, now)
        self._clock.call_off(self._returning.pop(note.seat, None))
        if note.state is SEAT.NOT_ANSWERING:
            at = max(now, self._back_at.get(note.seat, now))
            self._returning[note.seat] = self._clock.at(at, SeatReadied(note.seat))

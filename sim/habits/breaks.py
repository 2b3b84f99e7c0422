"""Operators take their breaks: those of their shift, and short ones at any time."""

from __future__ import annotations

from calls.lifecycle import SEAT
from calls.notes import NoteSeat
from calls.requests import SeatPaused, SeatReadied
from sim.clock import Clock, Plan
from sim.edge import Edge
from sim.habits.habit import usual
from sim.randomness import Sampler
from sim.shifts import Shifts

PLANNED, SHORT = "break", "short break"
"""The reasons that are given for them."""


class Breaks:
    """A break begins at its time, or after the call in progress then, and has its full length.

    `every`, `length`: of short breaks; None: there are none. Nobody takes one after the last caller has come: a run
    would never end.
    """

    def __init__(
        self, edge: Edge, clock: Clock, shifts: Shifts, every: Sampler | None, length: Sampler | None
    ) -> None:
        self._edge = edge
        self._clock = clock
        self._shifts = shifts
        self._every = every
        self._length = length
        self._planned: dict[str, list[tuple[float, float]]] = {}
        self._resting: dict[str, Plan] = {}
        self._short: dict[str, Plan] = {}
        self._changes = usual(edge, NoteSeat)
        edge.acts[NoteSeat] = self._changed

    def _changed(self, note: NoteSeat, now: float) -> None:
        self._changes(note, now)
        seat, state = note.seat, note.state
        if state is SEAT.LOGGED_OUT:
            self._leaves(seat)
        elif seat not in self._planned:
            self._comes(seat, now)
        if state is SEAT.BREAK:
            self._rests(note, now)
        elif seat in self._resting:
            self._clock.call_off(self._resting.pop(seat))
            self._plan_short(seat, now)

    def _comes(self, seat: str, now: float) -> None:
        self._planned[seat] = self._shifts.breaks(seat, now)
        for at, _ in self._planned[seat]:
            self._clock.at(at, SeatPaused(seat, PLANNED))
        self._plan_short(seat, now)

    def _leaves(self, seat: str) -> None:
        self._planned.pop(seat, None)
        self._clock.call_off(self._resting.pop(seat, None))
        self._clock.call_off(self._short.pop(seat, None))

    def _rests(self, note: NoteSeat, now: float) -> None:
        self._clock.call_off(self._resting.pop(note.seat, None))
        at = now + self._length_of(note, now)
        self._resting[note.seat] = self._clock.at(at, SeatReadied(note.seat))

    def _length_of(self, note: NoteSeat, now: float) -> float:
        if note.reason == SHORT and self._length is not None:
            return self._length()
        begun = [length for at, length in self._planned.get(note.seat, ()) if at <= now]
        return begun[-1] if begun else 0.0

    def _plan_short(self, seat: str, now: float) -> None:
        self._clock.call_off(self._short.pop(seat, None))
        if self._every is not None and self._edge.more_to_come and seat in self._planned:
            self._short[seat] = self._clock.at(now + self._every(), SeatPaused(seat, SHORT))

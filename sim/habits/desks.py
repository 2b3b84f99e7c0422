"""Operators who differ: quick and slow ones, and records that depend on what the call was about."""

from __future__ import annotations

from collections.abc import Mapping

from calls.commands import ConnectLegs, HangUp, RingSeat
from calls.lifecycle import OUTCOME, SEAT, SeatState
from calls.notes import NoteOutcome, NoteSeat
from calls.requests import CallClassified, WrapUpFinished
from sim.clock import Clock, Plan
from sim.edge import Edge
from sim.habits.habit import usual
from sim.habits.inquiries import Inquiries
from sim.randomness import Sampler


class Paces:
    """Each operator has a factor on the talks at his seat."""

    def __init__(self, edge: Edge, factors: Mapping[str, float]) -> None:
        self._edge = edge
        self._factors = factors
        self._seats: dict[str, str] = {}
        self._rings, self._connects = usual(edge, RingSeat), usual(edge, ConnectLegs)
        self._hangs_up = usual(edge, HangUp)
        edge.acts |= {RingSeat: self._rung, ConnectLegs: self._connected, HangUp: self._hung_up}

    def _rung(self, command: RingSeat, now: float) -> None:
        self._seats[command.leg] = command.seat
        self._rings(command, now)

    def _connected(self, command: ConnectLegs, now: float) -> None:
        caller = self._edge.caller_on(command.caller_leg)
        seat = self._seats.pop(command.seat_leg, None)
        if caller is not None and seat is not None:
            caller.pace = self._factors[seat]
        self._connects(command, now)

    def _hung_up(self, command: HangUp, now: float) -> None:
        self._seats.pop(command.leg, None)
        self._hangs_up(command, now)


class Writing:
    """The wrap-up at each seat, by the factor of its operator and the class of the call; the class is recorded.

    `wrapup`: of calls of no class; None: nothing is written down. `recorded_in`: the state of a seat in which its
    operator gives the call its class.
    """

    def __init__(
        self,
        edge: Edge,
        clock: Clock,
        wrapup: Sampler | None,
        factors: Mapping[str, float],
        inquiries: Inquiries | None,
        recorded_in: SeatState,
    ) -> None:
        self._edge = edge
        self._clock = clock
        self._wrapup = wrapup
        self._factors = factors
        self._inquiries = inquiries
        self._recorded_in = recorded_in
        self._answered = ("", -1)
        self._kinds: dict[str, int] = {}
        self._plans: dict[str, Plan] = {}
        self._ends = usual(edge, NoteOutcome)
        edge.acts[NoteOutcome] = self._decided
        edge.acts[NoteSeat] = self._changed

    def _decided(self, note: NoteOutcome, now: float) -> None:
        caller = self._edge.caller_of(note.call)
        if caller is not None and note.outcome is OUTCOME.ANSWERED:
            self._answered = (note.call, caller.kind)  # who has answered is told next
        self._ends(note, now)

    def _changed(self, note: NoteSeat, now: float) -> None:
        self._clock.call_off(self._plans.pop(note.seat, None))
        if note.state is SEAT.TALKING and note.call == self._answered[0]:
            self._kinds[note.seat] = self._answered[1]
        kind = self._kinds.get(note.seat, -1)
        if self._inquiries is not None and kind >= 0 and note.state is self._recorded_in:
            self._record(note.seat, self._inquiries.kinds[kind].name)
        if note.state is SEAT.WRAP_UP and self._wrapup is not None:
            at = now + self._seconds(kind, self._wrapup) * self._factors.get(note.seat, 1.0)
            self._plans[note.seat] = self._clock.at(at, WrapUpFinished(note.seat))

    def _seconds(self, kind: int, wrapup: Sampler) -> float:
        return wrapup() if self._inquiries is None else self._inquiries.wrapup(kind, wrapup)

    def _record(self, seat: str, name: str) -> None:
        if name:
            self._clock.at_once(CallClassified(seat, name))

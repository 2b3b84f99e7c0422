"""The telephones of a recorded day: how long each rings for a caller, and how long is written about him."""

from __future__ import annotations

from collections.abc import Callable, MutableMapping
from typing import Any

from calls.command import Command
from calls.commands import ConnectLegs, HangUp, RingSeat, RingTelephone
from calls.events import LegAnswered, LegEnded, LegsConnected
from calls.lifecycle import SEAT
from calls.notes import NoteSeat
from calls.requests import WrapUpFinished
from sim.clock import Clock, Plan
from sim.learn.past_call import Ring, moved
from sim.learn.person import Laws, Person, Wrapups
from sim.randomness import Sampler

Act = Callable[[Any, float], None]
RING_S = 6.0
"""So long a telephone rings to which the flow transfers a caller, where the day has nothing like it."""


class PastPhones:
    """`acts`: the commands that it obeys. `by_call`, `by_leg`: the callers who are there, shared with the edge."""

    def __init__(
        self,
        clock: Clock,
        by_call: MutableMapping[str, Person],
        by_leg: MutableMapping[str, Person],
        wrapups: Wrapups,
        laws: Laws,
        uniforms: Sampler,
    ) -> None:
        self._clock = clock
        self._by_call = by_call
        self._by_leg = by_leg
        self._wrapups = wrapups
        self._laws = laws
        self._uniforms = uniforms
        self._ringing: dict[str, Plan] = {}
        self._writing: dict[str, Plan] = {}
        self._drawn: set[str] = set()
        self.acts: dict[type[Command], Act] = {
            NoteSeat: self._writes,
            RingSeat: self._rings,
            RingTelephone: self._dials,
            ConnectLegs: self._connects,
            HangUp: self._hangs_up,
        }

    def _hangs_up(self, command: HangUp, now: float) -> None:
        Clock.call_off(self._ringing.pop(command.leg, None))
        person = self._by_leg.pop(command.leg, None)
        if person is not None:
            Clock.call_off(person.plan)
        self._clock.at_once(LegEnded(command.leg))

    def _rings(self, command: RingSeat, now: float) -> None:
        person = self._by_call.get(command.call)
        self._ring(command.leg, person.next_ring() if person is not None else None, now)

    def _ring(self, leg: str, ring: Ring | None, now: float) -> None:
        if ring is not None and ring.answered is not None:
            at, event = moved(now, ring.began, ring.answered), LegAnswered(leg)
            self._ringing[leg] = self._clock.at(at, event)
        elif ring is not None and ring.ended is not None:
            self._ringing[leg] = self._clock.at(moved(now, ring.began, ring.ended), LegEnded(leg, ring.cause))
        elif ring is None or not ring.missed:
            self._ring_drawn(
                leg, 0.0 if ring is None or ring.silenced is None else ring.silenced - ring.began, now
            )

    def _ring_drawn(self, leg: str, rang: float, now: float) -> None:
        """One of the day's rings that lasted longer than this one did; where there is none, nobody was there."""
        longer = [seconds for seconds in self._laws.rings if seconds > rang]
        if longer or not rang:
            seconds = longer[int(self._uniforms() * len(longer))] if longer else rang
            self._ringing[leg] = self._clock.at(now + seconds, LegAnswered(leg))
            self._drawn.add(leg)

    def _dials(self, command: RingTelephone, now: float) -> None:
        person = self._by_call.get(command.call)
        if person is not None and not command.caller_leg:
            person.leg, self._by_leg[command.leg] = command.leg, person
        ring = person.next_dial() if person is not None else None
        if ring is None:
            self._ringing[command.leg] = self._clock.at(now + RING_S, LegAnswered(command.leg))
        else:
            self._ring(command.leg, ring, now)

    def _connects(self, command: ConnectLegs, now: float) -> None:
        self._ringing.pop(command.seat_leg, None)
        person, at = self._by_leg.get(command.caller_leg), now
        if person is not None and command.seat_leg in self._drawn:
            person.assumed.add("ring")
        if person is not None and person.connects < len(person.past.connects):
            span = person.past.connects[person.connects]
            person.connects += 1
            at = moved(now, span.began, span.ended or span.began)
        self._clock.at(at, LegsConnected(command.bridge))

    def _writes(self, note: NoteSeat, now: float) -> None:
        Clock.call_off(self._writing.pop(note.seat, None))
        if note.state is not SEAT.WRAP_UP:
            return
        person = self._by_call.get(note.call)
        span = self._wrapups.get(person.record.call) if person is not None else None
        if span is not None and span.ended is not None:
            at = moved(now, span.began, span.ended)
        else:
            law = self._laws.wrapup
            at = now + (law.draw(0.0, self._uniforms()) if law is not None else 0.0)
        self._writing[note.seat] = self._clock.at(at, WrapUpFinished(note.seat))

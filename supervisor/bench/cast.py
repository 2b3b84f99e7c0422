"""Who plays on the stage: callers, operators and their telephones, decided by chance that can be repeated.

They answer the engine's commands with the events that people and telephones would cause, in real time.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from msgspec.structs import replace

from calls.command import Command
from calls.commands import (
    ConnectLegs,
    HangUp,
    PlayGuidance,
    RingSeat,
    RingTelephone,
    SnoopLeg,
    StartMusic,
    StopGuidance,
)
from calls.event import Event
from calls.events import (
    CallArrived,
    GuidanceFinished,
    LegAnswered,
    LegEnded,
    LegRang,
    LegsConnected,
)
from calls.lifecycle import Outcome, SeatState
from calls.notes import NoteArrived, NoteOutcome, NoteSeat
from calls.requests import SeatPaused, SeatReadied, WrapUpFinished
from sim.clock import Clock, Plan
from sim.distributions import Duration
from sim.people import Caller, Callers
from sim.randomness import Draws, Sampler, Stream

AT_ONCE_S = 0.03
"""So long it takes until a telephone is on the hook, or a bridge stands."""


BREAK = "小休憩"


@dataclass(frozen=True)
class Habits:
    """How long things take, in seconds. `break_share`: of the records after which an operator takes a break."""

    talk: Duration = field(default=Duration(mean=24.0, distribution="lognormal", cv=0.8))
    patience: Duration = field(default=Duration(mean=1800.0))
    between: Duration = field(default=Duration(mean=0.8))
    record: Duration = field(default=Duration(mean=3.0))
    rest: Duration = field(default=Duration(mean=25.0))
    ring_s: float = 1.0
    guidance_s: float = 3.0
    break_share: float = 0.02


class Crowd:
    """The callers of one number: whoever is answered or gives up is followed by another one, a moment later.

    `wanted`: so many are in the flow or in the line at any time.
    """

    def __init__(self, number: str, wanted: int, habits: Habits, seed: int) -> None:
        def sampler(purpose: str, duration: Duration) -> Sampler:
            return duration.sampler(Stream(seed, f"{number}/{purpose}"))

        self.number = number
        self.wanted = wanted
        self.coming = 0
        self.unanswered: set[str] = set()
        self.between = sampler("between", habits.between)
        self.people = Callers(sampler("talk", habits.talk), sampler("patience", habits.patience), number)

    @property
    def missing(self) -> int:
        """How many are still to dial."""
        return self.wanted - len(self.unanswered) - self.coming

    def dial(self) -> CallArrived:
        """The next one dials."""
        self.coming += 1
        call = self.people.dial()
        return replace(call, leg=f"{self.number}-{call.leg}")

    def enter(self, note: NoteArrived) -> Caller:
        """He is in the flow."""
        self.coming -= 1
        self.unanswered.add(note.call)
        return self.people.enter(note.leg)


class Cast:
    """All people of the stage. `acts`: which command moves whom."""

    def __init__(self, clock: Clock, crowds: Iterable[Crowd], habits: Habits, seed: int) -> None:
        self._clock = clock
        self._habits = habits
        self._crowds = {crowd.number: crowd for crowd in crowds}
        self._record = habits.record.sampler(Stream(seed, "record"))
        self._rest = habits.rest.sampler(Stream(seed, "rest"))
        self._chance = Draws(Stream(seed, "breaks").uniforms).draw
        self._callers: dict[str, Caller] = {}
        self._calls: dict[str, tuple[Crowd, Caller]] = {}
        self._answering: dict[str, Plan] = {}
        self._writing: dict[str, Plan] = {}
        self.acts: dict[type[Command], Callable[[Any, float], object]] = {
            NoteArrived: self._arrived,
            NoteOutcome: self._decided,
            NoteSeat: self._at_seat,
            PlayGuidance: self._plays,
            StopGuidance: lambda command, now: self._soon(now, GuidanceFinished(command.playback)),
            StartMusic: self._waits,
            RingSeat: self._rings,
            RingTelephone: self._rings,
            ConnectLegs: lambda command, now: self._soon(now, LegsConnected(command.bridge)),
            SnoopLeg: lambda command, now: self._soon(now, LegAnswered(command.snoop)),
            HangUp: self._hangs_up,
        }

    def _soon(self, now: float, event: Event, after: float = AT_ONCE_S) -> Plan:
        return self._clock.at(now + after, event)

    # ---- callers

    def dial(self, now: float, *, at_once: bool = False) -> None:
        """As many callers as are missing dial, each after a while."""
        for crowd in self._crowds.values():
            while crowd.missing > 0:
                self._soon(now, crowd.dial(), 0.0 if at_once else crowd.between())

    def _arrived(self, note: NoteArrived, now: float) -> None:
        crowd = self._crowds.get(note.number)
        if crowd is not None and note.direction == "in":
            caller = self._callers[note.leg] = crowd.enter(note)
            self._calls[note.call] = crowd, caller

    def _waits(self, command: StartMusic, now: float) -> None:
        """Patience begins in the line."""
        caller = self._callers.get(command.leg)
        if caller is not None and caller.plan is None and caller.patience is not None:
            caller.plan = self._soon(now, LegEnded(caller.leg), caller.patience)

    def _decided(self, note: NoteOutcome, now: float) -> None:
        """Who is answered talks, and hangs up; anybody else is gone. Another one dials."""
        known = self._calls.pop(note.call, None)
        if known is None:
            return
        crowd, caller = known
        crowd.unanswered.discard(note.call)
        del self._callers[caller.leg]
        Clock.call_off(caller.plan)
        if note.outcome is Outcome.ANSWERED:
            self._soon(now, LegEnded(caller.leg), caller.talk)
        self.dial(now)

    # ---- telephones

    def _plays(self, command: PlayGuidance, now: float) -> None:
        self._soon(now, GuidanceFinished(command.playback), self._habits.guidance_s)

    def _rings(self, command: RingSeat | RingTelephone, now: float) -> None:
        self._soon(now, LegRang(command.leg))
        self._answering[command.leg] = self._soon(now, LegAnswered(command.leg), self._habits.ring_s)

    def _hangs_up(self, command: HangUp, now: float) -> None:
        Clock.call_off(self._answering.pop(command.leg, None))
        self._soon(now, LegEnded(command.leg))

    # ---- operators

    def _at_seat(self, note: NoteSeat, now: float) -> None:
        """Whoever has to write a record does so, and then takes the next call, or seldom a break."""
        Clock.call_off(self._writing.pop(note.seat, None))
        if note.state is SeatState.WRAP_UP:
            plan = self._soon(now, WrapUpFinished(note.seat), self._record())
            self._writing[note.seat] = plan
            if self._chance() < self._habits.break_share:
                self._soon(now, SeatPaused(note.seat, BREAK))
        elif note.state is SeatState.BREAK and note.reason == BREAK:
            self._writing[note.seat] = self._soon(now, SeatReadied(note.seat), self._rest())

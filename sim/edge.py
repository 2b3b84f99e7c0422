"""The virtual edge: turns the engine's commands into the events that telephones and people would cause."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from calls.command import Command
from calls.commands import (
    ConnectLegs,
    HangUp,
    PlayGuidance,
    RingSeat,
    RingTelephone,
    StartMessage,
    StartMusic,
    StopGuidance,
)
from calls.events import (
    DigitPressed,
    GuidanceFinished,
    LegAnswered,
    LegEnded,
    LegRang,
    LegsConnected,
    MessageFinished,
)
from calls.lifecycle import OUTCOME, SEAT
from calls.notes import NoteArrived, NoteCallback, NoteOutcome, NoteSeat
from calls.requests import WrapUpFinished
from engine.centre import Centre
from ivr.speech_length import estimated_seconds
from sim.clock import Clock, Plan
from sim.habits.menus import Menus
from sim.people import Caller, Callers, Keys, Operators

Act = Callable[[Any, float], None]
KEY_AFTER_S = 2.0
"""So long a caller thinks before he presses a key of a menu."""
DIGIT_AFTER_S, MOST_DIGITS = 0.5, 12
"""So long a caller takes from one digit of a number to the next, and so many he types at most."""
TRANSFER_RING_S = 6.0
"""So long a telephone rings to which the flow transfers a caller, or at which he is called back; somebody always
answers."""
MESSAGE_S = 20.0
"""So long is the message that a caller leaves, unless the flow has less time for it."""


class Guidances:
    """How long each guidance is; each is measured once."""

    def __init__(self, centre: Centre) -> None:
        self._projects = centre.projects
        self._seconds: dict[tuple[str, str, str], float] = {}

    def seconds(self, project: str, guidance: str, language: str) -> float:
        """The length of a text of a project, estimated from its letters; 0 where there is no such text."""
        key = (project, guidance, language)
        if key not in self._seconds:
            text = self._projects[project].guidance[guidance].texts.get(language, "")
            self._seconds[key] = estimated_seconds(text, language=language)
        return self._seconds[key]


class Edge:
    """Telephones, callers and operators. `acts` says which command it obeys; all others move nothing here.

    Music, recordings and answering take no time and cause no event. `more_to_come`: somebody will still call. What
    people do besides (see `sim.habits`) is put around these acts, where a scenario asks for it. `redials`: how many of
    the calls so far were of somebody who tried again. `menus`: knows which menu somebody listens to.
    """

    def __init__(
        self,
        clock: Clock,
        callers: Callers,
        operators: Operators,
        arrivals: Iterator[float],
        guidances: Guidances,
        keys: Keys | None = None,
    ) -> None:
        self._clock = clock
        self._people = callers
        self._operators = operators
        self._arrivals = arrivals
        self._guidances = guidances
        self._keys = keys
        self.menus: Menus | None = None
        self.more_to_come = True
        self.redials = 0
        self._some_left = True
        self._awaited = 0
        self._by_leg: dict[str, Caller] = {}
        self._by_call: dict[str, Caller] = {}
        self._wishes: dict[str, float] = {}
        self._playing: dict[str, tuple[Plan, str]] = {}
        self._ringing: dict[str, Plan] = {}
        self._writing: dict[str, Plan] = {}
        self.acts: dict[type[Command], Act] = {
            NoteArrived: self._arrived,
            NoteOutcome: self._decided,
            StartMusic: self._waits,
            RingSeat: self._rings if operators.ring else self._answers_at_once,
            RingTelephone: self._is_rung,
            NoteCallback: self._wishes_a_call,
            StartMessage: self._speaks,
            ConnectLegs: self._connects,
            HangUp: self._hangs_up,
            PlayGuidance: self._plays,
            StopGuidance: self._stops,
        }
        if operators.wrapup is not None:
            self.acts[NoteSeat] = self._writes

    # ---- callers

    def next_arrival(self) -> None:
        """Plan the next caller, if there is another one."""
        at = next(self._arrivals, None)
        if at is None:
            self._some_left = False
            self.more_to_come = self._awaited > 0
        else:
            self._clock.at(at, self._people.dial())

    def await_again(self, change: int) -> None:
        """So many more (or fewer) who have called before will call again."""
        self._awaited += change
        self.more_to_come = self._some_left or self._awaited > 0

    def caller_on(self, leg: str) -> Caller | None:
        """The caller on a leg, as long as nothing is decided of his call."""
        return self._by_leg.get(leg)

    def caller_of(self, call: str) -> Caller | None:
        """The caller of a call, as long as nothing is decided of it."""
        return self._by_call.get(call)

    def comes_back(self, note: NoteArrived, caller: Caller) -> None:
        """Somebody is there who has called before."""
        self._by_leg[note.leg] = self._by_call[note.call] = caller
        self.redials += 1

    def _arrived(self, note: NoteArrived, now: float) -> None:
        if note.direction != "in":
            ours = Caller("", self._wishes[note.caller], None, None)
            ours.is_called = True
            self._by_call[note.call] = ours
            return
        self._by_leg[note.leg] = self._by_call[note.call] = self._people.enter(note.leg)
        self.next_arrival()

    def _waits(self, command: StartMusic, now: float) -> None:
        self._lose_patience(self._by_leg[command.leg], now)

    def _lose_patience(self, caller: Caller, now: float) -> None:
        caller.leaves_at = None  # what he hears from here on is no first guidance
        if caller.plan is None and caller.patience is not None:
            caller.plan = self._clock.at(now + caller.patience, LegEnded(caller.leg))

    def _decided(self, note: NoteOutcome, now: float) -> None:
        caller = self._by_call.pop(note.call)
        self._by_leg.pop(caller.leg, None)  # who was not called back yet has none
        Clock.call_off(caller.plan)
        if note.outcome is OUTCOME.ANSWERED:
            self._clock.at(now + caller.talk * caller.pace, LegEnded(caller.leg))

    def _hangs_up(self, command: HangUp, now: float) -> None:
        Clock.call_off(self._ringing.pop(command.leg, None))
        self._clock.at_once(LegEnded(command.leg))

    # ---- the flow

    def _plays(self, command: PlayGuidance, now: float) -> None:
        seconds = self._guidances.seconds(command.project, command.guidance, command.language)
        caller = self._by_leg.get(command.leg)
        if caller is not None and caller.leaves_at is not None:
            caller.plan = self._clock.at(now + caller.leaves_at * seconds, LegEnded(command.leg))
            caller.leaves_at = None
        plan = self._clock.at(now + seconds, GuidanceFinished(command.playback))
        self._playing[command.playback] = (plan, command.leg)

    def _stops(self, command: StopGuidance, now: float) -> None:
        playing = self._playing.get(command.playback)
        if playing is not None:
            Clock.call_off(playing[0])
            self._playing[command.playback] = (
                playing[0],
                "",
            )  # nobody presses a key for what he did not hear
            self._clock.at_once(GuidanceFinished(command.playback))

    def finished(self, event: GuidanceFinished, commands: list[Command], now: float) -> None:
        """A guidance is over. Nothing followed it: the flow waits for a key, and the caller may press one."""
        _, leg = self._playing.pop(event.playback)
        caller = self._by_leg.get(leg)
        if commands or self._keys is None or caller is None:
            return
        digit = self._keys.press() if self.menus is None else self.menus.press(caller)
        if digit:
            caller.typed = 1
            self._clock.at(now + KEY_AFTER_S, DigitPressed(leg, digit))

    def pressed(self, event: DigitPressed, commands: list[Command], now: float) -> None:
        """A key to which nothing followed: the flow waits for more digits, and the caller types on."""
        caller = self._by_leg.get(event.leg)
        if commands or self._keys is None or caller is None or caller.typed >= MOST_DIGITS:
            return
        caller.typed += 1
        self._clock.at(now + DIGIT_AFTER_S, DigitPressed(event.leg, self._keys.digit()))

    def _speaks(self, command: StartMessage, now: float) -> None:
        seconds = min(MESSAGE_S, command.max_s)
        self._clock.at(now + seconds, MessageFinished(command.message, seconds))

    def _wishes_a_call(self, note: NoteCallback, now: float) -> None:
        self._wishes[note.number] = self._by_call[note.call].talk

    def dials(self, command: RingTelephone) -> None:
        """Somebody is called back: from here on he is on a leg like any caller, and hangs up like one."""
        if not command.caller_leg:
            caller = self._by_call[command.call]
            caller.leg, self._by_leg[command.leg] = command.leg, caller

    def _is_rung(self, command: RingTelephone, now: float) -> None:
        self.dials(command)
        self._clock.at_once(LegRang(command.leg))
        self._ringing[command.leg] = self._clock.at(now + TRANSFER_RING_S, LegAnswered(command.leg))

    # ---- operators

    def _answers_at_once(self, command: RingSeat, now: float) -> None:
        self._clock.at_once(LegAnswered(command.leg))

    def _rings(self, command: RingSeat, now: float) -> None:
        assert self._operators.ring is not None  # else `_answers_at_once` would be in the table
        self.rings_for_him(command, now)
        self._ringing[command.leg] = self._clock.at(now + self._operators.ring(), LegAnswered(command.leg))

    def rings_for_him(self, command: RingSeat, now: float) -> None:
        """A telephone rings; whoever waits for it has patience from here on at the latest."""
        if command.caller_leg:
            self._lose_patience(self._by_leg[command.caller_leg], now)
        self._clock.at_once(LegRang(command.leg))

    def _connects(self, command: ConnectLegs, now: float) -> None:
        self._ringing.pop(command.seat_leg, None)
        self._clock.at_once(LegsConnected(command.bridge))

    def _writes(self, note: NoteSeat, now: float) -> None:
        assert self._operators.wrapup is not None  # else this is not in the table
        Clock.call_off(self._writing.pop(note.seat, None))
        if note.state is SEAT.WRAP_UP:
            at = now + self._operators.wrapup()
            self._writing[note.seat] = self._clock.at(at, WrapUpFinished(note.seat))

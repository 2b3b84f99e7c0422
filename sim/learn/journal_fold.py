"""Folds a journal into what each caller did and what the centre was told: `PastCall`s and orders."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from calls.command import Command
from calls.commands import (
    ConnectLegs,
    HangUp,
    PlayGuidance,
    RingSeat,
    RingTelephone,
    StartMessage,
    StopGuidance,
)
from calls.event import Event
from calls.events import (
    DigitPressed,
    GuidanceFinished,
    HoursClockShifted,
    HoursOverridden,
    LegAnswered,
    LegEnded,
    LegsConnected,
    MessageFinished,
    PhoneDialled,
    PhoneRegistered,
    PhoneUnregistered,
    ProjectPublished,
    ProjectWithdrawn,
)
from calls.journal import Entry
from calls.lifecycle import MOVE, STATE, State
from calls.notes import NoteArrived, NoteMoved
from calls.outages import ClockStepped, PhoneGivenBack, PhoneTaken
from calls.requests import SeatLoggedIn, SeatLoggedOut, SeatPaused, SeatReadied
from sim.learn.past_call import Anchor, PastCall, Press, Ring, Span

ORDERS = (
    SeatLoggedIn, SeatLoggedOut, SeatPaused, SeatReadied, PhoneRegistered, PhoneUnregistered, PhoneTaken,
    PhoneGivenBack, HoursOverridden, HoursClockShifted, ClockStepped, ProjectPublished, ProjectWithdrawn, PhoneDialled,
)  # fmt: skip
"""What is told to the engine whatever callers do: who is there, and what was ordered."""

_FLOW = frozenset({State.ARRIVED, State.IVR, State.TRANSFERRED})
_EARS = frozenset({State.IVR, State.QUEUED, State.RINGING})


class Order(NamedTuple):
    """One of ORDERS, at a time (seconds since 1970 UTC)."""

    at: float
    event: Event


class _Ear(NamedTuple):
    """What a caller's next key is timed from."""

    anchor: Anchor
    text: str
    since: float


class _Playing(NamedTuple):
    past: PastCall
    text: str
    place: int


class JournalFold:
    """To be fed with the entries of one run after the other, each in its order.

    `calls`: by call id. `orders`: in their order. `configurations`: the digests with which engines began.
    """

    def __init__(self) -> None:
        self.calls: dict[str, PastCall] = {}
        self.orders: list[Order] = []
        self.entries = 0
        self.begin_run()
        self._events: dict[type[Event], Callable[[Any, Entry], None]] = {
            DigitPressed: self._digit,
            GuidanceFinished: self._finished,
            LegAnswered: self._answered,
            LegEnded: self._ended,
            LegsConnected: self._connected,
            MessageFinished: self._message,
        }
        for kind in ORDERS:
            self._events[kind] = self._ordered
        self._commands: dict[type[Command], Callable[[Any, float], None]] = {
            NoteArrived: self._arrived,
            NoteMoved: self._moved,
            PlayGuidance: self._plays,
            StopGuidance: self._stops,
            RingSeat: self._rings,
            RingTelephone: self._dials,
            HangUp: self._hangs_up,
            ConnectLegs: self._connects,
            StartMessage: self._speaks,
        }

    def begin_run(self) -> None:
        """What follows is of another life of the engine."""
        self._states: dict[str, State] = {}
        self._callers: dict[str, PastCall] = {}
        self._ears: dict[str, _Ear] = {}
        self._ringing: dict[str, Ring] = {}
        self._playing: dict[str, _Playing] = {}
        self._bridges: dict[str, tuple[PastCall, float]] = {}
        self._messages: dict[str, tuple[PastCall, float]] = {}
        self._silent: dict[str, Press] = {}
        self._hung_up: set[str] = set()
        self._talked: set[str] = set()

    @property
    def open_calls(self) -> int:
        """Calls of this run that are not closed yet."""
        return len(self._states)

    def feed(self, entry: Entry) -> None:
        """Take one entry in: first what happened, then what was decided."""
        self.entries += 1
        happened = self._events.get(type(entry.event))
        if happened is not None:
            happened(entry.event, entry)
        for command in entry.commands:
            decided = self._commands.get(type(command))
            if decided is not None:
                decided(command, entry.at)

    # ---- calls

    def _arrived(self, note: NoteArrived, at: float) -> None:
        past = self.calls.get(note.call)
        if past is None:
            past = PastCall(
                note.call, note.leg, note.project, note.number, note.caller, at, note.direction
            )  # fmt: skip
            self.calls[note.call] = past
        self._states[note.call] = State.ARRIVED
        if note.leg:
            self._callers[note.leg] = past

    def _moved(self, note: NoteMoved, at: float) -> None:
        past = self.calls.get(note.call)
        if past is None:
            return
        self._states[note.call] = note.state
        if note.move is MOVE.QUEUED:
            self._ears[note.call] = _Ear("line", "", at)
        elif note.move is MOVE.ANSWERED:
            self._talked.add(note.call)
        elif note.move is MOVE.RETURNED and past.rings:
            past.rings[-1].missed = True
        if note.state is STATE.CLOSED:
            self._close(past)

    def _close(self, past: PastCall) -> None:
        past.closed = True
        self._states.pop(past.call, None)
        self._ears.pop(past.call, None)
        self._silent.pop(past.call, None)
        self._talked.discard(past.call)

    def _ended(self, event: LegEnded, entry: Entry) -> None:
        ring = self._ringing.pop(event.leg, None)
        if ring is not None and ring.answered is None and ring.silenced is None:
            ring.ended, ring.cause = entry.at, event.cause
        past = self._callers.pop(event.leg, None)
        by_us = event.leg in self._hung_up
        self._hung_up.discard(event.leg)
        if past is None or by_us or past.call in self._talked:
            return
        if self._states.get(past.call) in _FLOW:
            past.left_at = entry.at
            ear = self._ears.get(past.call)
            past.first_text_cut = past.heard == 1 and ear is not None and ear.anchor == "said"

    # ---- the ear

    def _plays(self, command: PlayGuidance, at: float) -> None:
        past = self._callers.get(command.leg)
        if past is None:
            return
        text = f"{command.guidance}/{command.language}"
        said = past.texts.setdefault(text, [])
        self._playing[command.playback] = _Playing(past, text, len(said))
        said.append(Span(at, None))
        past.heard += 1
        self._ears[past.call] = _Ear("said", text, at)

    def _stops(self, command: StopGuidance, at: float) -> None:
        self._playing.pop(command.playback, None)

    def _finished(self, event: GuidanceFinished, entry: Entry) -> None:
        playing = self._playing.pop(event.playback, None)
        if playing is None or not event.ok:  # of who hangs up, Asterisk tells first that his text has failed
            return
        past, text, place = playing
        past.texts[text][place] = Span(past.texts[text][place].began, entry.at)
        if not entry.commands and self._states.get(past.call) is State.IVR:
            self._ears[past.call] = _Ear("asked", text, entry.at)
            self._silent[past.call] = silent = Press("asked", text, entry.at, entry.at, "")
            past.presses.append(silent)

    def _digit(self, event: DigitPressed, entry: Entry) -> None:
        past = self._callers.get(event.leg)
        if past is None or self._states.get(past.call) not in _EARS:
            return
        ear = self._ears.get(past.call)
        silent = self._silent.pop(past.call, None)
        if silent is not None and ear is not None and ear.anchor == "asked":
            silent.at, silent.digit = entry.at, event.digit
        elif ear is not None:
            past.presses.append(Press(*ear, entry.at, event.digit))
        if not entry.commands:
            self._ears[past.call] = _Ear("key", "", entry.at)

    def _speaks(self, command: StartMessage, at: float) -> None:
        if (past := self._callers.get(command.leg)) is not None:
            self._messages[command.message] = (past, at)

    def _message(self, event: MessageFinished, entry: Entry) -> None:
        if (begun := self._messages.pop(event.message, None)) is not None:
            begun[0].messages.append(Span(begun[1], entry.at))

    # ---- telephones

    def _rings(self, command: RingSeat, at: float) -> None:
        if (past := self.calls.get(command.call)) is not None:
            self._ringing[command.leg] = ring = Ring(at, command.seat)
            past.rings.append(ring)

    def _dials(self, command: RingTelephone, at: float) -> None:
        if (past := self.calls.get(command.call)) is None:
            return
        self._ringing[command.leg] = ring = Ring(at)
        past.dials.append(ring)
        if not command.caller_leg:  # a call of ours: its party is dialled
            self._callers[command.leg] = past

    def _answered(self, event: LegAnswered, entry: Entry) -> None:
        if (ring := self._ringing.get(event.leg)) is not None:
            ring.answered = entry.at

    def _hangs_up(self, command: HangUp, at: float) -> None:
        ring = self._ringing.get(command.leg)
        if ring is None:
            self._hung_up.add(command.leg)
        elif ring.answered is None:
            ring.silenced = at

    def _connects(self, command: ConnectLegs, at: float) -> None:
        if (past := self._callers.get(command.caller_leg)) is not None:
            self._bridges[command.bridge] = (past, at)

    def _connected(self, event: LegsConnected, entry: Entry) -> None:
        if (begun := self._bridges.pop(event.bridge, None)) is not None:
            begun[0].connects.append(Span(begun[1], entry.at))

    # ---- orders

    def _ordered(self, event: Event, entry: Entry) -> None:
        self.orders.append(Order(entry.at, event))

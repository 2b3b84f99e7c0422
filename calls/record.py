"""One flat record per call, folded from the journal. Every report is a function of these records."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

import msgspec

from calls import record_moves
from calls.adopted import as_it_was
from calls.command import Command
from calls.commands import PlayGuidance, RingTelephone
from calls.event import Event
from calls.events import DigitPressed, MessageStored, QualityMeasured, RecordingFinished
from calls.journal import Entry
from calls.lifecycle import STATE, State
from calls.notes import (
    Direction,
    NoteArrived,
    NoteCallbackState,
    NoteClass,
    NoteEar,
    NoteMoved,
    NoteOutcome,
    NoteSeat,
    NoteTalk,
)
from calls.outages import CallAdopted, DegradedCallEnded
from calls.talks import IN_CHARGE, Talks, began, ended, is_in_charge


class CallRecord(msgspec.Struct, kw_only=True):
    """What is known of one call. Times are seconds since 1970 UTC, None where it never came so far.

    `leg`: the caller's; of a call of ours the party's, empty until it is dialled. `number` is that of the project,
    `caller` the number of the other party, whoever called whom. `offers`: how often it was offered to seats; however
    many telephones rang at once, that is one (what each seat did with it: `calls.activity`). `answered_at`: when the
    first operator and the caller heard each other. `seat`, `operator`: the seat that is in charge, or was so last, and
    who sat there; as long as nobody was, the seat that rings. `hold_seconds`: how long he was parked while the
    operator was busy with somebody else. `transferred_to`: whom it was brought to last, or is just now; empty again
    where nobody was reached; `transfers`: all who were reached so, in turn. `talks`: who talked from when to when.
    `callback`: the id of the callback that this call serves. `heard`: the guidance texts that were begun, each as
    `id@version.language`. `lost_at`: when the system cut it off, whatever its outcome had been until then.
    """

    call: str
    leg: str
    project: str
    number: str
    caller: str
    arrived_at: float
    direction: Direction = "in"
    queue: str = ""
    queued_at: float | None = None
    left_line_at: float | None = None
    offers: int = 0
    rang_at: float | None = None
    answered_at: float | None = None
    seat: str = ""
    operator: str = ""
    hold_seconds: float = 0.0
    ended_at: float | None = None
    closed_at: float | None = None
    state: State = State.ARRIVED
    outcome: str = ""
    inquiry_class: str = ""
    heard: tuple[str, ...] = ()
    keys: str = ""
    recording_seconds: float | None = None
    recording_sha256: str = ""
    jitter_ms: float | None = None
    loss_percent: float | None = None
    rtt_ms: float | None = None
    transferred_to: str = ""
    transfers: tuple[str, ...] = ()
    message_seconds: float | None = None
    message_sha256: str = ""
    callback: str = ""
    lost_at: float | None = None
    talks: Talks = ()

    @property
    def wait(self) -> float | None:
        """Seconds from taking a place in the line to the operator's voice, or to leaving; None if never queued.

        None for calls of ours, too: who is called back waits at home.
        """
        if self.queued_at is None or self.direction != "in":
            return None
        # Who left the line and was answered later had been waiting until he left it.
        for until in (self.left_line_at, self.answered_at, self.ended_at):
            if until is not None:
                return until - self.queued_at
        return None

    @property
    def talk(self) -> float | None:
        """Seconds in which somebody was in charge, holds included; None if nobody was or the call still goes on.

        What lies between a transfer and its being answered is not in it.
        """
        if self.answered_at is None or self.ended_at is None:
            return None
        if not self.talks:  # of a record that is older than `talks`
            return self.ended_at - self.answered_at
        return sum(talk.seconds for talk in self.talks if talk.role in IN_CHARGE)

    @property
    def wrapup(self) -> float | None:
        """Seconds from the end of the call to its last operator being free; None where he had nothing to write.

        The wrap-ups of those who transferred it before lie in the activity of their seats.
        """
        if self.answered_at is None or self.ended_at is None or self.closed_at is None:
            return None
        return self.closed_at - self.ended_at if self.closed_at > self.ended_at else None


class RecordFold:
    """Folds journal entries, in their order, into records.

    `records` holds them by call id until they are forgotten; `take_changed()` hands over every record that
    changed since it was last asked (for writing to the store).
    """

    def __init__(self) -> None:
        self.records: dict[str, CallRecord] = {}
        self._by_leg: dict[str, str] = {}
        self._changed: dict[str, CallRecord] = {}
        self._unsaid: dict[str, record_moves.Unsaid] = {}
        self._operators: dict[str, str] = {}
        self._events: dict[type[Event], Callable[[Any], None]] = {
            RecordingFinished: self._recorded,
            MessageStored: self._message,
            QualityMeasured: self._quality,
            DigitPressed: self._digit,
            DegradedCallEnded: self._degraded,
        }
        self._commands: dict[type[Command], Callable[[Any, float], None]] = {
            NoteArrived: self._arrived,
            NoteMoved: self._moved,
            NoteOutcome: self._decided,
            NoteSeat: self._seat,
            NoteTalk: self._talk,
            NoteClass: self._classified,
            NoteCallbackState: self._callback,
            NoteEar: self._ear,
            RingTelephone: self._ring,
            PlayGuidance: self._play,
        }

    def feed(self, entry: Entry) -> None:
        """Take one entry in."""
        happened = self._events.get(type(entry.event))
        if happened is not None:
            happened(entry.event)
        for _, at, _, commands in (entry,) if type(entry.event) is not CallAdopted else as_it_was(entry):
            for command in commands:
                decided = self._commands.get(type(command))
                if decided is not None:
                    decided(command, at)

    def take_changed(self) -> list[CallRecord]:
        """The records that changed since the last call of this, in the order of their first change."""
        changed, self._changed = list(self._changed.values()), {}
        return changed

    def forget(self, call: str) -> None:
        """Drop a record that is complete and stored."""
        record = self.records.pop(call, None)
        if record is not None:
            self._by_leg.pop(record.leg, None)
            self._unsaid.pop(call, None)

    def _touch(self, call: str) -> CallRecord | None:
        record = self.records.get(call)
        if record is not None:
            self._changed[call] = record
        return record

    # ---- what happened

    def _recorded(self, event: RecordingFinished) -> None:
        if record := self._touch(event.recording):
            record.recording_seconds, record.recording_sha256 = event.seconds, event.sha256

    def _message(self, event: MessageStored) -> None:
        if record := self._touch(call_of_message(event.message)):
            record.message_seconds, record.message_sha256 = event.seconds, event.sha256

    def _quality(self, event: QualityMeasured) -> None:
        if record := self._touch(self._by_leg.get(event.leg, "")):
            record.jitter_ms, record.loss_percent = event.jitter_ms, event.loss_percent
            record.rtt_ms = event.rtt_ms

    def _digit(self, event: DigitPressed) -> None:
        # What is typed in a conversation (a card's number, say) is nobody's business here.
        record = self.records.get(self._by_leg.get(event.leg, ""))
        if record is not None and record.state is STATE.IVR:
            record.keys += event.digit
            self._changed[record.call] = record

    def _degraded(self, event: DegradedCallEnded) -> None:
        if event.call in self.records:
            return  # told twice, or the engine took the call over after all
        record = CallRecord(**record_moves.dealt_with_alone(event, self._operators))
        self.records[event.call], self._unsaid[event.call] = record, record_moves.Unsaid()
        self._belongs(record.leg, event.call)
        self._touch(event.call)

    # ---- what was decided

    def _arrived(self, note: NoteArrived, at: float) -> None:
        self.records[note.call] = CallRecord(
            call=note.call,
            leg=note.leg,
            project=note.project,
            number=note.number,
            caller=note.caller,
            arrived_at=at,
            direction=note.direction,
        )
        self._unsaid[note.call] = record_moves.Unsaid()
        self._belongs(note.leg, note.call)
        self._touch(note.call)

    def _belongs(self, leg: str, call: str) -> None:
        if leg:
            self._by_leg[leg] = call

    def _moved(self, note: NoteMoved, at: float) -> None:
        if record := self._touch(note.call):
            record_moves.move(record, note, at, self._unsaid[note.call], self._operators)

    def _decided(self, note: NoteOutcome, at: float) -> None:
        if record := self._touch(note.call):
            record.outcome = note.outcome

    def _seat(self, note: NoteSeat, at: float) -> None:
        self._operators[note.seat] = note.operator

    def _talk(self, note: NoteTalk, at: float) -> None:
        record = self._touch(note.call)
        if record is None or record.ended_at is not None:
            return
        if not note.talking:
            record.talks = ended(record.talks, note.who, note.role, at)
        elif not is_in_charge(record.talks, note.who):
            record.talks = began(record.talks, note.who, note.role, at)

    def _classified(self, note: NoteClass, at: float) -> None:
        if record := self._touch(note.call):
            record.inquiry_class = note.inquiry_class

    def _callback(self, note: NoteCallbackState, at: float) -> None:
        if record := self._touch(note.call):
            record.callback = note.callback

    def _ear(self, note: NoteEar, at: float) -> None:
        if note.state == "take_over" and note.call in self._unsaid:
            self._unsaid[note.call].taken_by = note.seat

    def _ring(self, command: RingTelephone, at: float) -> None:
        if not (record := self._touch(command.call)):
            return
        if record.direction == "in" or record.answered_at is not None:
            record_moves.ring(record, f"{command.kind}:{command.target}", self._unsaid[record.call])
        else:  # a call of ours: its party is dialled
            self._by_leg.pop(record.leg, None)
            record.leg = command.leg
            self._belongs(command.leg, record.call)

    def _play(self, command: PlayGuidance, at: float) -> None:
        if record := self._touch(self._by_leg.get(command.leg, "")):
            record.heard += (f"{command.guidance}@{command.version}.{command.language}",)


def message_id(call: str, number: int) -> str:
    """The id of the so many-th message (from 1) that is left in a call."""
    return f"{call}-message" + ("" if number == 1 else str(number))


def call_of_message(message: str) -> str:
    """The call in which a message was left."""
    return message.rpartition("-message")[0]


def fold(entries: Iterable[Entry]) -> Iterator[CallRecord]:
    """The records of all calls in a journal, in the order of their arrival."""
    records = RecordFold()
    for entry in entries:
        records.feed(entry)
    yield from records.records.values()

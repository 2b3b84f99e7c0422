"""One flat record per call, folded from the journal. Every report is a function of these records."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import msgspec

from calls.commands import Command, NoteArrived, NoteMoved, NoteOutcome, PlayGuidance, RingTelephone
from calls.events import DigitPressed, MessageStored, QualityMeasured, RecordingFinished
from calls.journal import Entry
from calls.lifecycle import Move, State


class CallRecord(msgspec.Struct, kw_only=True):
    """What is known of one call. Times are seconds since 1970 UTC, None where it never came so far.

    `heard`: the guidance texts that were begun, each as `id@version.language`. `transferred_to`: whom the flow last
    rang for the caller, as `seat:ID`, `extension:NUMBER` or `outside:NUMBER`; empty again if nobody was reached.
    """

    call: str
    leg: str
    project: str
    number: str
    caller: str
    arrived_at: float
    queue: str = ""
    queued_at: float | None = None
    left_line_at: float | None = None
    offers: int = 0
    rang_at: float | None = None
    answered_at: float | None = None
    seat: str = ""
    ended_at: float | None = None
    closed_at: float | None = None
    state: State = State.ARRIVED
    outcome: str = ""
    heard: tuple[str, ...] = ()
    keys: str = ""
    recording_seconds: float | None = None
    recording_sha256: str = ""
    jitter_ms: float | None = None
    loss_percent: float | None = None
    rtt_ms: float | None = None
    transferred_to: str = ""
    message_seconds: float | None = None
    message_sha256: str = ""

    @property
    def wait(self) -> float | None:
        """Seconds from taking a place in the line to the operator's voice, or to leaving; None if never queued."""
        if self.queued_at is None:
            return None
        # Who left the line and was answered later had been waiting until he left it.
        for until in (self.left_line_at, self.answered_at, self.ended_at):
            if until is not None:
                return until - self.queued_at
        return None

    @property
    def talk(self) -> float | None:
        """Seconds of conversation; None if there was none or it still goes on."""
        if self.answered_at is None or self.ended_at is None:
            return None
        return self.ended_at - self.answered_at

    @property
    def wrapup(self) -> float | None:
        """Seconds from the end of the conversation to the operator being free; None if there was none."""
        if self.answered_at is None or self.ended_at is None or self.closed_at is None:
            return None
        return self.closed_at - self.ended_at


class RecordFold:
    """Folds journal entries, in their order, into records.

    `records` holds them by call id until they are forgotten; `take_changed()` hands over every record that
    changed since it was last asked (for writing to the store).
    """

    def __init__(self) -> None:
        self.records: dict[str, CallRecord] = {}
        self._by_leg: dict[str, str] = {}
        self._changed: dict[str, CallRecord] = {}

    def feed(self, entry: Entry) -> None:
        """Take one entry in."""
        self._event(entry)
        for command in entry.commands:
            self._command(command, entry.at)

    def take_changed(self) -> list[CallRecord]:
        """The records that changed since the last call of this, in the order of their first change."""
        changed, self._changed = list(self._changed.values()), {}
        return changed

    def forget(self, call: str) -> None:
        """Drop a record that is complete and stored."""
        record = self.records.pop(call, None)
        if record is not None:
            self._by_leg.pop(record.leg, None)

    def _event(self, entry: Entry) -> None:
        event = entry.event
        if isinstance(event, RecordingFinished):
            if record := self._touch(event.recording):
                record.recording_seconds = event.seconds
                record.recording_sha256 = event.sha256
        elif isinstance(event, MessageStored):
            if record := self._touch(call_of_message(event.message)):
                record.message_seconds, record.message_sha256 = event.seconds, event.sha256
        elif isinstance(event, QualityMeasured):
            if record := self._touch(self._by_leg.get(event.leg, "")):
                record.jitter_ms, record.loss_percent = event.jitter_ms, event.loss_percent
                record.rtt_ms = event.rtt_ms
        elif isinstance(event, DigitPressed):
            # What is typed in a conversation (a card's number, say) is nobody's business here.
            record = self.records.get(self._by_leg.get(event.leg, ""))
            if record is not None and record.state is State.IVR:
                record.keys += event.digit
                self._changed[record.call] = record

    def _command(self, command: Command, at: float) -> None:
        if isinstance(command, NoteMoved):
            if record := self._touch(command.call):
                _move(record, command, at)
        elif isinstance(command, NoteArrived):
            self._arrived(command, at)
        elif isinstance(command, NoteOutcome):
            if record := self._touch(command.call):
                record.outcome = command.outcome
        elif isinstance(command, RingTelephone):
            if record := self._touch(command.call):
                record.transferred_to = f"{command.kind}:{command.target}"
        elif isinstance(command, PlayGuidance) and (record := self._touch(self._by_leg.get(command.leg, ""))):
            record.heard += (f"{command.guidance}@{command.version}.{command.language}",)

    def _arrived(self, note: NoteArrived, at: float) -> None:
        self.records[note.call] = CallRecord(
            call=note.call,
            leg=note.leg,
            project=note.project,
            number=note.number,
            caller=note.caller,
            arrived_at=at,
        )
        self._by_leg[note.leg] = note.call
        self._touch(note.call)

    def _touch(self, call: str) -> CallRecord | None:
        record = self.records.get(call)
        if record is not None:
            self._changed[call] = record
        return record


def message_id(call: str, number: int) -> str:
    """The id of the so many-th message (from 1) that is left in a call."""
    return f"{call}-message" + ("" if number == 1 else str(number))


def call_of_message(message: str) -> str:
    """The call in which a message was left."""
    return message.rpartition("-message")[0]


def _move(record: CallRecord, note: NoteMoved, at: float) -> None:
    before, record.state = record.state, note.state
    match note.move:
        case Move.QUEUED:
            record.queue = note.queue
            record.queued_at = at if record.queued_at is None else record.queued_at
            record.left_line_at = None  # he is in a line again: the wait goes on
        case Move.REFUSED if before is State.TRANSFERRED:
            record.transferred_to = record.seat = ""
        case Move.REFUSED:
            record.left_line_at = at
        case Move.TRANSFERRED if before is State.IVR:
            record.seat = note.seat
        case Move.OFFERED:
            record.offers += 1
            record.seat = note.seat
            record.rang_at = at
        case Move.RETURNED:
            record.seat = ""
        case Move.ANSWERED:
            record.answered_at = at if record.answered_at is None else record.answered_at
        case Move.FINISHED:
            record.ended_at = at
    if note.state is State.CLOSED:
        record.closed_at = at
        record.ended_at = at if record.ended_at is None else record.ended_at


def fold(entries: Iterable[Entry]) -> Iterator[CallRecord]:
    """The records of all calls in a journal, in the order of their arrival."""
    records = RecordFold()
    for entry in entries:
        records.feed(entry)
    yield from records.records.values()

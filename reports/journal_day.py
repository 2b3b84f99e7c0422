"""What the journal says of a day's calls: their records folded anew, and what bears on comparing them."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import NamedTuple

from msgspec.structs import replace

from calls.commands import StartRecording
from calls.events import CommandFailed, EngineStarted, MessageStored, RecordingFinished
from calls.journal import Entry
from calls.lifecycle import Outcome, State
from calls.notes import NoteClass
from calls.outages import AsteriskEnded, CallForgotten, ClockStepped, EngineResumed
from calls.record import CallRecord, RecordFold, call_of_message

NOTICED_S = 30.0
"""So long it may take until what happened while somebody was away is known: three looks at Asterisk, and some."""


class Break(NamedTuple):
    """A time in which the engine could not see what Asterisk did, or Asterisk was not there: from `since` to `back`.

    `until` then everything of it was known.
    """

    since: float
    back: float
    until: float
    why: str

    def explains(self, arrived_at: float, *times: float) -> bool:
        """Whether all of these times of a call that arrived then are within it; who came later has no part in it."""
        return arrived_at <= self.back and bool(times) and all(self.since <= at <= self.until for at in times)


class Sound(NamedTuple):
    """What was said of a file when it was finished."""

    seconds: float
    sha256: str


@dataclass
class JournalDay:
    """`records`, by call id, also of calls of other days. `files`: the sounds that were finished, by recording or
    message id. `recorded`: calls for which a recording was begun; `unrecorded`: for which it could not be.

    `steps`: by how much the clock on the wall went ahead of the engine's, and since when (per run).
    """

    records: dict[str, CallRecord] = field(default_factory=dict)
    files: defaultdict[str, list[Sound]] = field(default_factory=lambda: defaultdict(list))
    recorded: set[str] = field(default_factory=set)
    unrecorded: set[str] = field(default_factory=set)
    breaks: list[Break] = field(default_factory=list)
    steps: list[tuple[float, float]] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    entries: int = 0


class DayFold:
    """Folds the runs of a day, one after the other, each with its entries in their order."""

    def __init__(self) -> None:
        self.day = JournalDay()
        self._fold = RecordFold()
        self._last_at: float | None = None
        self._waited_for: list[CallRecord] | None = None

    def begin_run(self) -> None:
        """What follows is of another life of the engine, which knows the earlier ones' calls only by their ids."""
        self._keep()
        self._fold = RecordFold()
        self._waited_for = None

    def feed(self, entry: Entry) -> None:
        """Take one entry in."""
        self.day.entries += 1
        self._fold.feed(entry)
        self._late(entry)
        self._noted(entry)
        self._last_at = entry.at

    def result(self) -> JournalDay:
        """Everything that was fed."""
        self._keep()
        return self.day

    def still_open(self, before: float) -> bool:
        """Whether a call of this run that arrived before a time is not over yet. Quick to ask again and again."""
        if self._waited_for is None:
            self._waited_for = [
                record for record in self._fold.records.values() if record.arrived_at < before
            ]
        while self._waited_for and self._waited_for[-1].closed_at is not None:
            self._waited_for.pop()
        return bool(self._waited_for)

    def _keep(self) -> None:
        self.day.records.update(self._fold.records)

    def _late(self, entry: Entry) -> None:
        """What an entry says of a call of an earlier run, as the store writes it down, too."""
        earlier, known = self.day.records, self._fold.records
        match entry.event:
            case RecordingFinished(recording, seconds, sha256):
                if recording not in known and (record := earlier.get(recording)):
                    record.recording_seconds, record.recording_sha256 = seconds, sha256
            case MessageStored(message, seconds, sha256):
                call = call_of_message(message)
                if call not in known and (record := earlier.get(call)):
                    record.message_seconds, record.message_sha256 = seconds, sha256
            case CallForgotten(call):
                if record := earlier.get(call):
                    _close(record, entry.at)
        for note in entry.commands:
            if isinstance(note, NoteClass) and note.call not in known and (record := earlier.get(note.call)):
                record.inquiry_class = note.inquiry_class

    def _noted(self, entry: Entry) -> None:
        day = self.day
        match entry.event:
            case RecordingFinished(recording, seconds, sha256):
                day.files[recording].append(Sound(seconds, sha256))
            case MessageStored(message, seconds, sha256):
                day.files[message].append(Sound(seconds, sha256))
            case CommandFailed("StartRecording", recording):
                day.unrecorded.add(recording)
            case ClockStepped(seconds):
                day.steps.append((entry.at, seconds))
            case _:
                self._broken(entry)
        day.recorded.update(note.recording for note in entry.commands if isinstance(note, StartRecording))

    def _broken(self, entry: Entry) -> None:
        at = entry.at
        match entry.event:
            case EngineResumed(away_s):
                self._interrupted(at - away_s, at, f"the engine was away for {away_s:.1f} s")
            case EngineStarted():
                since = at if self._last_at is None else min(self._last_at, at)
                self._interrupted(since, at, "a new engine was started")
            case AsteriskEnded(reason):
                self._interrupted(at - NOTICED_S, at, f"Asterisk ended ({reason})")

    def _interrupted(self, since: float, until: float, why: str) -> None:
        self.day.breaks.append(Break(since - 1.0, until, until + NOTICED_S, why))


def _close(record: CallRecord, at: float) -> None:
    """Nobody goes on with it."""
    if record.state is State.CLOSED:
        return
    record.state, record.closed_at, record.lost_at = State.CLOSED, at, at
    record.outcome = record.outcome or Outcome.LOST_SYSTEM
    record.ended_at = at if record.ended_at is None else record.ended_at
    record.talks = tuple(replace(talk, ended=at) if talk.ended is None else talk for talk in record.talks)

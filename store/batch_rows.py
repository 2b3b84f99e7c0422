"""What a batch of journal entries becomes in the tables."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from calls.activity import SeatFold
from calls.journal import Entry
from calls.notes import NoteArrived
from calls.outages import CallAdopted
from store.entry_codec import storable
from store.errand_rows import callback_rows, callback_state_rows, notice_rows
from store.held_records import HeldRecords
from store.late_rows import forgotten_rows, late_class_rows, late_message_rows, late_recording_rows
from store.rows import Row, activity_row, call_row, journal_row, talk_rows


class BatchRows:
    """The folds of one run: to be fed with all of its entries, in their order."""

    def __init__(self, run: str) -> None:
        self._run = run
        self._records = HeldRecords()
        self._seats = SeatFold()

    def feed(self, entries: Sequence[Entry]) -> tuple[list[Row], ...]:
        """The rows of the next entries, for each of `statements` in turn."""
        changed = self._records.feed(entries)
        for entry in entries:
            self._seats.feed(entry)
        held = self._records.held
        return (
            [journal_row(self._run, entry) for entry in entries],
            [call_row(self._run, record) for record in changed],
            [{"of_call": call} for entry in entries for call in _adopted(entry)],
            [row for record in changed for row in talk_rows(record)],
            [activity_row(self._run, activity) for activity in self._seats.take_changed()],
            late_recording_rows(entries, held),
            late_message_rows(entries, held),
            late_class_rows(entries, held),
            forgotten_rows(entries),
            forgotten_rows(entries),
            callback_rows(entries),
            callback_state_rows(entries),
            notice_rows(entries),
        )

    def journal_only(self, entries: Sequence[Entry]) -> tuple[list[Row], ...]:
        """The rows of entries that the folds cannot deal with: the journal must not stop for that."""
        return ([_plain_row(self._run, entry) for entry in entries], *([] for _ in range(12)))


def _adopted(entry: Entry) -> list[str]:
    """The call whose record begins anew with this entry."""
    if not isinstance(entry.event, CallAdopted):
        return []
    return [note.call for note in entry.commands if isinstance(note, NoteArrived)]


def _plain_row(run: str, entry: Entry) -> Row:
    event, commands = storable(msgspec.to_builtins([entry.event, entry.commands]))
    return {
        "run": run,
        "number": entry.number,
        "at": entry.at,
        "event_type": type(entry.event).__name__,
        "event": msgspec.json.encode(event).decode(),
        "commands": msgspec.json.encode(commands).decode(),
    }

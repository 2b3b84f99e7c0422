"""What comes to be known of a call that is not held in memory: of an earlier run, or long over."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from calls.events import MessageStored, RecordingFinished
from calls.journal import Entry
from calls.notes import NoteClass
from calls.outages import CallForgotten
from calls.record import call_of_message
from store.rows import Row, storable_row


def late_recording_rows(entries: Iterable[Entry], held: Collection[str]) -> list[Row]:
    """For the rows of calls that are not `held`: `of_call`, `seconds`, `sha256`."""
    finished = [entry.event for entry in entries if isinstance(entry.event, RecordingFinished)]
    return [
        storable_row({"of_call": event.recording, "seconds": event.seconds, "sha256": event.sha256})
        for event in finished
        if event.recording not in held
    ]


def late_message_rows(entries: Iterable[Entry], held: Collection[str]) -> list[Row]:
    """For the rows of calls that are not `held`: `of_call`, `seconds`, `sha256`."""
    stored = [entry.event for entry in entries if isinstance(entry.event, MessageStored)]
    return [
        storable_row(
            {"of_call": call_of_message(event.message), "seconds": event.seconds, "sha256": event.sha256}
        )
        for event in stored
        if call_of_message(event.message) not in held
    ]


def forgotten_rows(entries: Iterable[Entry]) -> list[Row]:
    """For the rows of calls of earlier runs that nobody goes on with: `of_call`, `at`."""
    return [
        {"of_call": entry.event.call, "at": entry.at}
        for entry in entries
        if isinstance(entry.event, CallForgotten)
    ]


def late_class_rows(entries: Iterable[Entry], held: Collection[str]) -> list[Row]:
    """For the rows of calls that are not `held`: `of_call`, `name`. An operator may take his time over it."""
    return [
        storable_row({"of_call": note.call, "name": note.inquiry_class})
        for entry in entries
        for note in entry.commands
        if isinstance(note, NoteClass) and note.call not in held
    ]

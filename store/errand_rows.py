"""Rows of what calls leave behind to be done: callbacks, and texts for gateways."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

from calls.commands import NoteCallback, SendNotice
from calls.events import MessageStored
from calls.journal import Entry
from calls.record import call_of_message
from store.rows import Row, storable_row

WAITING = "waiting"
"""The state of a callback or a text that is still to be done."""


def callback_rows(entries: Iterable[Entry]) -> list[Row]:
    """The rows of table `callbacks` for some entries."""
    return [
        storable_row(
            {
                "callback": note.callback,
                "call": note.call,
                "project": note.project,
                "queue": note.queue,
                "number": note.number,
                "place": note.place,
                "asked_at": at,
                "state": WAITING,
            }
        )
        for at, note in _commands(entries)
        if isinstance(note, NoteCallback)
    ]


def notice_rows(entries: Iterable[Entry]) -> list[Row]:
    """The rows of table `notices` for some entries."""
    return [
        storable_row(
            {
                "notice": notice.notice,
                "call": notice.call,
                "project": notice.project,
                "gateway": notice.gateway,
                "recipient": notice.to,
                "text": notice.text,
                "asked_at": at,
                "state": WAITING,
                "tries": 0,
                "next_at": at,
            }
        )
        for at, notice in _commands(entries)
        if isinstance(notice, SendNotice)
    ]


def late_message_rows(entries: Iterable[Entry], held: Collection[str]) -> list[Row]:
    """What to write into the rows of calls that are not `held` in memory: `of_call`, `seconds`, `sha256`."""
    stored = [entry.event for entry in entries if isinstance(entry.event, MessageStored)]
    return [
        storable_row(
            {"of_call": call_of_message(event.message), "seconds": event.seconds, "sha256": event.sha256}
        )
        for event in stored
        if call_of_message(event.message) not in held
    ]


def _commands(entries: Iterable[Entry]) -> Iterator[tuple[float, object]]:
    for entry in entries:
        for command in entry.commands:
            yield entry.at, command

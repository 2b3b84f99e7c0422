"""Rows of what calls leave behind to be done: callbacks, and texts for gateways."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from calls.commands import SendNotice
from calls.journal import Entry
from calls.notes import NoteCallback, NoteCallbackState
from store.rows import Row, storable_row

WAITING = "waiting"
"""The state of a callback or a text that is still to be done."""
RETRY = "retry"
"""The state of a callback that has a time for its next try."""


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


def callback_state_rows(entries: Iterable[Entry]) -> list[Row]:
    """What to write into the rows of callbacks, each once: `of_callback` and the newest of everything else."""
    return [
        storable_row(
            {
                "of_callback": note.callback,
                "now": note.state,
                "by": note.call,
                "dialled": note.tries,
                "again_at": note.due if note.state == RETRY else None,
            }
        )
        for note in _last_states(entries).values()
    ]


def _last_states(entries: Iterable[Entry]) -> dict[str, NoteCallbackState]:
    notes = (note for _at, note in _commands(entries) if isinstance(note, NoteCallbackState))
    return {note.callback: note for note in notes}


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


def _commands(entries: Iterable[Entry]) -> Iterator[tuple[float, object]]:
    for entry in entries:
        for command in entry.commands:
            yield entry.at, command

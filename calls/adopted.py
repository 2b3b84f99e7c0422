"""When was what an adoption tells of a call? Its place in the line and its conversation are older than its entry."""

from __future__ import annotations

from calls.command import Command
from calls.journal import Entry
from calls.lifecycle import MOVE
from calls.notes import NoteArrived, NoteMoved, NoteOutcome, NoteTalk
from calls.outages import CallAdopted

_WAITED = frozenset({MOVE.ENTERED, MOVE.QUEUED})
_TALKED = _WAITED | {MOVE.OFFERED, MOVE.TRANSFERRED, MOVE.ANSWERED}


def as_it_was(entry: Entry) -> tuple[Entry, ...]:
    """The entry of an adoption as two: what was so already, with its time, and what has come of it. Others as they are.

    Every fold that counts from when on something was so has to read it like this.
    """
    event = entry.event
    if not isinstance(event, CallAdopted):
        return (entry,)
    since = min(event.since or entry.at, entry.at)
    was = [command for command in entry.commands if _was(command, event, entry)]
    since_then = [command for command in entry.commands if not _was(command, event, entry)]
    return entry._replace(at=since, commands=was), entry._replace(commands=since_then)


def _was(command: Command, event: CallAdopted, entry: Entry) -> bool:
    talked = _talked(event, entry)
    match command:
        case NoteArrived(call):
            return call == event.call
        case NoteMoved(call, move):
            return call == event.call and move in (_TALKED if talked else _WAITED)
        case NoteOutcome(call) | NoteTalk(call):
            return call == event.call and talked
        case _:
            return False


def _talked(event: CallAdopted, entry: Entry) -> bool:
    return any(
        isinstance(command, NoteMoved) and (command.call, command.move) == (event.call, MOVE.ANSWERED)
        for command in entry.commands
    )

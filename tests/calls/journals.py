"""Journals written by hand: one entry for each thing that happens or is decided."""

from __future__ import annotations

from calls.command import Command, TargetKind
from calls.commands import RingTelephone
from calls.event import Event
from calls.events import TimePassed
from calls.journal import Entry
from calls.lifecycle import Move, State
from calls.notes import NoteArrived, NoteMoved
from calls.record import CallRecord, fold

ARRIVED = NoteArrived("c1", "leg1", "tax", "0570012229", "0488301111")

Step = tuple[float, Event | Command]


def moved(move: Move, state: State, queue: str = "", seat: str = "") -> NoteMoved:
    """A move of the call c1."""
    return NoteMoved("c1", move, state, queue, seat)


def journal(*steps: Step) -> list[Entry]:
    """One entry for each (time, event or command)."""
    return [
        Entry(number, at, each, []) if isinstance(each, Event) else Entry(number, at, TimePassed(), [each])
        for number, (at, each) in enumerate(steps, 1)
    ]


def record(*steps: Step) -> CallRecord:
    """That of the call c1."""
    (found,) = fold(journal(*steps))
    return found


def rung(kind: TargetKind, target: str, leg: str = "t1") -> RingTelephone:
    """A telephone is rung for the call c1."""
    return RingTelephone(kind, target, "", leg, "c1", "leg1", "")

"""Folds journal entries into the live picture, and tells what each of them changed."""

from __future__ import annotations

import pickle
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, Literal, NamedTuple

from msgspec.structs import replace

from calls.adopted import as_it_was
from calls.command import Command
from calls.events import EngineStarted, HoursOverridden, ProjectPublished, ProjectWithdrawn
from calls.journal import Entry
from calls.lifecycle import Move, State
from calls.notes import (
    NoteArrived,
    NoteCallback,
    NoteCallbackState,
    NoteClass,
    NoteEar,
    NoteMoved,
    NoteSeat,
    NoteTalk,
)
from calls.record import CallRecord
from engine.centre import queue_id
from supervisor.board.counts import CountKey, Counts
from supervisor.board.pictures import (
    CallbackPicture,
    CallPicture,
    CountPicture,
    EarPicture,
    Party,
    Picture,
    SeatPicture,
)

Kind = Literal["call", "seat", "queue", "callback", "ear", "project", "count"]
OVER = frozenset({"reached", "failed", "cancelled"})
UNSEATED = frozenset({Move.QUEUED, Move.RETURNED, Move.REFUSED, Move.TRANSFERRED})
"""After these a call has the seat that is named with them, or none."""


_SHOWN = ("calls", "seats", "callbacks", "ears", "waiting", "number", "at", "began", "day")


class Change(NamedTuple):
    """One thing is otherwise than before. `now` is None where it is gone, and for queues and projects.

    `number` counts all changes from 1 without gaps; `at`: seconds since 1970 UTC.
    """

    number: int
    at: float
    kind: Kind
    id: str
    now: Picture | None


class Board:
    """Everything that goes on: `calls`, `seats`, `callbacks`, `ears` (by the supervisor's seat), and who waits.

    `waiting`: for each queue the calls in its line, with the time since when they wait. `number`: of the last change;
    `began` and `at`: when the first and the last entry came. `day`: how many callers came and what became of them; an
    engine that begins anew does not begin the day anew.
    """

    def __init__(self) -> None:
        self.calls: dict[str, CallPicture] = {}
        self.seats: dict[str, SeatPicture] = {}
        self.callbacks: dict[str, CallbackPicture] = {}
        self.ears: dict[str, EarPicture] = {}
        self.waiting: dict[str, dict[str, float]] = {}
        self.day = Counts()
        self.number = 0
        self.at = self.began = 0.0
        self._changes: list[Change] = []
        self._folds: dict[type, Callable[[Any], None]] = {
            NoteArrived: self._arrived,
            NoteMoved: self._moved,
            NoteSeat: self._seat,
            NoteTalk: self._talk,
            NoteClass: self._classified,
            NoteCallback: self._callback,
            NoteCallbackState: self._callback_state,
            NoteEar: self._ear,
        }

    def feed(self, entry: Entry) -> list[Change]:
        """Take one entry in; what it changed, in order."""
        self._changes, self.began = [], self.began or entry.at
        event = entry.event
        for part in as_it_was(entry):
            self.at = part.at
            if isinstance(event, EngineStarted):
                self._begin_anew()
            self._fold(part.commands)
        if isinstance(event, HoursOverridden | ProjectPublished | ProjectWithdrawn):
            self._changed("project", event.project, None)
        self._counted(self.day.feed(entry))
        return self._changes

    def fill(self, base: Mapping[CountKey, int], calls: Iterable[CallRecord]) -> list[Change]:
        """Take in what the store has of calls that were over before this board began; see `Counts.fill`."""
        self._changes = []
        self._counted(self.day.fill(base, calls))
        return self._changes

    @property
    def counts(self) -> Mapping[CountKey, int]:
        """How many callers' calls are in which cell."""
        return self.day.cells

    def freeze(self) -> bytes:
        """All that it shows, for a later life."""
        return pickle.dumps({name: getattr(self, name) for name in _SHOWN})

    def thaw(self, frozen: bytes) -> None:
        """Show that; the bytes must be our own."""
        for name, shown in pickle.loads(frozen).items():  # noqa: S301 - from our own folder, behind a checksum
            setattr(self, name, shown)

    def _fold(self, commands: Iterable[Command]) -> None:
        for command in commands:
            fold = self._folds.get(type(command))
            if fold is not None:
                fold(command)

    def waits(self, queue: str) -> tuple[int, float | None]:
        """How many calls wait in the line of a queue, and since when the one that has waited longest."""
        line = self.waiting.get(queue, {})
        return len(line), min(line.values(), default=None)

    def _begin_anew(self) -> None:
        for kept in (self.calls, self.seats, self.callbacks, self.ears, self.waiting):
            kept.clear()
        self.began = self.at

    def _changed(self, kind: Kind, id_: str, now: Picture | None) -> None:
        self.number += 1
        self._changes.append(Change(self.number, self.at, kind, id_, now))

    def _counted(self, keys: Iterable[CountKey]) -> None:
        for key in keys:
            self._changed("count", key.id, CountPicture(*key, self.day.cells.get(key, 0)))

    # ---- calls

    def _arrived(self, note: NoteArrived) -> None:
        known = (note.call, note.project, note.direction, note.number, note.caller)
        self._put(CallPicture(*known, arrived_at=self.at, since=self.at))

    def _moved(self, note: NoteMoved) -> None:
        call = self.calls.get(note.call)
        if call is None:
            return
        self._line(call, note)
        if note.state is State.CLOSED:
            del self.calls[note.call]
            self._changed("call", note.call, None)
            return
        seat = note.seat if note.seat or note.move in UNSEATED else call.seat
        self._put(
            replace(
                call,
                state=note.state,
                since=self.at if note.state is not call.state else call.since,
                queue=note.queue or call.queue,
                seat=seat,
                queued_at=self.at
                if note.state is State.QUEUED and call.queued_at is None
                else call.queued_at,
                answered_at=call.answered_at or (self.at if note.state is State.TALKING else None),
                priority=note.priority if note.move is Move.QUEUED else call.priority,
            )
        )

    def _line(self, call: CallPicture, note: NoteMoved) -> None:
        """Into the line of a queue, or out of it; who comes back waits since when he waited first."""
        line = self.waiting.get(call.queue, {})
        if line.pop(call.call, None) is not None:
            self._changed("queue", call.queue, None)
        if note.state is State.QUEUED:
            since = self.at if call.queued_at is None else call.queued_at
            self.waiting.setdefault(note.queue, {})[call.call] = since
            self._changed("queue", note.queue, None)

    def _talk(self, note: NoteTalk) -> None:
        call = self.calls.get(note.call)
        if call is None:
            return
        others = tuple(party for party in call.parties if party.who != note.who)
        if note.talking:
            others += (Party(note.who, note.role),)
        self._put(replace(call, parties=others))

    def _classified(self, note: NoteClass) -> None:
        call = self.calls.get(note.call)
        if call is not None:
            self._put(replace(call, inquiry_class=note.inquiry_class))

    def _put(self, call: CallPicture) -> None:
        self.calls[call.call] = call
        self._changed("call", call.call, call)

    # ---- seats

    def _seat(self, note: NoteSeat) -> None:
        before = self.seats.get(note.seat)
        since = before.since if before is not None and before.state is note.state else self.at
        now = SeatPicture(note.seat, note.state, since, note.operator, note.reason, note.call)
        self.seats[note.seat] = now
        self._changed("seat", note.seat, now)

    # ---- callbacks

    def _callback(self, note: NoteCallback) -> None:
        queue = note.queue if "/" in note.queue else queue_id(note.project, note.queue)
        asked = (note.callback, note.project, queue, note.number, note.place)
        self._put_callback(CallbackPicture(*asked, asked_at=self.at))

    def _callback_state(self, note: NoteCallbackState) -> None:
        known = self.callbacks.get(note.callback)
        if known is None:
            return
        if note.state in OVER:
            del self.callbacks[note.callback]
            self._changed("callback", note.callback, None)
            return
        due = note.due if note.state == "retry" else None
        self._put_callback(replace(known, state=note.state, call=note.call, tries=note.tries, due=due))

    def _put_callback(self, callback: CallbackPicture) -> None:
        self.callbacks[callback.callback] = callback
        self._changed("callback", callback.callback, callback)

    # ---- the ear

    def _ear(self, note: NoteEar) -> None:
        if note.state in ("ended", "take_over"):
            if self.ears.pop(note.seat, None) is not None:
                self._changed("ear", note.seat, None)
        else:
            ear = EarPicture(note.seat, note.call, note.project, note.heard, note.state, note.by, self.at)
            self.ears[note.seat] = ear
            self._changed("ear", note.seat, ear)
        call = self.calls.get(note.call)
        if note.state == "take_over" and call is not None:
            self._put(replace(call, seat=note.seat))

    def everything(self) -> Iterator[Picture]:
        """All pictures: seats, calls, callbacks and ears."""
        for kept in (self.seats, self.calls, self.callbacks, self.ears):
            yield from kept.values()

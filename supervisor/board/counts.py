"""How many callers came and what became of them, by half-hour: a fold of the very records that the database has."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Mapping
from typing import Any, NamedTuple

from msgspec.structs import replace

from calls.degraded import leg_of
from calls.events import EngineStarted
from calls.journal import Entry
from calls.lifecycle import OUTCOME, STATE
from calls.notes import NoteArrived
from calls.outages import CallAdopted, CallForgotten, DegradedCallEnded
from calls.record import CallRecord
from store.held_records import HeldRecords

STEP_S = 1800.0
NEVER = -1
"""`waited` of who was never in the line."""

KEPT_S = 2 * 86_400.0
"""So long a half-hour is kept: as long as it may be today's in any time zone, and then some."""

SWEEP_S = 300.0
FILLED_S = 26 * 3600.0
"""Today began at most so long ago, on the day that has an hour twice, too."""


class CountKey(NamedTuple):
    """Callers' calls that are alike: of one project, arrived in the half-hour that begins at `start` (seconds since
    1970 UTC, a multiple of 1800), ended with `outcome`, after `waited` whole seconds in the line (-1: never in it).

    `outcome` empty: all that arrived, whatever became of them; `waited` is -1 then.
    """

    project: str
    start: float
    outcome: str
    waited: int

    @property
    def id(self) -> str:
        """Its name in changes."""
        return f"{self.project}|{self.start:.0f}|{self.outcome}|{self.waited}"


def half_hour(at: float) -> float:
    """The beginning of the half-hour in which a time is. The database reckons just so."""
    return math.floor(at / STEP_S) * STEP_S


def key_of(record: CallRecord) -> CountKey:
    """The cell of a caller's call; of one that has no outcome yet that of its arrival."""
    start, outcome = half_hour(record.arrived_at), str(record.outcome)
    wait = record.wait if outcome else None
    return CountKey(record.project, start, outcome, NEVER if wait is None else math.floor(wait))


class Counts:
    """`cells`: how many calls are in each; a cell in which none is left is gone.

    Calls are held until nothing more can come of them; those of an earlier run that were cut off, and those that
    Asterisk dealt with alone, longer: they may be told anew. What a fold has not seen, since it began in the middle of
    the day, is given to it by `fill`; `whole` then says that nothing is missing.
    """

    def __init__(self) -> None:
        self.cells: dict[CountKey, int] = {}
        self.whole = False
        self.began = 0.0
        self._held = HeldRecords()
        self._keys: dict[str, CountKey] = {}
        self._left: dict[str, CallRecord] = {}
        self._taken: dict[str, float] = {}
        self._forgotten: dict[str, float] = {}
        self._base: dict[CountKey, int] = {}
        self._stored: dict[str, None] = {}
        self._sweep_at = 0.0
        self._news: dict[CountKey, None] = {}

    def __getstate__(self) -> dict[str, Any]:
        # Plain tuples are pickled several times faster than named ones: calls must not wait for it.
        state = {**vars(self), "_news": {}}
        for name in ("cells", "_base"):
            state[name] = [(*key, calls) for key, calls in state[name].items()]
        state["_keys"] = [(call, *key) for call, key in self._keys.items()]
        return state

    def __setstate__(self, state: dict[str, Any]) -> None:
        vars(self).update(state)
        for name in ("cells", "_base"):
            setattr(self, name, {CountKey(*key): calls for *key, calls in state[name]})
        self._keys = {call: CountKey(*key) for call, *key in state["_keys"]}

    @property
    def taken(self) -> Collection[str]:
        """Calls that began before this run, and that it has taken in nevertheless: their old rows count no more."""
        return self._taken.keys()

    def feed(self, entry: Entry) -> Collection[CountKey]:
        """Take one entry in; the cells that it changed."""
        if self._news:
            self._news = {}
        told = _TOLD_ANEW.get(type(entry.event))
        if told is not None:
            told(self, entry)
        for record in self._held.feed((entry,)):
            if record.direction == "in":
                self._count(record)
        if entry.at >= self._sweep_at:
            self._sweep(entry.at)
        return self._news

    def fill(self, base: Mapping[CountKey, int], calls: Iterable[CallRecord]) -> Collection[CountKey]:
        """Take in what the store has of calls that this fold has not seen, instead of what it was given before.

        The cells that are otherwise now. `calls`: those of which there may be more to come, each by itself; they are
        not in `base`.
        """
        before = dict(self.cells)
        for key, count in self._base.items():
            self._add(key, -count)
        for call in [*self._stored]:
            self._take_back(call)
        self._base = dict(base)
        for key, count in self._base.items():
            self._add(key, count)
        for record in calls:
            if record.call not in self._keys:
                self._stored[record.call] = None
                self._left_by(record)
        self._news = {key: None for key in self._news if self.cells.get(key) != before.get(key)}
        return self._news

    # ---- what is told anew

    def _run_began(self, entry: Entry) -> None:
        """A new run knows the calls of the earlier ones only by their ids."""
        for record in self._held.open():
            if record.direction == "in":
                self._left[record.call] = record
        self._held, self._base = HeldRecords(), {}
        self._stored.clear()
        self._taken.clear()
        self._forgotten.clear()
        self.began, self._sweep_at = entry.at, entry.at + SWEEP_S

    def _call_adopted(self, entry: Entry) -> None:
        for note in entry.commands:
            if isinstance(note, NoteArrived):
                self._take_over(note.call, entry.at)

    def _degraded_ended(self, entry: Entry) -> None:
        call = entry.event.call  # type: ignore[attr-defined]
        if call not in self._held.held:
            self._take_over(call, entry.at)

    def _call_forgotten(self, entry: Entry) -> None:
        call = entry.event.call  # type: ignore[attr-defined]
        self._forgotten[call] = entry.at
        if call in self._left:
            self._close(self._left.pop(call), entry.at)

    def _close(self, record: CallRecord, at: float) -> None:
        """As the store writes it down: nobody can say any more what became of a call."""
        ended_at = at if record.ended_at is None else record.ended_at
        self._count(replace(record, outcome=record.outcome or OUTCOME.LOST_SYSTEM, ended_at=ended_at))

    def _take_over(self, call: str, at: float) -> None:
        self._take_back(call)
        self._taken[call] = at

    def _left_by(self, record: CallRecord) -> None:
        """A call of which the store has what was known last."""
        forgotten_at = self._forgotten.get(record.call)
        if record.state is STATE.CLOSED:
            self._count(record)
        elif forgotten_at is None:
            self._left[record.call] = record
            self._count(record)
        else:
            self._close(record, forgotten_at)

    # ---- the cells

    def _count(self, record: CallRecord) -> None:
        had = self._keys.get(record.call)
        if had is None:
            key = self._keys[record.call] = key_of(record)
            self._add(key._replace(outcome="", waited=NEVER), 1)
        elif not record.outcome or (key := key_of(record)) == had:
            return
        else:
            self._keys[record.call] = key
            if had.outcome:
                self._add(had, -1)
        if key.outcome:
            self._add(key, 1)

    def _take_back(self, call: str) -> None:
        self._left.pop(call, None)
        self._stored.pop(call, None)
        key = self._keys.pop(call, None)
        if key is not None:
            self._add(key._replace(outcome="", waited=NEVER), -1)
            if key.outcome:
                self._add(key, -1)

    def _add(self, key: CountKey, calls: int) -> None:
        now = self.cells.get(key, 0) + calls
        self._news[key] = None
        if now > 0:
            self.cells[key] = now
        else:
            self.cells.pop(key, None)

    def _sweep(self, at: float) -> None:
        self._sweep_at, oldest, self.began = at + SWEEP_S, at - KEPT_S, self.began or at
        for key in [key for key in self.cells if key.start < oldest]:
            del self.cells[key]
            self._news[key] = None
        self._base = {key: calls for key, calls in self._base.items() if key.start >= oldest}
        self._keys = {call: key for call, key in self._keys.items() if self._may_change(call, key, oldest)}
        for kept in (self._left, self._stored):
            for call in [call for call in kept if call not in self._keys]:
                del kept[call]
        self._taken = {call: since for call, since in self._taken.items() if since >= oldest}
        self._forgotten = {call: since for call, since in self._forgotten.items() if since >= oldest}

    def _may_change(self, call: str, key: CountKey, oldest: float) -> bool:
        if call in self._held.held:
            return True
        again = call in self._left or call in self._stored or leg_of(call) != call
        return again and key.start >= oldest


_TOLD_ANEW = {
    EngineStarted: Counts._run_began,
    CallAdopted: Counts._call_adopted,
    DegradedCallEnded: Counts._degraded_ended,
    CallForgotten: Counts._call_forgotten,
}

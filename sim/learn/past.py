"""Recorded days: the calls, what each of them did, the seats and the orders; read from the store or from a journal."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import AsyncIterator, Iterable, Mapping
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

from calls.activity import SeatActivity, activity
from calls.events import EngineStarted
from calls.journal import Entry
from calls.record import CallRecord, RecordFold
from sim.arrivals import at_minute
from sim.learn.journal_fold import JournalFold, Order
from sim.learn.past_call import PastCall
from store.activity import read_activity
from store.database import Database
from store.day_journal import Fault, projects_between, read_from, runs_between
from store.journal_reader import Run
from store.records import read_records

LONGEST_S = 86400.0
"""Nobody waits longer than this for the end of a call."""


class NothingRecordedError(Exception):
    """There is nothing of these days; the message says what to look at."""


@dataclass
class Past:
    """Everything that is known of [start, end), seconds since 1970 UTC.

    `records`: of all projects, by call id. `calls`: what the journal says of them beyond that.
    `activity`: of the seats, in the order of time. `opened`: the first entries are those of a new engine, so nothing
    had stood before.
    `faults`: what of the journal is not there, for people. `lives`: so many engines began.
    `heard_from`, `heard_until`: the first and the last entry.
    """

    start: float
    end: float
    records: dict[str, CallRecord] = field(default_factory=dict)
    calls: dict[str, PastCall] = field(default_factory=dict)
    activity: list[SeatActivity] = field(default_factory=list)
    orders: list[Order] = field(default_factory=list)
    opened: bool = False
    faults: list[str] = field(default_factory=list)
    lives: int = 0
    heard_from: float = math.inf
    heard_until: float = -math.inf
    entries: int = 0
    configurations: list[str] = field(default_factory=list)

    def of(self, project: str) -> list[CallRecord]:
        """The calls of callers to a project, in the order of their arrival."""
        return [one for one in self.records.values() if one.project == project and one.direction == "in"]


def past_of(entries: Iterable[Entry], start: float, end: float) -> Past:
    """The same from one engine's whole journal, without a store."""
    kept, past, journal, records = list(entries), Past(start, end), JournalFold(), RecordFold()
    for entry in kept:
        _feed(past, entry, journal, records)
    past.activity = list(activity(kept))
    return _finished(past, journal, records)


def bounds(first: dt.date, last: dt.date, zone: ZoneInfo) -> tuple[float, float]:
    """From midnight before `first` to midnight behind `last`, local time, as seconds since 1970 UTC."""
    return at_minute(first, 0, zone), at_minute(last + dt.timedelta(days=1), 0, zone)


async def read_past(database: Database, project: str, start: float, end: float) -> Past:
    """What the store has of [start, end). Records of calls whose journal is gone count nevertheless.

    Raises what the database raises.
    """
    past, journal, records = Past(start, end), JournalFold(), RecordFold()
    for run in await runs_between(database, start, end):
        if run.started_at < end:
            journal.begin_run()
            await _fold_run(past, journal, records, run, read_from(database, run, start))
    for name in await projects_between(database, start, end):
        for record in await read_records(database, name, start, end):
            past.records[record.call] = record
    past.activity = sorted(await read_activity(database, project, start, end), key=lambda one: one.began)
    return _finished(past, journal, records)


async def _fold_run(
    past: Past, journal: JournalFold, records: RecordFold, run: Run, found: AsyncIterator[Entry | Fault]
) -> None:
    async for entry in found:
        if isinstance(entry, Fault):
            past.faults.append(f"run {run.run}, entry {entry.number}: {entry.text}")
            continue
        if entry.at >= past.end and (not journal.open_calls or entry.at > past.end + LONGEST_S):
            return
        _feed(past, entry, journal, records)


def _feed(past: Past, entry: Entry, journal: JournalFold, records: RecordFold) -> None:
    if isinstance(entry.event, EngineStarted):
        past.opened = past.opened or not past.entries
        past.lives += 1
        past.configurations.append(entry.event.configuration)
    past.entries += 1
    past.heard_from, past.heard_until = min(past.heard_from, entry.at), max(past.heard_until, entry.at)
    journal.feed(entry)
    records.feed(entry)


def _finished(past: Past, journal: JournalFold, records: RecordFold) -> Past:
    for record in records.records.values():  # of a call that the store has, its own record knows more
        if past.start <= record.arrived_at < past.end:
            past.records.setdefault(record.call, record)
    past.calls = {
        name: call for name, call in journal.calls.items() if past.start <= call.arrived_at < past.end
    }  # fmt: skip
    if past.activity and not past.opened:
        past.heard_from = past.start
    past.orders = [order for order in journal.orders if past.start <= order.at < past.end]
    return past


def unknown_project(project: str, projects: Mapping[str, object]) -> NothingRecordedError:
    """There is no such project."""
    return NothingRecordedError(f"there is no project '{project}'; there are: {', '.join(projects)}")

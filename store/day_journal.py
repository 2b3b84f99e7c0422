"""The part of the journal that a day's calls are in, without reading the months before it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import NamedTuple

import msgspec
from sqlalchemy import ColumnElement, RowMapping, or_, select

from calls.events import EngineStarted, MessageStored, RecordingFinished
from calls.journal import Entry
from calls.outages import CallAdopted, DegradedCallEnded
from store.database import Database
from store.journal_reader import PAGE, Run, runs
from store.models import CALLS, JOURNAL
from store.rows import entry_of

LATE = (RecordingFinished, MessageStored, DegradedCallEnded, CallAdopted, EngineStarted)
"""What may say something of a call that is long over."""


class Fault(NamedTuple):
    """An entry of a run that is not there, or cannot be read; what stands behind it can be read nevertheless."""

    run: str
    number: int
    text: str


async def runs_between(database: Database, start: float, end: float) -> list[Run]:
    """The runs that have an entry in [start, end) or may say something of it later, oldest first."""
    return [run for run in await runs(database) if await _at(database, run.run, run.entries) >= start]


async def read_from(database: Database, run: Run, start: float) -> AsyncIterator[Entry | Fault]:
    """The entries of a run from `start` (seconds since 1970 UTC) on, in their order."""
    first = await first_from(database, run, start)
    async for found in _read(database, first - 1, JOURNAL.c.run == run.run):
        if found.number > first:
            yield Fault(
                run.run, first, f"{found.number - first} entries are missing before entry {found.number}"
            )
        yield found
        first = found.number + 1


async def read_late(database: Database, run: Run, after: int) -> AsyncIterator[Entry | Fault]:
    """Of the entries behind number `after`, those that may concern a call that is long over."""
    late = or_(
        JOURNAL.c.event_type.in_([kind.__name__ for kind in LATE]), JOURNAL.c.commands.contains('"NoteClass"')
    )
    async for found in _read(database, after, JOURNAL.c.run == run.run, late):
        yield found


async def first_from(database: Database, run: Run, start: float) -> int:
    """The number of the first entry of a run at or behind `start`; one more than it has where there is none.

    Entries of a run are in the order of time, so a handful of looks finds it.
    """
    low, high = 1, run.entries + 1
    while low < high:
        middle = (low + high) // 2
        if await _at(database, run.run, middle) < start:
            low = middle + 1
        else:
            high = middle
    return low


async def projects_between(database: Database, start: float, end: float) -> list[str]:
    """The projects that have records of calls that arrived in [start, end), in the order of their names."""
    wanted = (CALLS.c.arrived_at >= start, CALLS.c.arrived_at < end)
    async with database.engine.connect() as connection:
        found = await connection.execute(select(CALLS.c.project).where(*wanted).distinct())
        return sorted(row[0] for row in found)


async def _at(database: Database, run: str, number: int) -> float:
    """The time of an entry; of one that is missing, that of the next one that is there."""
    wanted = (JOURNAL.c.run == run, JOURNAL.c.number >= number)
    query = select(JOURNAL.c.at).where(*wanted).order_by(JOURNAL.c.number).limit(1)
    async with database.engine.connect() as connection:
        return (await connection.execute(query)).scalar_one_or_none() or float("inf")


async def _read(database: Database, after: int, *wanted: ColumnElement[bool]) -> AsyncIterator[Entry | Fault]:
    while page := await _page(database, after, *wanted):
        for row in page:
            after = row["number"]
            yield _entry(row)


async def _page(database: Database, after: int, *wanted: ColumnElement[bool]) -> list[RowMapping]:
    # Each page is a transaction of its own, as in `journal_reader`.
    query = select(JOURNAL).where(*wanted, JOURNAL.c.number > after).order_by(JOURNAL.c.number).limit(PAGE)
    async with database.engine.connect() as connection:
        return list((await connection.execute(query)).mappings())


def _entry(row: RowMapping) -> Entry | Fault:
    try:
        return entry_of(row)
    except msgspec.MsgspecError:  # its text may repeat a value, that is, a phone number
        return Fault(
            row["run"],
            row["number"],
            f"its {row['event_type']} cannot be read: of another version, or damaged",
        )

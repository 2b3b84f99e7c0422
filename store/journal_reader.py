"""Reading the journal back: to replay a day, and to find the way after a crash."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import NamedTuple

from sqlalchemy import func, select

from calls.journal import Entry
from store.database import Database
from store.models import JOURNAL
from store.rows import entry_of

PAGE = 1000


class Run(NamedTuple):
    """One life of an engine: `entries` numbered from 1; `started_at` in seconds since 1970 UTC."""

    run: str
    started_at: float
    entries: int


class JournalGapError(Exception):
    """An entry is missing in the middle of a run: what follows cannot be replayed."""


async def runs(database: Database) -> list[Run]:
    """All runs, oldest first."""
    newest = JOURNAL.alias()
    entries = select(func.max(newest.c.number)).where(newest.c.run == JOURNAL.c.run).scalar_subquery()
    query = select(JOURNAL.c.run, JOURNAL.c.at, entries).where(JOURNAL.c.number == 1)
    async with database.engine.connect() as connection:
        found = await connection.execute(query.order_by(JOURNAL.c.at, JOURNAL.c.run))
        return [Run(*row) for row in found]


async def last_number(database: Database, run: str) -> int:
    """The number of the newest entry of a run; 0 for a run that has none."""
    async with database.engine.connect() as connection:
        query = select(func.max(JOURNAL.c.number)).where(JOURNAL.c.run == run)
        return (await connection.execute(query)).scalar() or 0


async def read_journal(database: Database, run: str, after: int = 0) -> AsyncIterator[Entry]:
    """The entries of a run behind `after`, in their order, page by page; nothing for a run that does not exist.

    Raises JournalGapError where a number is missing, msgspec.ValidationError where an entry was written by
    a newer version.
    """
    last = after
    while page := await _page(database, run, last):
        for entry in page:
            if entry.number != last + 1:
                raise JournalGapError(
                    f"run {run}: entry {last + 1} is missing (entry {entry.number} follows entry {last}); "
                    "restore the database from a copy, or replay another run"
                )
            last = entry.number
            yield entry


async def _page(database: Database, run: str, after: int) -> list[Entry]:
    # Each page is a transaction of its own: a reader who takes his time must not keep SQLite from shortening
    # its write-ahead log.
    query = select(JOURNAL).where(JOURNAL.c.run == run, JOURNAL.c.number > after)
    async with database.engine.connect() as connection:
        found = await connection.execute(query.order_by(JOURNAL.c.number).limit(PAGE))
        return [entry_of(row) for row in found.mappings()]

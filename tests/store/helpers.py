"""Small tools of the store's tests."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from uuid import uuid4

from calls.events import TimePassed
from calls.journal import Entry
from store.database import Database
from store.journal_reader import read_journal
from store.journal_writer import JournalWriter

LIMIT = 30.0


class Troubles:
    """Takes what the writer reports, and lets a test wait for it."""

    def __init__(self) -> None:
        self.messages: list[str] = []
        self._came = asyncio.Event()

    def __call__(self, message: str) -> None:
        self.messages.append(message)
        self._came.set()

    async def wait(self) -> None:
        """Until the first message."""
        await asyncio.wait_for(self._came.wait(), LIMIT)


def fresh_run() -> str:
    """A run id that nobody has."""
    return uuid4().hex


def plain(count: int, first: int = 1) -> list[Entry]:
    """Entries with nothing in them."""
    return [Entry(number, 1000.0 + number, TimePassed(), []) for number in range(first, first + count)]


async def write(database: Database, run: str, entries: Iterable[Entry]) -> None:
    """Write a whole journal; the first trouble ends it."""
    async with JournalWriter(database, run, on_trouble=_fail) as writer:
        for entry in entries:
            writer.put(entry)


def _fail(message: str) -> None:
    raise AssertionError(message)


async def read(database: Database, run: str) -> list[Entry]:
    """Read a whole journal."""
    return [entry async for entry in read_journal(database, run)]


async def execute(database: Database, statement: str) -> None:
    """One statement in a transaction of its own."""
    async with database.engine.begin() as connection:
        await connection.exec_driver_sql(statement)


@asynccontextmanager
async def broken(database: Database) -> AsyncIterator[None]:
    """A database that takes entries but no records of calls: a batch fails in its middle."""
    await execute(database, "ALTER TABLE calls RENAME TO calls_away")
    try:
        yield
    finally:
        await execute(database, "ALTER TABLE calls_away RENAME TO calls")

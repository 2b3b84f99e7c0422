"""How a run goes on after its engine died, on SQLite; and a database that is locked or gone."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from store.database import Database
from store.journal_resume import NEW_RUN
from store.journal_writer import JournalWriter
from store.migrations import upgrade
from tests.store.helpers import LIMIT, Troubles, plain, read
from tests.store.resume_behaviour import Life, ResumeBehaviour

pytestmark = pytest.mark.unit


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Where the database lies."""
    return tmp_path / "data" / "denwaban.db"


@pytest.fixture
async def database(file: Path) -> AsyncIterator[Database]:
    """An empty database with its tables, and little patience."""
    await upgrade(f"sqlite:///{file}")
    async with Database(f"sqlite:///{file}", busy_timeout=0.0) as database:
        yield database


class TestResume(ResumeBehaviour):
    """On SQLite."""


async def test_a_locked_database_is_told_and_what_waited_is_written(database: Database, file: Path) -> None:
    locker = sqlite3.connect(file, isolation_level=None)
    locker.execute("BEGIN EXCLUSIVE")
    async with Life(database, "run") as life:
        for entry in plain(10):
            life.writer.put(entry)
        await life.troubles.wait()
        assert not life.recovered.is_set()
        locker.execute("COMMIT")
        await asyncio.wait_for(life.writer.flush(), LIMIT)
        assert life.recovered.is_set()
    locker.close()
    assert "database is locked" in life.troubles.messages[0]
    assert await read(database, "run") == plain(10)


async def test_a_database_that_is_gone_for_a_while(database: Database, file: Path) -> None:
    away = file.parent.with_name("away")
    async with Life(database, "run") as life:
        await life.put(plain(2))
        await database.engine.dispose()
        file.parent.rename(away)
        for entry in plain(10, 3):
            life.writer.put(entry)
        await life.troubles.wait()
        away.rename(file.parent)
        await asyncio.wait_for(life.writer.flush(), LIMIT)
        assert life.recovered.is_set()
    assert "unable to open database file" in life.troubles.messages[0]
    assert await read(database, "run") == plain(12)


async def test_a_database_is_made_ready_as_soon_as_it_is_there(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/later/denwaban.db"
    tries = 0

    async def prepare() -> None:
        nonlocal tries
        tries += 1
        if tries == 1:
            raise ConnectionRefusedError("connection refused")
        await upgrade(url)

    troubles = Troubles()
    async with Database(url) as database:
        writer = JournalWriter(database, "run", prepare=prepare, on_trouble=troubles)
        await writer.start(NEW_RUN)
        writer.put(plain(1)[0])
        await asyncio.wait_for(writer.close(), LIMIT)
        assert await read(database, "run") == plain(1)
    assert len(troubles.messages) == 1
    assert "connection refused" in troubles.messages[0]


async def test_a_database_that_does_not_answer_is_asked_again(database: Database) -> None:
    troubles, tries = Troubles(), 0

    async def prepare() -> None:
        nonlocal tries
        tries += 1
        if tries == 1:
            await asyncio.Event().wait()

    writer = JournalWriter(database, "run", prepare=prepare, patience=0.05, on_trouble=troubles)
    await writer.start(NEW_RUN)
    await asyncio.wait_for(troubles.wait(), LIMIT)
    await writer._stop()
    assert "no answer within 0.05 s" in troubles.messages[0]

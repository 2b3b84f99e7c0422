"""The store on SQLite."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy.exc import OperationalError

from calls.activity import SeatActivity
from calls.record import CallRecord, fold
from calls.talks import Talk
from store.database import Database, DatabaseUrlError
from store.journal_writer import JournalWriter
from store.migrations import upgrade
from store.models import CALLS, SEAT_ACTIVITY, TALKS
from store.records import read_record
from tests.store.helpers import LIMIT, Troubles, plain, read
from tests.store.journal_behaviour import JournalBehaviour
from tests.store.migration_behaviour import MigrationBehaviour

pytestmark = pytest.mark.unit

ROOT = Path(__file__).parents[2]

LOCKER = """
import sqlite3, sys
connection = sqlite3.connect(sys.argv[1], isolation_level=None)
connection.execute("BEGIN IMMEDIATE")
print("locked", flush=True)
sys.stdin.readline()
connection.execute("COMMIT")
"""

CRASHER = """
import asyncio, sys
from store.database import Database
from store.journal_writer import JournalWriter
from tests.store.journal_behaviour import arrival

async def main():
    writer = JournalWriter(Database(sys.argv[1]), "run", batch=7, capacity=20_000)
    await writer.start()
    for number in range(1, 10_001):
        writer.put(arrival(number, f"call-{number}"))
    await writer.written(100)
    print("under way", flush=True)
    await writer.written(20_000)

asyncio.run(main())
"""


@pytest.fixture
def url(tmp_path: Path) -> str:
    """The URL of a database that is not there yet."""
    return f"sqlite:///{tmp_path}/new/denwaban.db"


@pytest.fixture
async def database(url: str) -> AsyncIterator[Database]:
    """An empty database with its tables."""
    await upgrade(url)
    async with Database(url) as database:
        yield database


class TestJournal(JournalBehaviour):
    """The journal on SQLite."""


class TestMigrations(MigrationBehaviour):
    """The migrations on SQLite."""


async def _program(text: str, argument: str) -> asyncio.subprocess.Process:
    pipe = asyncio.subprocess.PIPE
    return await asyncio.create_subprocess_exec(
        sys.executable, "-c", text, argument, stdin=pipe, stdout=pipe, cwd=ROOT
    )


async def _line(process: asyncio.subprocess.Process) -> bytes:
    assert process.stdout is not None
    return (await asyncio.wait_for(process.stdout.readline(), LIMIT)).strip()


async def test_another_process_holds_the_lock_for_a_moment(url: str, database: Database) -> None:
    troubles = Troubles()
    locker = await _program(LOCKER, url.removeprefix("sqlite:///"))
    assert await _line(locker) == b"locked"
    async with (
        Database(url, busy_timeout=0.0) as impatient,
        JournalWriter(impatient, "run", on_trouble=troubles) as writer,
    ):
        writer.put(plain(1)[0])
        await troubles.wait()
        await asyncio.wait_for(locker.communicate(b"go\n"), LIMIT)
        await asyncio.wait_for(writer.flush(), LIMIT)
    assert "database is locked" in troubles.messages[0]
    assert await read(database, "run") == plain(1)


async def test_a_killed_process_leaves_whole_batches_only(url: str, database: Database) -> None:
    crasher = await _program(CRASHER, url)
    assert await _line(crasher) == b"under way"
    crasher.kill()
    await asyncio.wait_for(crasher.communicate(), LIMIT)
    entries = await read(database, "run")
    assert len(entries) >= 100
    assert len(entries) % 7 == 0 or len(entries) == 10_000
    for record in fold(entries):
        assert await read_record(database, record.call) == record
    assert await read_record(database, f"call-{len(entries) + 1}") is None


async def test_sqlite_is_set_up_for_one_writer_and_many_readers(database: Database) -> None:
    async with database.engine.connect() as connection:
        settings = [
            (await connection.exec_driver_sql(f"PRAGMA {name}")).scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
        ]
    assert settings == ["wal", 1, 1, 5000]


def test_columns_are_the_fields_of_what_they_hold() -> None:
    assert {column.name for column in CALLS.c} == {*CallRecord.__struct_fields__, "run"} - {"talks"}
    assert {column.name for column in TALKS.c} == {*Talk.__struct_fields__, "call", "number"}
    assert {column.name for column in SEAT_ACTIVITY.c} == {*SeatActivity.__struct_fields__, "run"}


@pytest.mark.parametrize(
    ("bad", "message"),
    [
        ("var/denwaban.db", "cannot be read; write sqlite:///"),
        ("mysql://root:geheim@host/name", "'mysql' is no database"),
        ("sqlite://", "names no file"),
        ("sqlite:///:memory:", "names no file"),
    ],
)
def test_a_wrong_url_says_how_one_is_written(bad: str, message: str) -> None:
    with pytest.raises(DatabaseUrlError, match=message) as caught:
        Database(bad)
    assert "geheim" not in str(caught.value)


async def test_errors_repeat_no_values(url: str) -> None:
    async with Database(url) as without_tables:
        with pytest.raises(OperationalError, match="no such table") as caught:
            await read_record(without_tables, "call-of-0311112222")
    assert "0311112222" not in str(caught.value)


async def test_a_password_is_not_shown() -> None:
    async with Database("postgresql://denwaban:geheim@127.0.0.1/denwaban") as database:
        assert "geheim" not in str(database)

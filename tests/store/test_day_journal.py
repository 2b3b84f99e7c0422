"""The part of the journal that is of a day, and what is wrong with it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from calls.events import EngineStarted, RecordingFinished, TimePassed
from calls.journal import Entry
from calls.notes import NoteClass
from store.database import Database
from store.day_journal import Fault, first_from, projects_between, read_from, read_late, runs_between
from store.journal_reader import Run, runs
from store.migrations import upgrade
from tests.store.helpers import execute, fresh_run, plain, write
from tests.store.journal_behaviour import arrival

pytestmark = pytest.mark.unit


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    url = f"sqlite:///{tmp_path}/denwaban.db"
    await upgrade(url)
    async with Database(url) as database:
        yield database


async def written(database: Database, entries: list[Entry]) -> Run:
    run = fresh_run()
    await write(database, run, entries)
    [found] = [one for one in await runs(database) if one.run == run]
    return found


async def test_it_begins_where_the_day_begins(database: Database) -> None:
    run = await written(database, plain(2500))  # entry n is at 1000 + n
    assert await first_from(database, run, 0.0) == 1
    assert await first_from(database, run, 2000.5) == 1001
    assert await first_from(database, run, 3500.0) == 2500
    assert await first_from(database, run, 9999.0) == 2501
    assert [one.number async for one in read_from(database, run, 2000.5)] == list(range(1001, 2501))
    assert [one.number async for one in read_from(database, run, 9999.0)] == []


async def test_runs_that_ended_before_are_left_alone(database: Database) -> None:
    first = await written(database, plain(10))
    assert [run.run for run in await runs_between(database, 1005.0, 2000.0)] == [first.run]
    assert await runs_between(database, 1010.5, 2000.0) == []


async def test_a_gap_is_told_and_what_stands_behind_it_is_read(database: Database) -> None:
    run = await written(database, plain(20))
    await execute(database, "DELETE FROM journal WHERE number BETWEEN 5 AND 7")
    found = [one async for one in read_from(database, run, 0.0)]
    assert found[4] == Fault(run.run, 5, "3 entries are missing before entry 8")
    assert [one.number for one in found if isinstance(one, Entry)] == [1, 2, 3, 4, *range(8, 21)]
    assert await first_from(database, run, 1006.0) == 5


@pytest.mark.parametrize(
    "harm",
    [
        """UPDATE journal SET event = '{"type":"OfTomorrow"}' WHERE number = 3""",
        "UPDATE journal SET event = 'flipped' WHERE number = 3",
        "UPDATE journal SET commands = '[{' WHERE number = 3",
    ],
)
async def test_an_entry_that_cannot_be_read_is_told(database: Database, harm: str) -> None:
    run = await written(database, plain(4))
    await execute(database, harm)
    found = [one async for one in read_from(database, run, 0.0)]
    assert isinstance(found[2], Fault)
    assert [one.number for one in found] == [1, 2, 3, 4]


async def test_what_comes_late(database: Database) -> None:
    events = [EngineStarted("x"), TimePassed(), RecordingFinished("a", 1.0, "ab"), TimePassed()]
    entries = [Entry(number, 1000.0, event, []) for number, event in enumerate(events, 1)]
    entries.append(Entry(5, 1000.0, TimePassed(), [NoteClass("a", "seat01", "refund")]))
    run = await written(database, entries)
    assert [one.number async for one in read_late(database, run, 0)] == [1, 3, 5]
    assert [one.number async for one in read_late(database, run, 3)] == [5]


async def test_the_projects_that_had_calls(database: Database) -> None:
    run = await written(database, [arrival(1, "a")])
    assert len(await projects_between(database, 0.0, 1e10)) == 1
    assert await projects_between(database, 0.0, run.started_at) == []

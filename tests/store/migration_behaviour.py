"""What the migrations do on every database."""

from __future__ import annotations

import asyncio

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, inspect, select

from store.database import Database
from store.migrations import NewerDatabaseError, configuration, upgrade
from store.models import CALLBACKS, Base
from store.records import read_record
from tests.store.helpers import plain, read, write


def _tables(connection: Connection) -> set[str]:
    return set(inspect(connection).get_table_names())


def _differences(connection: Connection) -> list[object]:
    context = MigrationContext.configure(
        connection, opts={"compare_type": True, "compare_server_default": True}
    )
    return list(compare_metadata(context, Base.metadata))


def _downgrade(connection: Connection) -> None:
    command.downgrade(configuration(connection), "base")


def _upgrade_to_0003(connection: Connection) -> None:
    command.upgrade(configuration(connection), "0003")


OLD_CALL = """INSERT INTO calls (call, run, leg, project, number, caller, arrived_at, queue, queued_at, offers,
answered_at, seat, ended_at, closed_at, state, outcome, heard, keys, recording_sha256)
VALUES ('c1', 'r', 'l1', 'tax', '0570012229', '', 10.0, 'tax/main', 11.0, 1, 20.0, 'seat01', 50.0, 60.0, 'CLOSED',
'answered', '["notice@1.ja"]', '1', '')"""
OLD_CALLBACK = """INSERT INTO callbacks (callback, call, project, queue, number, place, asked_at, state)
VALUES ('c1.k1', 'c1', 'tax', 'tax/main', '0900000001', 3, 12.0, 'waiting')"""


class MigrationBehaviour:
    """Inherit it next to a fixture `url` of an empty database."""

    async def test_from_empty_to_the_tables_of_today(self, url: str) -> None:
        await upgrade(url)
        async with Database(url) as database, database.engine.connect() as connection:
            assert await connection.run_sync(_tables) == {"alembic_version", *Base.metadata.tables}

    async def test_models_and_migrations_agree(self, url: str) -> None:
        await upgrade(url)
        async with Database(url) as database, database.engine.connect() as connection:
            assert await connection.run_sync(_differences) == []

    async def test_a_second_time_changes_nothing(self, url: str) -> None:
        await upgrade(url)
        async with Database(url) as database:
            await write(database, "run", plain(3))
            await upgrade(url)
            assert await read(database, "run") == plain(3)

    async def test_two_at_once_do_not_hurt_each_other(self, url: str) -> None:
        await asyncio.gather(upgrade(url), upgrade(url))
        async with Database(url) as database:
            assert await read(database, "run") == []

    async def test_the_way_back_leaves_an_empty_database(self, url: str) -> None:
        await upgrade(url)
        async with Database(url) as database, database.engine.begin() as connection:
            await connection.run_sync(_downgrade)
            assert await connection.run_sync(_tables) == {"alembic_version"}

    async def test_calls_of_before_there_were_talks_are_read_as_they_were(self, url: str) -> None:
        async with Database(url) as database:
            async with database.engine.begin() as connection:
                await connection.run_sync(_upgrade_to_0003)
                await connection.exec_driver_sql(OLD_CALL)
                await connection.exec_driver_sql(OLD_CALLBACK)
            await upgrade(url)
            record = await read_record(database, "c1")
            async with database.engine.connect() as connection:
                [callback] = await connection.execute(select(CALLBACKS))
        assert record is not None
        assert (record.direction, record.operator, record.transfers, record.talks) == ("in", "", (), ())
        assert (record.wait, record.talk, record.wrapup, record.hold_seconds) == (9.0, 30.0, 10.0, 0.0)
        assert (callback.state, callback.tries, callback.due, callback.serving) == ("waiting", 0, None, "")

    async def test_a_newer_database_is_left_alone(self, url: str) -> None:
        await upgrade(url)
        async with Database(url) as database:
            async with database.engine.begin() as connection:
                await connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9001'")
            with pytest.raises(NewerDatabaseError, match="9001"):
                await upgrade(url)

"""What the migrations do on every database."""

from __future__ import annotations

import asyncio

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, inspect

from store.database import Database
from store.migrations import configuration, upgrade
from store.models import Base
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

"""The way from any older database to the tables of today."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection

from store.database import WRITING, Database

# Any number will do, as long as it is always the same one.
POSTGRES_LOCK = 0x64656E77


async def upgrade(url: str) -> None:
    """Bring the database at `url` to the tables of today; from empty, or from any older version.

    Does nothing where nothing is to be done; all in one transaction. Two processes may call it at once: one
    works, the other waits. Raises DatabaseUrlError, and sqlalchemy.exc.SQLAlchemyError or OSError where there
    is no database.
    """
    async with Database(url) as database:
        await upgrade_database(database)


async def upgrade_database(database: Database) -> None:
    """The same as `upgrade` for a database that is open already."""
    async with database.engine.execution_options(**WRITING).begin() as connection:
        if not database.is_sqlite:
            await connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({POSTGRES_LOCK})")
        await connection.run_sync(_upgrade)


def configuration(connection: Connection) -> Config:
    """What alembic needs to know, without a file: the migrations of this package and an open connection."""
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent).replace("%", "%%"))
    config.attributes["connection"] = connection
    return config


def _upgrade(connection: Connection) -> None:
    command.upgrade(configuration(connection), "head")

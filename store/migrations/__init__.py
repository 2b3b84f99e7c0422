"""The way from any older database to the tables of today."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, inspect, text

from store.database import WRITING, Database

if TYPE_CHECKING:
    from alembic.config import Config

# Any number will do, as long as it is always the same one.
POSTGRES_LOCK = 0x64656E77


class NewerDatabaseError(Exception):
    """The database was written by a newer Denwaban than this one."""


async def upgrade(url: str) -> None:
    """Bring the database at `url` to the tables of today; from empty, or from any older version.

    Does nothing where nothing is to be done; all in one transaction. Two processes may call it at once: one
    works, the other waits. Raises DatabaseUrlError, NewerDatabaseError, and sqlalchemy.exc.SQLAlchemyError or OSError
    where there is no database.
    """
    async with Database(url) as database:
        await upgrade_database(database)


async def upgrade_database(database: Database) -> None:
    """The same as `upgrade` for a database that is open already."""
    async with database.engine.connect() as connection:
        found = await connection.run_sync(_revision)
    if found == newest():  # nearly always; alembic is slow to load, and a start after a crash must not be
        return
    if found > newest():
        raise NewerDatabaseError(
            f"{database} has the tables of a newer Denwaban (revision {found}; this one knows {newest()}): start that "
            "one, or restore the database from a copy made before it"
        )
    async with database.engine.execution_options(**WRITING).begin() as writing:
        if not database.is_sqlite:
            await writing.exec_driver_sql(f"SELECT pg_advisory_xact_lock({POSTGRES_LOCK})")
        await writing.run_sync(_upgrade)


def newest() -> str:
    """The revision of the tables of today."""
    return max(file.name[1:5] for file in (Path(__file__).parent / "versions").glob("r????_*.py"))


def configuration(connection: Connection) -> Config:
    """What alembic needs to know, without a file: the migrations of this package and an open connection."""
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent).replace("%", "%%"))
    config.attributes["connection"] = connection
    return config


def _revision(connection: Connection) -> str:
    if not inspect(connection).has_table("alembic_version"):
        return ""
    return connection.execute(text("SELECT version_num FROM alembic_version")).scalar() or ""


def _upgrade(connection: Connection) -> None:
    from alembic import command

    command.upgrade(configuration(connection), "head")

"""The way to the database: an async engine from a URL, SQLite or PostgreSQL."""

from __future__ import annotations

import sqlite3
import time
from pathlib import Path
from types import TracebackType
from typing import Any

from sqlalchemy import Connection, Table, event
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

DRIVERS = {"sqlite": "sqlite+aiosqlite", "postgresql": "postgresql+asyncpg", "postgres": "postgresql+asyncpg"}
SYNTAX = "write sqlite:///var/denwaban.db or postgresql://user@host/name"
WRITING = {"sqlite_begin": "BEGIN IMMEDIATE"}


class DatabaseUrlError(ValueError):
    """The database URL cannot be used; the message says how one is written."""


class Database:
    """One database, opened by `sqlite:///FILE` or `postgresql://USER:PASSWORD@HOST:PORT/NAME`.

    Nothing is connected before it is first used; the folder of an SQLite file is made. `busy_timeout`:
    seconds that SQLite waits for another process' write before it says "database is locked". Raises
    DatabaseUrlError.
    """

    def __init__(self, url: str, *, busy_timeout: float = 5.0) -> None:
        self._url = _driver_url(url)
        # Parameters are phone numbers and keys: they must not get into the text of an error.
        self.engine: AsyncEngine = create_async_engine(
            self._url, hide_parameters=True, pool_pre_ping=not self.is_sqlite
        )
        if self.is_sqlite:
            _make_folder(self._url)
            _set_up_sqlite(self.engine, busy_timeout)

    @property
    def is_sqlite(self) -> bool:
        """Whether this is SQLite (else PostgreSQL)."""
        return self._url.get_backend_name() == "sqlite"

    def insert(self, table: Table) -> sqlite.Insert | postgresql.Insert:
        """An INSERT of this database's own dialect, which knows ON CONFLICT."""
        return sqlite.insert(table) if self.is_sqlite else postgresql.insert(table)

    async def close(self) -> None:
        """Close all connections."""
        await self.engine.dispose()

    async def __aenter__(self) -> Database:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    def __str__(self) -> str:
        return self._url.render_as_string(hide_password=True)


def _driver_url(text: str) -> URL:
    try:
        url = make_url(text)
    except ArgumentError:
        # The text may carry a password, so it is not repeated.
        raise DatabaseUrlError(f"the database URL cannot be read; {SYNTAX}") from None
    backend = url.get_backend_name()
    if backend not in DRIVERS:
        raise DatabaseUrlError(f"'{backend}' is no database that can be used here; {SYNTAX}")
    if backend == "sqlite" and url.database in (None, "", ":memory:"):
        raise DatabaseUrlError(f"the database URL names no file; {SYNTAX}")
    return url.set(drivername=DRIVERS[backend])


def _make_folder(url: URL) -> None:
    Path(str(url.database)).parent.mkdir(parents=True, exist_ok=True)


def _use_wal(cursor: Any, busy_timeout: float) -> None:
    # The change to WAL, once in a file's life, needs the file for itself and does not heed busy_timeout: a
    # second process that opens a new database in the same moment is told at once that it is locked.
    until = time.monotonic() + busy_timeout
    while True:
        try:
            cursor.execute("PRAGMA journal_mode=WAL")
        except sqlite3.OperationalError:
            if time.monotonic() > until:
                raise
            time.sleep(0.01)
        else:
            return


def _set_up_sqlite(engine: AsyncEngine, busy_timeout: float) -> None:
    @event.listens_for(engine.sync_engine, "connect")
    def connected(connection: Any, _record: Any) -> None:
        # Python's sqlite3 opens transactions behind one's back, and none before DDL: a migration that fails
        # half-way would leave its first half. So it is told to keep out and `begin` below does it.
        connection.isolation_level = None
        cursor = connection.cursor()
        cursor.execute(f"PRAGMA busy_timeout={round(busy_timeout * 1000)}")
        _use_wal(cursor, busy_timeout)
        # In WAL mode NORMAL loses nothing when a process dies; a power cut may take the last transactions.
        cursor.execute("PRAGMA synchronous=NORMAL")
        cursor.execute("PRAGMA foreign_keys=ON")
        cursor.close()

    @event.listens_for(engine.sync_engine, "begin")
    def begun(connection: Connection) -> None:
        # A transaction that reads first and writes later fails at once, without waiting, when somebody else
        # wrote in between: writers therefore take the lock at their beginning (execution option `WRITING`).
        connection.exec_driver_sql(connection.get_execution_options().get("sqlite_begin", "BEGIN"))

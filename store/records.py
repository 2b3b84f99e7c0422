"""Reading the records of calls."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Select, select

from calls.lifecycle import State
from calls.record import CallRecord
from store.database import Database
from store.models import CALLS
from store.rows import record_of


async def read_records(database: Database, project: str, start: float, end: float) -> list[CallRecord]:
    """The calls of a project that arrived in [start, end), seconds since 1970 UTC, in order of arrival."""
    arrived = (CALLS.c.arrived_at >= start, CALLS.c.arrived_at < end)
    return await _read(database, select(CALLS).where(CALLS.c.project == project, *arrived))


async def read_record(database: Database, call: str) -> CallRecord | None:
    """One call by its id; None where it is not known (yet)."""
    return next(iter(await _read(database, select(CALLS).where(CALLS.c.call == call))), None)


async def read_open_records(database: Database, run: str) -> list[CallRecord]:
    """The calls of a run that are not CLOSED: alive now, or, if the run is over, cut off by its end."""
    return await _read(database, select(CALLS).where(CALLS.c.run == run, CALLS.c.state != State.CLOSED.value))


async def _read(database: Database, query: Select[Any]) -> list[CallRecord]:
    async with database.engine.connect() as connection:
        found = await connection.execute(query.order_by(CALLS.c.arrived_at, CALLS.c.call))
        return [record_of(row) for row in found.mappings()]

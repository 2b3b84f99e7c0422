"""Reading the records of calls."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from sqlalchemy import ColumnElement, RowMapping, select

from calls.lifecycle import State
from calls.record import CallRecord
from store.database import Database
from store.models import CALLS, TALKS
from store.rows import record_of


async def read_records(database: Database, project: str, start: float, end: float) -> list[CallRecord]:
    """The calls of a project that began in [start, end), seconds since 1970 UTC, in their order."""
    return await _read(database, *arrived(project, start, end))


async def read_record(database: Database, call: str) -> CallRecord | None:
    """One call by its id; None where it is not known (yet)."""
    return next(iter(await _read(database, CALLS.c.call == call)), None)


async def read_left_open(database: Database, run: str) -> list[str]:
    """The ids of calls of other runs than this one that are not CLOSED: cut off by the end of theirs."""
    left = select(CALLS.c.call).where(CALLS.c.run != run, CALLS.c.state != State.CLOSED.value)
    async with database.engine.connect() as connection:
        return list((await connection.execute(left.order_by(CALLS.c.call))).scalars())


def arrived(project: str, start: float, end: float) -> tuple[ColumnElement[bool], ...]:
    """What a row of `calls` has to fulfil to be of a project and to have begun in [start, end)."""
    return CALLS.c.project == project, CALLS.c.arrived_at >= start, CALLS.c.arrived_at < end


async def _read(database: Database, *wanted: ColumnElement[bool]) -> list[CallRecord]:
    calls = select(CALLS).where(*wanted).order_by(CALLS.c.arrived_at, CALLS.c.call)
    parts = select(TALKS).join(CALLS, TALKS.c.call == CALLS.c.call).where(*wanted).order_by(TALKS.c.number)
    talks: defaultdict[Any, list[RowMapping]] = defaultdict(list)
    async with database.engine.connect() as connection:
        rows = (await connection.execute(calls)).mappings().all()
        for talk in (await connection.execute(parts)).mappings():
            talks[talk["call"]].append(talk)
    return [record_of(row, talks.get(row["call"], ())) for row in rows]

"""How many calls ended how, counted by the database itself: what a promise needs, without reading a record."""

from __future__ import annotations

from typing import NamedTuple

from sqlalchemy import Integer, Subquery, case, cast, func, select

from store.database import Database
from store.models import CALLS
from store.records import arrived

_LEFT = func.coalesce(CALLS.c.left_line_at, CALLS.c.answered_at, CALLS.c.ended_at)


class Ended(NamedTuple):
    """So many callers' calls (`calls`) that arrived in one half-hour (or other `step`) and ended alike.

    `step`: its number from 0. `queued`: they were in the line. `short`: and left it before `short_s` were over.
    """

    step: int
    outcome: str
    queued: bool
    short: bool
    calls: int


async def read_ended(
    database: Database,
    project: str,
    start: float,
    end: float,
    *,
    short_s: float = 0.0,
    step_s: float = 1800.0,
) -> list[Ended]:
    """How the calls of callers ended that arrived in [start, end), seconds since 1970 UTC, by the step from `start`.

    Calls that have no outcome yet, and calls of ours, are not in it.
    """
    each = _each(database, project, start, end, short_s, step_s)
    alike = (each.c.step, each.c.outcome, each.c.queued, each.c.short)
    wanted = select(*alike, func.count()).group_by(*alike).order_by(*alike)
    async with database.engine.connect() as connection:
        rows = await connection.execute(wanted)
        return [Ended(step, outcome, bool(q), bool(s), calls) for step, outcome, q, s, calls in rows]


def _each(
    database: Database, project: str, start: float, end: float, short_s: float, step_s: float
) -> Subquery:
    position = (CALLS.c.arrived_at - start) / step_s
    # A cast to a whole number cuts off in SQLite, which need not know `floor`, and rounds in PostgreSQL.
    step = cast(position if database.is_sqlite else func.floor(position), Integer)
    return (
        select(
            step.label("step"),
            CALLS.c.outcome.label("outcome"),
            case((CALLS.c.queued_at.is_not(None), 1), else_=0).label("queued"),
            case((_LEFT - CALLS.c.queued_at < short_s, 1), else_=0).label("short"),
        )
        .where(*arrived(project, start, end), CALLS.c.direction == "in", CALLS.c.outcome != "")
        .subquery()
    )


async def read_arrivals(database: Database, project: str, start: float, end: float) -> list[float]:
    """When each caller arrived in [start, end), seconds since 1970 UTC, in order; whatever became of him."""
    wanted = (
        select(CALLS.c.arrived_at)
        .where(*arrived(project, start, end), CALLS.c.direction == "in")
        .order_by(CALLS.c.arrived_at)
    )
    async with database.engine.connect() as connection:
        return list((await connection.execute(wanted)).scalars())

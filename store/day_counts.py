"""What the database has of the calls of the last hours, counted by itself, for a board that did not see them."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, NamedTuple

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Double,
    Integer,
    Select,
    and_,
    case,
    cast,
    func,
    not_,
    or_,
    select,
)

from calls.degraded import call_id
from calls.lifecycle import State
from calls.record import CallRecord
from store.database import Database
from store.models import CALLS
from store.rows import record_of

STEP_S = 1800.0
NEVER = -1

_LEFT = func.coalesce(CALLS.c.left_line_at, CALLS.c.answered_at, CALLS.c.ended_at)


class Unseen(NamedTuple):
    """Whose calls are wanted: of these projects, arrived from `since` on, of another run than `run` or before `began`.

    `taken`: calls that are not, whatever their rows say. Times in seconds since 1970 UTC.
    """

    projects: Collection[str]
    since: float
    run: str
    began: float
    taken: Collection[str] = ()


class Alike(NamedTuple):
    """So many callers' calls (`calls`) arrived in the half-hour from `start` and ended alike.

    `waited`: whole seconds in the line, -1 for who was never in it. `outcome` empty: not over, and cut off.
    """

    project: str
    start: float
    outcome: str
    waited: int
    calls: int


class UnseenCalls(NamedTuple):
    """`alike`: calls of which nothing more can come. `single`: the others, each by itself, without its talks."""

    alike: list[Alike]
    single: list[CallRecord]


async def read_unseen(database: Database, wanted: Unseen) -> UnseenCalls:
    """Count the callers' calls that are wanted.

    Single are those that were not over, and those that Asterisk dealt with alone: they may be told of anew.
    """
    theirs = _theirs(wanted)
    single = or_(CALLS.c.state != State.CLOSED.value, CALLS.c.call.startswith(call_id(""), autoescape=True))
    counted = _alike(database).where(*theirs, not_(single)).subquery()
    columns = list(counted.c)
    grouped = select(*columns, func.count()).group_by(*columns).order_by(*columns)
    async with database.engine.connect() as connection:
        alike = [Alike._make(row) for row in await connection.execute(grouped)]
        rows = await connection.execute(select(CALLS).where(*theirs, single).order_by(CALLS.c.call))
        return UnseenCalls(alike, [record_of(row) for row in rows.mappings()])


def _theirs(wanted: Unseen) -> list[ColumnElement[bool]]:
    return [
        CALLS.c.project.in_(wanted.projects),
        CALLS.c.arrived_at >= wanted.since,
        CALLS.c.direction == "in",
        or_(CALLS.c.run != wanted.run, CALLS.c.arrived_at < wanted.began),
        CALLS.c.call.not_in(wanted.taken),
    ]


def _alike(database: Database) -> Select[tuple[str, float, str, int]]:
    # As `supervisor.board.counts.key_of` has it; a call without an outcome is counted as one that arrived.
    start = _floor(database, CALLS.c.arrived_at / STEP_S) * STEP_S
    waits = and_(CALLS.c.outcome != "", CALLS.c.queued_at.is_not(None), _LEFT.is_not(None))
    waited = case((waits, _floor(database, _LEFT - CALLS.c.queued_at)), else_=NEVER)
    return select(
        CALLS.c.project.label("project"),
        start.label("start"),
        CALLS.c.outcome.label("outcome"),
        cast(waited, Integer).label("waited"),
    )


def _floor(database: Database, number: ColumnElement[Any]) -> ColumnElement[Any]:
    if not database.is_sqlite:
        return func.floor(number)
    whole = cast(number, BigInteger)  # SQLite need not know `floor`; its cast cuts off
    return cast(case((whole > number, whole - 1), else_=whole), Double)

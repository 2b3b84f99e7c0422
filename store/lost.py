"""The callers whose calls the system lost, as the database has them."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from calls.lost import Again, LostCall, LostCaller, Owed, lost_callers
from store.database import Database
from store.models import CALLBACKS, CALLS

AT_ONCE = 500
"""So many numbers are asked for in one query."""

_SINCE = func.coalesce(CALLS.c.queued_at, CALLS.c.arrived_at)


async def read_lost(database: Database, since: float) -> list[LostCaller]:
    """Who was lost at `since` (seconds since 1970 UTC) or later, and what has become of each."""
    async with database.engine.connect() as connection:
        lost = await _lost(connection, since)
        owed: list[Owed] = []
        again: list[Again] = []
        for numbers in _some_at_a_time(sorted({call.number for call in lost if call.number})):
            owed += await _owed(connection, numbers)
            again += await _again(connection, numbers, lost)
    return lost_callers(lost, owed, again)


def _some_at_a_time(numbers: list[str]) -> Iterator[list[str]]:
    for first in range(0, len(numbers), AT_ONCE):
        yield numbers[first : first + AT_ONCE]


async def _lost(connection: AsyncConnection, since: float) -> list[LostCall]:
    known = (CALLS.c.call, CALLS.c.project, CALLS.c.queue, CALLS.c.caller, _SINCE, CALLS.c.lost_at)
    wanted = select(*known, CALLS.c.outcome).where(CALLS.c.lost_at >= since, CALLS.c.direction == "in")
    return [LostCall(*row) for row in await connection.execute(wanted)]


async def _owed(connection: AsyncConnection, numbers: list[str]) -> list[Owed]:
    known = (CALLBACKS.c.project, CALLBACKS.c.number, CALLBACKS.c.asked_at, CALLBACKS.c.state)
    rows = await connection.execute(select(*known).where(CALLBACKS.c.number.in_(numbers)))
    return [Owed(*row) for row in rows]


async def _again(connection: AsyncConnection, numbers: list[str], lost: list[LostCall]) -> list[Again]:
    known = (CALLS.c.project, CALLS.c.caller, CALLS.c.arrived_at, CALLS.c.outcome)
    wanted = select(*known).where(
        CALLS.c.project.in_({call.project for call in lost}),  # there is an index of these two
        CALLS.c.arrived_at > min(call.lost_at for call in lost),
        CALLS.c.caller.in_(numbers),
        CALLS.c.direction == "in",
    )
    return [Again(*row) for row in await connection.execute(wanted)]

"""Reading what the seats did."""

from __future__ import annotations

from sqlalchemy import RowMapping, and_, func, or_, select

from calls.activity import SeatActivity
from calls.lifecycle import SeatState
from store.database import Database
from store.models import CALLS, JOURNAL, SEAT_ACTIVITY
from store.records import arrived

_FIELDS = SeatActivity.__struct_fields__


async def read_activity(database: Database, project: str, start: float, end: float) -> list[SeatActivity]:
    """What all seats did in [start, end), and whatever they did for the calls of a project that began then.

    By seat and time. What was still going on when its run was last heard of is told as ended by then: nobody knows
    what a seat does while the engine is away.
    """
    table, newest = SEAT_ACTIVITY, JOURNAL.alias()
    # Of the row's own run: without `correlate` this would be the highest number of all runs.
    of_run = select(func.max(newest.c.number)).where(newest.c.run == table.c.run)
    last = of_run.correlate(table).scalar_subquery()
    heard = select(JOURNAL.c.at).where(JOURNAL.c.run == table.c.run, JOURNAL.c.number == last)
    ended = func.coalesce(table.c.ended, heard.scalar_subquery())
    columns = [table.c[name] for name in _FIELDS if name != "ended"]
    then = and_(table.c.began < end, or_(ended > start, ended.is_(None)))
    for_them = table.c.call.in_(select(CALLS.c.call).where(*arrived(project, start, end)))
    query = select(*columns, ended.label("ended"))
    async with database.engine.connect() as connection:
        found = await connection.execute(
            query.where(or_(then, for_them)).order_by(table.c.seat, table.c.began, table.c.number)
        )
        return [_activity(row) for row in found.mappings()]


def _activity(row: RowMapping) -> SeatActivity:
    values = {name: row[name] for name in _FIELDS}
    values["state"] = SeatState(values["state"])
    return SeatActivity(**values)

"""The orders that were given by hand instead of opening hours, as the journal of all runs has them."""

from __future__ import annotations

from typing import cast

from sqlalchemy import select

from calls.events import HoursOverridden, decode_event
from calls.override import still_valid
from store.database import Database
from store.models import JOURNAL, OVERRIDE_ENTRY


async def valid_overrides(database: Database, now: float) -> list[HoursOverridden]:
    """What still holds at `now` (seconds since 1970 UTC): at most one order for each project.

    A small index of its own finds them, so this costs nothing in a journal of millions.
    """
    query = select(JOURNAL.c.event).where(OVERRIDE_ENTRY)
    async with database.engine.connect() as connection:
        found = await connection.execute(query.order_by(JOURNAL.c.at, JOURNAL.c.run, JOURNAL.c.number))
        events = [cast(HoursOverridden, decode_event(event)) for (event,) in found]
    return still_valid(events, now)

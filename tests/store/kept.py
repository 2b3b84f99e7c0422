"""Records put into a database by hand, and a great many of every kind."""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator

from calls.lifecycle import Outcome, State
from calls.record import CallRecord
from store.database import Database
from store.migrations import upgrade
from store.models import CALLS
from store.rows import call_row

PROJECT = "tax"


def called(number: int, at: float, outcome: str = "answered", wait: float | None = 5.0) -> CallRecord:
    """The call of somebody who arrived at a time and was in the line for so many seconds (None: never)."""
    return CallRecord(
        call=f"c{number}",
        leg=f"l{number}",
        project=PROJECT,
        number="0480000001",
        caller="",
        arrived_at=at,
        queued_at=None if wait is None else at,
        ended_at=None if wait is None else at + wait,
        state=State.CLOSED,
        outcome=outcome,
    )


def every_kind(times: Iterable[float], seed: int = 1) -> Iterator[CallRecord]:
    """Calls with every outcome, short and long waits or none, some of them ours, some still going on."""
    chance = random.Random(seed)
    for number, at in enumerate(times):
        wait = chance.choice([None, 0.0, 3.0, 9.999, 10.0, 60.0])
        record = called(number, at, chance.choice([*Outcome, ""]), wait)
        record.direction = chance.choice(["in", "in", "in", "out", "callback"])
        yield record


async def keep(url: str, records: Iterable[CallRecord]) -> None:
    """Put records into a database, its tables made before."""
    await upgrade(url)
    async with Database(url) as database, database.engine.begin() as connection:
        rows = [call_row("run", record) for record in records]
        if rows:
            await connection.execute(database.insert(CALLS), rows)

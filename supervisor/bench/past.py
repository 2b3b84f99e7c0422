"""What the stage's database has of the day before: callers' calls, so that a promise stands somewhere."""

from __future__ import annotations

from collections.abc import Iterator

from calls.lifecycle import Outcome, State
from calls.record import CallRecord
from sim.randomness import Draws, Stream
from store.database import Database
from store.migrations import upgrade
from store.models import CALLS
from store.rows import call_row

ANSWERED_SHARE = 0.93
_DAY_S = 86400.0
_EACH_S = 20.0


async def keep_past(url: str, projects: dict[str, int], at: float, seed: int) -> None:
    """Make the tables, and so many calls of each project, all from a day before `at` (seconds since 1970 UTC) on."""
    await upgrade(url)
    async with Database(url) as database, database.engine.begin() as connection:
        for project, calls in projects.items():
            rows = [call_row("past", record) for record in _records(project, calls, at - _DAY_S, seed)]
            await connection.execute(database.insert(CALLS), rows)


def _records(project: str, calls: int, begins: float, seed: int) -> Iterator[CallRecord]:
    chance = Draws(Stream(seed, f"{project}/past").uniforms).draw
    for number in range(calls):
        at = begins - _EACH_S * (calls - number)
        yield CallRecord(
            call=f"past-{project}-{number}",
            leg="",
            project=project,
            number="",
            caller="",
            arrived_at=at,
            queued_at=at,
            ended_at=at + 60.0 * chance(),
            state=State.CLOSED,
            outcome=Outcome.ANSWERED if chance() < ANSWERED_SHARE else Outcome.ABANDONED_QUEUE,
        )

"""What the database says, read beside the engine that writes it."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from types import TracebackType
from typing import Self

from sqlalchemy import func, select
from sqlalchemy.exc import SQLAlchemyError

from calls.lifecycle import Outcome, State
from calls.record import CallRecord
from sim.drill.failure import DrillFailedError
from sim.drill.house import PROJECT
from store.database import Database
from store.lost import read_lost
from store.models import CALLS, JOURNAL
from store.records import read_records

PATIENCE_S = 60.0
_POLL_S = 0.05
DEGRADED = (Outcome.DEGRADED_ANSWERED.value, Outcome.DEGRADED_UNANSWERED.value)


class BooksError(DrillFailedError):
    """The books do not say what they have to by now; the text tells what they do say."""


class Books:
    """`async with Books(url)`; a database that is away while it is asked is asked again."""

    def __init__(self, url: str) -> None:
        self._database = Database(url)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._database.close()

    async def events(self, kind: str) -> int:
        """How many events of a class the journal has."""
        query = select(func.count()).select_from(JOURNAL).where(JOURNAL.c.event_type == kind)
        async with self._database.engine.connect() as connection:
            return int((await connection.execute(query)).scalar_one())

    async def waiting(self) -> int:
        """How many calls stand in the line."""
        query = select(func.count()).select_from(CALLS).where(CALLS.c.state == State.QUEUED.value)
        async with self._database.engine.connect() as connection:
            return int((await connection.execute(query)).scalar_one())

    async def open_calls(self) -> int:
        """How many calls are not CLOSED."""
        query = select(func.count()).select_from(CALLS).where(CALLS.c.state != State.CLOSED.value)
        async with self._database.engine.connect() as connection:
            return int((await connection.execute(query)).scalar_one())

    async def unsealed(self) -> int:
        """How many conversations have no sealed recording."""
        query = select(func.count()).select_from(CALLS)
        query = query.where(CALLS.c.answered_at.is_not(None), CALLS.c.recording_sha256 == "")
        async with self._database.engine.connect() as connection:
            return int((await connection.execute(query)).scalar_one())

    async def journal_is_whole(self) -> bool:
        """Whether no run lacks an entry."""
        runs = select(func.max(JOURNAL.c.number), func.count()).group_by(JOURNAL.c.run)
        async with self._database.engine.connect() as connection:
            return all(last == count for last, count in await connection.execute(runs))

    async def records(self) -> list[CallRecord]:
        """Of all calls, in the order of their arrival."""
        return await read_records(self._database, PROJECT, 0.0, time.time() + 60)

    async def lost_callers(self) -> set[str]:
        """The numbers on the list of those whose calls the system lost."""
        return {caller.number for caller in await read_lost(self._database, 0.0)}

    async def engine_knows(self, caller: str) -> bool:
        """Whether the engine itself has taken a call of this caller, and not Asterisk alone."""
        query = select(func.count()).select_from(CALLS)
        query = query.where(CALLS.c.caller == caller, CALLS.c.outcome.not_in(DEGRADED))
        try:
            async with self._database.engine.connect() as connection:
                return bool((await connection.execute(query)).scalar_one())
        except (SQLAlchemyError, OSError):
            return True  # the database is what is broken, and not the engine

    async def until(
        self,
        what: str,
        count: Callable[[], Awaitable[int]],
        reached: Callable[[int], bool],
        limit_s: float = PATIENCE_S,
    ) -> None:
        """Wait until a count is as it has to be. Raises BooksError."""
        found = -1
        try:
            async with asyncio.timeout(limit_s):
                while not reached(found):
                    found = await _patient(count)
                    await asyncio.sleep(_POLL_S)
        except TimeoutError:
            raise BooksError(f"{what}: the books say {found} after {limit_s:.0f} s") from None


async def _patient(count: Callable[[], Awaitable[int]]) -> int:
    try:
        return await count()
    except (SQLAlchemyError, OSError):  # away for the moment, or there are no tables yet
        return -1

"""Brings the board of a new run what the store has of the day before it."""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from collections.abc import Awaitable, Callable, Iterable

from sqlalchemy.exc import SQLAlchemyError

from calls.lifecycle import STATE
from calls.record import CallRecord
from store.day_counts import Alike, Unseen, UnseenCalls
from supervisor.api.live import Live
from supervisor.board import CountKey
from supervisor.board.counts import FILLED_S, NEVER, Counts, half_hour
from telephony.background import Worker

log = logging.getLogger(__name__)

AGAIN_S = 10.0
WITHIN_S = 30.0


Read = Callable[[Counts], Awaitable[UnseenCalls]]
"""Counts what a fold has not seen."""


class Filling(Worker):
    """Inside `async with`: reads again and again, until the books of earlier runs are `closed` and all is known.

    A board that goes on with the whole memory of its last life asks for nothing.
    """

    _name = "figures of the day"

    def __init__(self, live: Live, read: Read, closed: Callable[[], bool], again_s: float = AGAIN_S) -> None:
        self._live = live
        self._read = read
        self._closed = closed
        self._again_s = again_s

    async def _work(self) -> None:
        day = self._live.board.day
        while not day.whole:
            try:
                await self._fill(day)
            except (SQLAlchemyError, OSError) as error:  # a TimeoutError is one
                log.warning(
                    "today's earlier calls cannot be counted (%s): until the database answers, the figures are "
                    "those of this run", type(error).__name__,
                )  # fmt: skip
            if not day.whole:
                await asyncio.sleep(self._again_s)

    async def _fill(self, day: Counts) -> None:
        closed = self._closed()  # first: what is closed while we read counts the next time
        async with asyncio.timeout(WITHIN_S):
            found = await self._read(day)
        self._live.fill(cells(found.alike), found.single)
        day.whole = closed and not still_open(found)


def unseen(day: Counts, run: str, projects: Iterable[str]) -> Unseen:
    """The calls of today that a fold has not seen, which began with (or in the middle of) a run."""
    return Unseen({"", *projects}, half_hour(day.began - FILLED_S), run, day.began, day.taken)


def cells(alike: Iterable[Alike]) -> dict[CountKey, int]:
    """Calls that ended alike, as cells: as arrived, and as ended."""
    found: Counter[CountKey] = Counter()
    for project, start, outcome, waited, calls in alike:
        found[CountKey(project, start, "", NEVER)] += calls
        if outcome:
            found[CountKey(project, start, outcome, waited)] += calls
    return found


def still_open(found: UnseenCalls) -> list[CallRecord]:
    """Those that nobody has closed yet: nothing that a fold sees later will say what became of all of them."""
    return [record for record in found.single if record.state is not STATE.CLOSED]

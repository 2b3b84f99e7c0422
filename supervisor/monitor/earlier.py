"""What the other days of a promise's period have had, from the store: read now and then, in the background."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from math import inf
from typing import NamedTuple

from sqlalchemy.exc import SQLAlchemyError

from calls.budget import Counts
from calls.promise import Promise
from store.database import Database
from supervisor.monitor.terms import Terms
from supervisor.standing import KEPT_S, midnight_of, read_before

log = logging.getLogger(__name__)

AGAIN_S = 5.0
"""So long after a failure it is tried again."""


class _Known(NamedTuple):
    midnight: float
    promise: Promise
    read_at: float
    counts: Counts


class Earlier:
    """`on_news` is called with a project and why its earlier days could not be read; empty: they are known now."""

    def __init__(self, database: Database, on_news: Callable[[str, str], None]) -> None:
        self._database = database
        self._on_news = on_news
        self._known: dict[str, _Known] = {}
        self._failed_at: dict[str, float] = {}
        self._reading: dict[str, asyncio.Task[None]] = {}

    def of(self, terms: Terms, at: float) -> Counts | None:
        """The calls of the period on all days before that of a moment; None while that is not known."""
        known = self._known.get(terms.project)
        fits = known is not None and (known.midnight, known.promise) == (
            midnight_of(terms, at),
            terms.promise,
        )
        if known is None or not fits or not known.read_at <= at < known.read_at + KEPT_S:
            self._read_soon(terms, at)
        return known.counts if known is not None and fits else None

    async def close(self) -> None:
        """Read no more."""
        reading = list(self._reading.values())
        for task in reading:
            task.cancel()
        await asyncio.gather(*reading, return_exceptions=True)

    def _read_soon(self, terms: Terms, at: float) -> None:
        name = terms.project
        if name not in self._reading and abs(at - self._failed_at.get(name, -inf)) >= AGAIN_S:
            task = asyncio.create_task(self._read(terms, at), name=f"earlier days of {name}")
            self._reading[name] = task
            task.add_done_callback(lambda _: self._reading.pop(name, None))

    async def _read(self, terms: Terms, at: float) -> None:
        name = terms.project
        try:
            counts = await read_before(self._database, terms, at)
        except (SQLAlchemyError, OSError) as error:
            log.warning("the calls of the period cannot be read: %s", type(error).__name__)
            trouble = f"the calls of the period cannot be read ({type(error).__name__}): look at the database"
            self._failed_at[name] = at
        else:
            trouble = ""
            self._known[name] = _Known(midnight_of(terms, at), terms.promise, at, counts)
        self._on_news(name, trouble)

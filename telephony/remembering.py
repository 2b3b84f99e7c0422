"""The engine's memory while it works: a snapshot whenever one is due."""

from __future__ import annotations

import asyncio
import time
from types import TracebackType
from typing import Protocol

from calls.journal import Entry
from store.journal_writer import JournalWriter
from store.memory import Memory
from telephony.background import Worker
from telephony.driver import Driver
from telephony.revival import Life, parts

LOOK_S = 1.0
ONLOOKER = "onlooker"
"""The part of a snapshot that is whoever looks on."""


class Onlooker(Protocol):
    """Sees every step, and goes on with what it knew after a crash."""

    def observe(self, entry: Entry) -> None:
        """A step."""

    def freeze(self) -> bytes:
        """What it knows."""

    def thaw(self, frozen: bytes) -> None:
        """It goes on with that."""


class Remembering(Worker):
    """Inside `async with`: one at the beginning, one at the end, and those between that the memory wants."""

    _name = "snapshots"

    def __init__(
        self, memory: Memory, journal: JournalWriter, driver: Driver, onlooker: Onlooker | None = None
    ) -> None:
        self._memory = memory
        self._journal = journal
        self._driver = driver
        self._onlooker = onlooker
        self._made_at = 0.0

    @property
    def age(self) -> float:
        """Seconds since the last snapshot was begun."""
        return time.monotonic() - self._made_at

    def remind(self, life: Life) -> None:
        """Whoever looks on knows again what he knew."""
        if self._onlooker is None or not life.goes_on:
            return
        if ONLOOKER in life.parts:
            self._onlooker.thaw(life.parts[ONLOOKER])
        for entry in life.since:
            self._onlooker.observe(entry)

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await super().__aexit__(kind, error, trace)
        await asyncio.to_thread(self._memory.sync)
        self._snapshot()

    def _snapshot(self) -> None:
        driver, kept = self._driver, parts(self._driver.engine)
        if self._onlooker is not None:
            kept[ONLOOKER] = self._onlooker.freeze()
        if self._memory.save_snapshot(driver.number, driver.now, kept, self._journal.freeze()):
            self._made_at = time.monotonic()

    async def _work(self) -> None:
        self._snapshot()
        while True:
            await asyncio.sleep(LOOK_S)
            if self._memory.wants_snapshot:
                self._snapshot()

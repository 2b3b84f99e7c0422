"""The engine's memory while it works: a snapshot whenever one is due."""

from __future__ import annotations

import asyncio
import time
from types import TracebackType
from typing import Protocol

from calls.journal import Entry
from store.journal_writer import JournalWriter
from store.memory import Memory
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


class Remembering:
    """Inside `async with`: one at the beginning, one at the end, and those between that the memory wants."""

    def __init__(
        self, memory: Memory, journal: JournalWriter, driver: Driver, onlooker: Onlooker | None = None
    ) -> None:
        self._memory = memory
        self._journal = journal
        self._driver = driver
        self._onlooker = onlooker
        self._task: asyncio.Task[None] | None = None
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

    async def __aenter__(self) -> Remembering:
        self._task = asyncio.create_task(self._watch(), name="snapshots")
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
        await asyncio.to_thread(self._memory.sync)
        self._snapshot()

    def _snapshot(self) -> None:
        driver = self._driver
        if self._memory.save_snapshot(
            driver.number, driver.now, parts(driver.engine), self._journal.freeze()
        ):
            self._made_at = time.monotonic()

    async def _watch(self) -> None:
        self._snapshot()
        while True:
            await asyncio.sleep(LOOK_S)
            if self._memory.wants_snapshot:
                self._snapshot()

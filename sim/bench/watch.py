"""Waits for what the engine knows."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from calls.journal import Entry


class Watch:
    """`note` is an observer of the service."""

    def __init__(self) -> None:
        self._news = asyncio.Event()

    def note(self, entry: Entry) -> None:
        """Something has happened."""
        self._news.set()

    async def until(self, reached: Callable[[], bool], limit_s: float = 20.0) -> None:
        """Wait for what only an event can bring about. Raises TimeoutError."""
        async with asyncio.timeout(limit_s):
            while not reached():
                self._news.clear()
                await self._news.wait()

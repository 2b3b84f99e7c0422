"""To try again until it succeeds."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from typing import TypeVar

T = TypeVar("T")
FIRST_PAUSE, LONGEST_PAUSE = 0.05, 5.0


class Insistence:
    """Tries again, with pauses that grow. An attempt that takes longer than `patience` seconds has failed.

    `on_trouble(error, pause)` is told of each failure and of the seconds until the next attempt, `on_recovered()` of
    the first success after one.
    """

    def __init__(
        self,
        patience: float,
        on_trouble: Callable[[Exception, float], None],
        on_recovered: Callable[[], None],
    ) -> None:
        self._patience = patience
        self._on_trouble = on_trouble
        self._on_recovered = on_recovered
        self._in_trouble = False

    async def until_done(self, attempt: Callable[[], Awaitable[T]]) -> T:
        """What the first attempt that succeeds gives."""
        pauses = _pauses()
        while True:
            try:
                async with asyncio.timeout(self._patience):
                    result = await attempt()
            except Exception as error:  # noqa: BLE001 - whatever a driver throws, the next attempt may succeed
                pause = next(pauses)
                self._in_trouble = True
                self._on_trouble(error, pause)
                await asyncio.sleep(pause)
            else:
                self._succeeded()
                return result

    def _succeeded(self) -> None:
        if self._in_trouble:
            self._in_trouble = False
            self._on_recovered()


def _pauses() -> Iterator[float]:
    pause = FIRST_PAUSE
    while True:
        yield pause
        pause = min(2 * pause, LONGEST_PAUSE)

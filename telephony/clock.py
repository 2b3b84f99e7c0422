"""The engine's own clock on the telephone: it never jumps, whatever somebody does to the clock on the wall."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable

STEP_S = 2.0
"""A clock that is kept by NTP is never so far off; where it is, somebody has set it."""
_LOOK_S = 1.0

Now = Callable[[], float]


class SteadyClock:
    """Seconds since 1970 UTC as they were at the start, and from then on by a clock that only runs.

    `not_before`: time never goes back behind this, the last moment of an earlier life. `offset` is what the wall shows
    more (seconds), as it was looked at last.
    """

    def __init__(self, not_before: float = 0.0, wall: Now = time.time, steady: Now = time.monotonic) -> None:
        self._wall = wall
        self._steady = steady
        self._zero = max(wall(), not_before) - steady()
        self.offset = 0.0

    def __call__(self) -> float:
        return self._zero + self._steady()

    def stepped(self) -> bool:
        """Look at the wall: whether it shows something else than before, by more than STEP_S; `offset` is new then."""
        offset = self._wall() - self()
        if abs(offset - self.offset) < STEP_S:
            return False
        self.offset = offset if abs(offset) >= STEP_S else 0.0
        return True

    async def watch(self, told: Callable[[float], None]) -> None:
        """Tell of every step, for ever: `told(offset)`."""
        while True:
            if self.stepped():
                told(self.offset)
            await asyncio.sleep(_LOOK_S)

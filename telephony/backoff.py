"""How long to wait before the next try to connect."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field


@dataclass
class Backoff:
    """Exponential back-off with full jitter on its upper half.

    `first` and `most` are seconds. `jitter` returns a number in [0, 1); a test passes its own.
    """

    first: float = 0.1
    most: float = 10.0
    factor: float = 2.0
    jitter: Callable[[], float] = random.random
    _tries: int = field(default=0, init=False)

    def next(self) -> float:
        """Seconds to wait now: between half of the step and all of it."""
        step = min(self.most, self.first * self.factor**self._tries)
        self._tries = min(self._tries + 1, 64)
        return step * (0.5 + 0.5 * self.jitter())

    def reset(self) -> None:
        """Call when a connection has proved to work."""
        self._tries = 0

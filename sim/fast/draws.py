"""The numbers of a stream all at once: the very same ones that `sim.run` draws one after another."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from sim.distributions import Duration
from sim.randomness import Numbers, Stream


def draw(duration: Duration, stream: Stream, count: int, observed: Sequence[float] = ()) -> Numbers:
    """The first `count` draws of a distribution (seconds) from a stream; `observed`: of its empirical file."""
    return first_of(duration.block(stream, observed), count)


def first_of(block: Callable[[], Numbers], count: int) -> Numbers:
    """The first `count` numbers, block after block: a stream gives whole blocks only."""
    numbers, filled = np.empty(count), 0
    while filled < count:
        more = block()[: count - filled]
        numbers[filled : filled + len(more)] = more
        filled += len(more)
    return numbers


def steady_arrivals(start: float, per_hour: float, stream: Stream, count: int) -> Numbers:
    """The first `count` arrivals at a rate that never changes, as `sim.arrivals` has them (seconds)."""
    last = 0.0

    def block() -> Numbers:
        nonlocal last
        points = last + np.cumsum(stream.exponentials())
        last = float(points[-1])
        return points

    return start + first_of(block, count) / (per_hour / 3600)

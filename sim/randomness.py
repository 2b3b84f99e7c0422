"""Chance, by name: one stream of random numbers for each purpose.

A stream depends on the seed and its own name only. So a scenario with another patience has the same arrivals
and the same conversations, and two runs differ by nothing but what was changed.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float64]
Sampler = Callable[[], float]
"""Gives one number after another."""

BLOCK = 4096


class Stream:
    """Uniform random numbers of one purpose."""

    def __init__(self, seed: int, purpose: str) -> None:
        digest = hashlib.sha256(f"{seed}/{purpose}".encode()).digest()
        self._generator = np.random.Generator(np.random.PCG64(int.from_bytes(digest, "big")))

    def uniforms(self, count: int = BLOCK) -> Numbers:
        """The next `count` numbers in [0, 1)."""
        return self._generator.random(count)

    def exponentials(self) -> Numbers:
        """A block of exponential numbers of mean 1, by inversion: one uniform each."""
        exponentials: Numbers = -np.log1p(-self.uniforms())
        return exponentials

    def normals(self) -> Numbers:
        """A block of standard normal numbers (Box-Muller): two uniforms each."""
        radius = np.sqrt(2.0 * self.exponentials())
        normals: Numbers = radius * np.cos(2.0 * np.pi * self.uniforms())
        return normals

    def gammas(self, shape: float) -> Numbers:
        """A block of gamma numbers of this shape and of scale 1: mean and variance are both `shape`."""
        return self._generator.standard_gamma(shape, BLOCK)


class Draws:
    """The numbers of block after block, one at each `draw`."""

    def __init__(self, block: Callable[[], Numbers]) -> None:
        self._block = block
        self._numbers: list[float] = []
        self._next = 0

    def draw(self) -> float:
        """The next number."""
        if self._next == len(self._numbers):
            self._numbers = self._block().tolist()
            self._next = 0
        number = self._numbers[self._next]
        self._next += 1
        return number


def one_by_one(block: Callable[[], Numbers]) -> Iterator[float]:
    """The same as an iterator."""
    while True:
        yield from block().tolist()

"""Why people call: the class of each inquiry, with its own talks and wrap-ups; the operators record it."""

from __future__ import annotations

import bisect
import itertools
from collections.abc import Sequence
from typing import NamedTuple

from sim.randomness import Draws, Sampler, Stream


class Kind(NamedTuple):
    """One class of inquiry. `name`: what the operator records, empty where the project has no such class.

    `wrapup` None: it is written down like any other.
    """

    name: str
    share: float
    talk: Sampler
    wrapup: Sampler | None


class Inquiries:
    """Draws the class of one caller after another; the rest of the shares has none (-1)."""

    def __init__(self, kinds: Sequence[Kind], stream: Stream) -> None:
        self.kinds = list(kinds)
        self._edges = list(itertools.accumulate(kind.share for kind in kinds))
        self._draw = Draws(stream.uniforms).draw

    def draw(self, other: Sampler) -> tuple[int, float]:
        """The number of a class with the length of the talk; `other` is that of calls of no class."""
        at = bisect.bisect_right(self._edges, self._draw())
        return (at, self.kinds[at].talk()) if at < len(self.kinds) else (-1, other())

    def wrapup(self, kind: int, other: Sampler) -> float:
        """How long a call of a class is written down."""
        own = self.kinds[kind].wrapup if kind >= 0 else None
        return other() if own is None else own()

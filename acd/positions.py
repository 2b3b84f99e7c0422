"""Counts who stands before a place, for lines in which thousands are told where they stand."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

BLOCK = 128


class Place(NamedTuple):
    """A place in the line. Smaller is nearer to the head: higher priority first, then who came first.

    `number` is given once, when a call first joins any line, and is kept when a seat did not take the call:
    that is what puts it back at the head.
    """

    rank: int
    number: float
    call: str


class Positions:
    """Places by rank and by blocks of BLOCK numbers: only one block has to be looked at place by place."""

    def __init__(self, places: Iterable[Place]) -> None:
        self._ranks: dict[int, dict[float, set[Place]]] = {}
        for place in places:
            self.add(place)

    def add(self, place: Place) -> None:
        """One more."""
        blocks = self._ranks.setdefault(place.rank, {})
        blocks.setdefault(place.number // BLOCK, set()).add(place)

    def remove(self, place: Place) -> None:
        """One that was added before."""
        blocks, number = self._ranks[place.rank], place.number // BLOCK
        blocks[number].remove(place)
        if not blocks[number]:
            del blocks[number]

    def before(self, place: Place) -> int:
        """How many stand before a place."""
        total = 0
        for rank, blocks in self._ranks.items():
            if rank < place.rank:
                total += sum(map(len, blocks.values()))
            elif rank == place.rank:
                total += _before(blocks, place)
        return total


def _before(blocks: dict[float, set[Place]], place: Place) -> int:
    own = place.number // BLOCK
    earlier = sum(len(block) for number, block in blocks.items() if number < own)
    return earlier + sum(other < place for other in blocks.get(own, ()))

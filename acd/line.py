"""The waiting line of one queue."""

from __future__ import annotations

import heapq
from typing import NamedTuple


class Place(NamedTuple):
    """A place in the line. Smaller is nearer to the head: higher priority first, then who came first.

    `number` is given once, when a call first joins any line, and is kept when a seat did not take the call:
    that is what puts it back at the head.
    """

    rank: int
    number: int
    call: str


class WaitingLine:
    """Calls in the order of their places. Joining, leaving and taking cost O(log n) at most.

    Who leaves from the middle is only crossed out, and dropped when the head comes to him.
    """

    def __init__(self) -> None:
        self._heap: list[Place] = []
        self._waiting: dict[str, Place] = {}

    def __len__(self) -> int:
        return len(self._waiting)

    def __contains__(self, call: str) -> bool:
        return call in self._waiting

    def join(self, place: Place) -> None:
        """Take a place."""
        self._waiting[place.call] = place
        heapq.heappush(self._heap, place)

    def leave(self, call: str) -> None:
        """Give the place up; nothing happens if the call does not wait here."""
        if self._waiting.pop(call, None) is not None and not self._waiting:
            self._heap.clear()

    def head(self) -> Place | None:
        """Who is next, or None."""
        heap, waiting = self._heap, self._waiting
        while heap:
            if waiting.get(heap[0].call) is heap[0]:
                return heap[0]
            heapq.heappop(heap)
        return None

    def before(self, place: Place) -> int:
        """How many wait before a place; costs O(n)."""
        return sum(other < place for other in self._waiting.values())

    def in_order(self) -> list[str]:
        """The waiting calls, the head first; for people and for tests, costs O(n log n)."""
        return [place.call for place in sorted(self._waiting.values())]

"""The waiting line of one queue."""

from __future__ import annotations

import heapq
from collections import deque
from collections.abc import Iterator

from acd.positions import Place, Positions

__all__ = ["Place", "WaitingLine"]

SLACK = 64


class WaitingLine:
    """Calls in the order of their places.

    Nearly everybody joins behind the last one: that costs the same however many wait. Whoever comes back or has a
    higher priority stands in a heap beside, at O(log n). Who leaves from the middle is only crossed out, and dropped
    when the head comes to him, or when there are more crossed out than waiting. Positions are counted from the first
    time that somebody asks for one.
    """

    def __init__(self) -> None:
        self._behind: deque[Place] = deque()
        self._between: list[Place] = []
        self._waiting: dict[str, Place] = {}
        self._positions: Positions | None = None

    def __len__(self) -> int:
        return len(self._waiting)

    def __contains__(self, call: str) -> bool:
        return call in self._waiting

    def __iter__(self) -> Iterator[Place]:
        return iter(self._waiting.values())

    def join(self, place: Place) -> None:
        """Take a place; the call has none in this line."""
        self._waiting[place.call] = place
        behind = self._behind
        if not behind or behind[-1] < place:
            behind.append(place)
        else:
            heapq.heappush(self._between, place)
        if self._positions is not None:
            self._positions.add(place)

    def leave(self, call: str) -> None:
        """Give the place up; nothing happens if the call does not wait here."""
        place = self._waiting.pop(call, None)
        if place is None:
            return
        if self._positions is not None:
            self._positions.remove(place)
        behind = self._behind
        if not self._waiting:
            behind.clear()
            self._between.clear()
        elif behind and behind[0] is place:
            behind.popleft()
        elif len(behind) + len(self._between) > 2 * len(self._waiting) + SLACK:
            self._behind, self._between = deque(sorted(self._waiting.values())), []

    def head(self) -> Place | None:
        """Who is next, or None."""
        waiting = self._waiting
        if not waiting:
            return None
        behind, between = self._behind, self._between
        while behind and waiting.get(behind[0].call) is not behind[0]:
            behind.popleft()
        while between and waiting.get(between[0].call) is not between[0]:
            heapq.heappop(between)
        if between and not (behind and behind[0] < between[0]):
            return between[0]
        return behind[0]

    def before(self, place: Place) -> int:
        """How many wait before a place."""
        if self._positions is None:
            self._positions = Positions(self._waiting.values())
        return self._positions.before(place)

    def in_order(self) -> list[str]:
        """The waiting calls, the head first; for people and for tests, costs O(n log n)."""
        return [place.call for place in sorted(self._waiting.values())]

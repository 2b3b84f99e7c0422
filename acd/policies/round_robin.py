"""Round robin: the seats take turns in a fixed order."""

from __future__ import annotations

from bisect import bisect_left, bisect_right, insort

from acd.seat import Seat


class RoundRobin:
    """Free seats in the order of all seats; the next call goes to the first one behind the seat picked last."""

    def __init__(self) -> None:
        self._order: list[int] = []
        self._seats: dict[int, Seat] = {}
        self._last = -1

    def __len__(self) -> int:
        return len(self._order)

    def __contains__(self, seat: Seat) -> bool:
        return seat.order in self._seats

    def add(self, seat: Seat) -> None:
        """At its place in the round."""
        self._seats[seat.order] = seat
        insort(self._order, seat.order)

    def remove(self, seat: Seat) -> None:
        """It keeps its place in the round."""
        if self._seats.pop(seat.order, None) is not None:
            del self._order[bisect_left(self._order, seat.order)]

    def pick(self) -> Seat | None:
        """The next one; behind the last seat comes the first."""
        if not self._order:
            return None
        index = bisect_right(self._order, self._last)
        self._last = self._order[index if index < len(self._order) else 0]
        return self._seats[self._last]

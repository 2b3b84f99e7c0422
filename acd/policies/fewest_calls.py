"""Fewest calls: the call goes to the seat that has answered the fewest since its login."""

from __future__ import annotations

from bisect import bisect_left, insort

from acd.seat import Seat


class FewestCalls:
    """Free seats by calls answered, and among equals by how long they have been free."""

    def __init__(self) -> None:
        self._keys: dict[Seat, tuple[int, int]] = {}
        self._order: list[tuple[int, int]] = []
        self._seats: dict[int, Seat] = {}

    def __len__(self) -> int:
        return len(self._keys)

    def __contains__(self, seat: Seat) -> bool:
        return seat in self._keys

    def add(self, seat: Seat) -> None:
        """With what it has answered by now: a free seat answers nothing."""
        key = self._keys[seat] = (seat.answered, seat.turn)
        self._seats[seat.turn] = seat
        insort(self._order, key)

    def remove(self, seat: Seat) -> None:
        """Found again by what it had answered when it became free."""
        key = self._keys.pop(seat, None)
        if key is not None:
            del self._order[bisect_left(self._order, key)], self._seats[key[1]]

    def pick(self) -> Seat | None:
        """The first one."""
        return self._seats[self._order[0][1]] if self._order else None

"""Longest idle: the call goes to the seat that has been free for the longest time."""

from __future__ import annotations

from collections import OrderedDict

from acd.seat import Seat


class LongestIdle:
    """Free seats in the order in which they became free.

    An OrderedDict and not a dict: taking the first key of a dict whose first keys were deleted walks over
    the holes, and this one is taken from at its head all day long.
    """

    def __init__(self) -> None:
        self._free: OrderedDict[Seat, None] = OrderedDict()

    def __len__(self) -> int:
        return len(self._free)

    def __contains__(self, seat: Seat) -> bool:
        return seat in self._free

    def add(self, seat: Seat) -> None:
        """Behind all that are free already."""
        self._free[seat] = None

    def remove(self, seat: Seat) -> None:
        """Wherever it stands."""
        self._free.pop(seat, None)

    def pick(self) -> Seat | None:
        """The first one."""
        return next(iter(self._free), None)

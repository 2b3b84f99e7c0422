"""Brings waiting calls and free seats together.

Rule: a free seat takes the oldest caller (highest priority first) of all the queues that it serves; a new caller
goes to the free seat that the queue's policy picks. So there is never a free seat while somebody waits whom
it may serve, and each answer costs O(log n).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from acd.line import Place, WaitingLine
from acd.policies import Policy
from acd.policies.longest_idle import LongestIdle
from acd.seat import Seat


class Router:
    """Lines and free seats of all queues. It decides; it changes no seat and no call."""

    def __init__(
        self, queues: Iterable[str], seats: Iterable[Seat], policy: Callable[[], Policy] = LongestIdle
    ) -> None:
        self.lines = {queue: WaitingLine() for queue in queues}
        self.free = {queue: policy() for queue in self.lines}
        self.seats = {seat.id: seat for seat in seats}
        self._policy = policy
        self._places: dict[str, tuple[int, int]] = {}
        self._number = 0
        self._turn = 0

    def staffed(self, queue: str) -> bool:
        """Whether any seat of a queue is staffed, be it free or busy."""
        if len(self.free[queue]):
            return True
        return any(seat.staffed and queue in seat.queues for seat in self.seats.values())

    def join(self, call: str, queue: str, priority: int = 0) -> Seat | None:
        """Put a call into the line, or bring it to the seat returned.

        A call that comes back (see `Place`) has the place that it had.
        """
        if call not in self._places:
            self._number += 1
            self._places[call] = (-priority, self._number)
        seat = self.free[queue].pick()
        if seat is not None:
            return self._taken(self.seats[seat])
        rank, number = self._places[call]
        self.lines[queue].join(Place(rank, number, call))
        return None

    def leave(self, call: str, queue: str) -> None:
        """Take a call out of the line (it keeps its place for a return)."""
        self.lines[queue].leave(call)

    def forget(self, call: str) -> None:
        """The call needs no place any more."""
        self._places.pop(call, None)

    def place(self, call: str, queue: str) -> int:
        """Which place (1: the head) a call would have in a line, the one that it had before being kept."""
        kept = self._places.get(call)
        line = self.lines[queue]
        return 1 + (len(line) if kept is None else line.before(Place(*kept, call)))

    def seat_free(self, seat: Seat) -> str | None:
        """A seat has become free: the call that it is to take, or None (then it waits for one)."""
        queue, place = self._oldest(seat)
        if place is not None:
            self.lines[queue].leave(place.call)
            return place.call
        self._turn += 1
        seat.turn = self._turn
        for queue in seat.queues:
            self.free[queue].add(seat.id)
        return None

    def reorganise(self, queues: Iterable[str], serves: Mapping[str, tuple[str, ...]]) -> None:
        """From now on there are these queues, and `serves` says which of them each seat serves.

        Nobody may be waiting in a queue that goes, and a queue that stays keeps its seats: it may only come to a
        seat together with the queue itself. Free seats keep their turn.
        """
        kept = list(queues)
        for gone in self.lines.keys() - kept:
            del self.lines[gone], self.free[gone]
        new = [queue for queue in kept if queue not in self.lines]
        for queue in new:
            self.lines[queue], self.free[queue] = WaitingLine(), self._policy()
        for seat in self.seats.values():
            seat.queues = serves[seat.id]
        idle = (seat for seat in self.seats.values() if seat.staffed and not seat.busy)
        for seat in sorted(idle, key=lambda seat: seat.turn):
            for queue in new:
                if queue in seat.queues:
                    self.free[queue].add(seat.id)

    def seat_gone(self, seat: Seat) -> None:
        """A seat takes no calls for the time being."""
        self._taken(seat)

    def _taken(self, seat: Seat) -> Seat:
        for queue in seat.queues:
            self.free[queue].remove(seat.id)
        return seat

    def _oldest(self, seat: Seat) -> tuple[str, Place | None]:
        best_queue, best = "", None
        for queue in seat.queues:
            place = self.lines[queue].head()
            if place is not None and (best is None or place < best):
                best_queue, best = queue, place
        return best_queue, best

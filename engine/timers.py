"""Deadlines inside the engine.

The engine keeps its own deadlines and fires them in the order (time, number of setting), so that equal times are
first come, first served on both clocks: asyncio fires timers of one instant out of order.
"""

from __future__ import annotations

import heapq

import msgspec

FEW = 64


class Timer(msgspec.Struct, gc=False, eq=False):
    """One deadline; `kind` is empty once it was cancelled or has fired."""

    at: float
    number: int
    kind: str
    subject: str


class Timers:
    """All deadlines. Cancelled ones are only crossed out, and swept when they are the greater part."""

    def __init__(self) -> None:
        self._heap: list[tuple[float, int, Timer]] = []
        self._number = 0
        self._live = 0

    def __len__(self) -> int:
        return self._live

    def set(self, at: float, kind: str, subject: str) -> Timer:
        """A new deadline at `at` (seconds since 1970 UTC)."""
        self._number += 1
        self._live += 1
        timer = Timer(at, self._number, kind, subject)
        heapq.heappush(self._heap, (at, self._number, timer))
        return timer

    def cancel(self, timer: Timer | None) -> None:
        """Cross a deadline out; None and one that is over are allowed."""
        if timer is None or not timer.kind:
            return
        timer.kind = ""
        self._live -= 1
        if len(self._heap) > FEW and len(self._heap) > 2 * self._live:
            self._heap = [item for item in self._heap if item[2].kind]
            heapq.heapify(self._heap)

    def next_at(self) -> float | None:
        """The nearest deadline, or None."""
        heap = self._heap
        while heap and not heap[0][2].kind:
            heapq.heappop(heap)
        return heap[0][0] if heap else None

    def pop_due(self, now: float) -> tuple[str, str] | None:
        """The (kind, subject) of the first deadline that is due, or None."""
        if not self._heap or self._heap[0][0] > now:  # nearly always; a crossed-out head changes nothing
            return None
        at = self.next_at()
        if at is None or at > now:
            return None
        timer = heapq.heappop(self._heap)[2]
        kind, timer.kind = timer.kind, ""
        self._live -= 1
        return kind, timer.subject

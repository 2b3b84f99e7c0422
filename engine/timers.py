"""Deadlines inside the engine.

The engine keeps its own deadlines and fires them in the order (time, number of setting), so that equal times are
first come, first served on both clocks: asyncio fires timers of one instant out of order.
"""

from __future__ import annotations

from mypy_extensions import mypyc_attr

from calls.deadlines import Deadline, order, pop, push

FEW = 64


@mypyc_attr(acyclic=True, free_list_len=1)
class Timer(Deadline):
    """One deadline; `kind` is empty once it was cancelled or has fired."""

    __slots__ = ("kind", "subject")

    def __init__(self, at: float, number: int, kind: str, subject: str) -> None:
        super().__init__(at, number)
        self.kind = kind
        self.subject = subject


class Timers:
    """All deadlines. Cancelled ones are only crossed out, and swept when they are the greater part."""

    def __init__(self) -> None:
        self._heap: list[Deadline] = []
        self._number = 0
        self._live = 0

    def __len__(self) -> int:
        return self._live

    def set(self, at: float, kind: str, subject: str) -> Timer:
        """A new deadline at `at` (seconds since 1970 UTC)."""
        self._number += 1
        self._live += 1
        timer = Timer(at, self._number, kind, subject)
        push(self._heap, timer)
        return timer

    def cancel(self, timer: Timer | None) -> None:
        """Cross a deadline out; None and one that is over are allowed."""
        if timer is None or not timer.kind:
            return
        timer.kind = ""
        self._live -= 1
        if len(self._heap) > FEW and len(self._heap) > 2 * self._live:
            self._heap = [one for one in self._heap if isinstance(one, Timer) and one.kind]
            order(self._heap)

    def next_at(self) -> float | None:
        """The nearest deadline, or None."""
        heap = self._heap
        while heap:
            first = heap[0]
            if isinstance(first, Timer) and first.kind:
                return first.at
            pop(heap)
        return None

    def pop_due(self, now: float) -> tuple[str, str] | None:
        """The (kind, subject) of the first deadline that is due, or None."""
        heap = self._heap
        while heap and heap[0].at <= now:
            timer = pop(heap)
            if isinstance(timer, Timer) and timer.kind:
                kind, timer.kind = timer.kind, ""
                self._live -= 1
                return kind, timer.subject
        return None

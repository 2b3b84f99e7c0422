"""Virtual time: the events still to come, in the order (time, number of setting)."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from heapq import heapify, heappop, heappush
from typing import Any

from calls.event import Event
from calls.events import TimePassed

Plan = list[Any]
"""[time, number, event]: an event to come; the event is None once it was called off."""

FEW = 1024
_PASSED = TimePassed()


class Clock:
    """A heap of plans. Equal times happen in the order in which they were planned, whatever they are.

    What is planned for this very moment needs no heap: it stands behind all that the heap still has for the
    same moment, because that was planned earlier. `now` is in seconds since 1970 UTC.
    """

    __slots__ = ("_at_once", "_heap", "_number", "_sweep_at", "now")

    def __init__(self, now: float) -> None:
        self.now = now
        self._heap: list[Plan] = []
        self._at_once: deque[Plan] = deque()
        self._number = 0
        self._sweep_at = FEW

    def __len__(self) -> int:
        """How many plans it holds, those called off and not swept yet included."""
        return len(self._heap) + len(self._at_once)

    def at(self, time: float, event: Event) -> Plan:
        """Plan an event for a time that is not before now; the plan can be given to `call_off`."""
        self._number += 1
        plan = [time, self._number, event]
        if time > self.now:
            heappush(self._heap, plan)
            if len(self._heap) > self._sweep_at:
                self._sweep()
        else:
            self._at_once.append(plan)
        return plan

    def at_once(self, event: Event) -> None:
        """The event happens at this very moment, behind all that is due already."""
        self._at_once.append([self.now, 0, event])

    def _sweep(self) -> None:
        # Who is answered calls his impatience off; with much patience those plans would fill the memory.
        self._heap[:] = [plan for plan in self._heap if plan[2] is not None]
        heapify(self._heap)
        self._sweep_at = max(FEW, 2 * len(self._heap))

    @staticmethod
    def call_off(plan: Plan | None) -> None:
        """It will not happen; None, and what has happened already, are allowed."""
        if plan is not None:
            plan[2] = None

    def next(self, deadline: Callable[[], float | None]) -> Event | None:
        """The next event, `now` being its time; None when nothing is to come any more.

        TimePassed where `deadline()` (the engine's) is nearer than anything planned; it is only asked when
        time has to move.
        """
        heap, at_once, event = self._heap, self._at_once, None
        while event is None:
            if at_once and (not heap or heap[0][0] > self.now):
                event = at_once.popleft()[2]
            elif not heap or heap[0][2] is not None:
                return self._move(deadline())
            else:
                heappop(heap)
        return event

    def _move(self, deadline: float | None) -> Event | None:
        heap = self._heap
        if heap and (deadline is None or heap[0][0] <= deadline):
            self.now, _, event = heappop(heap)
            return event
        if deadline is None:
            return None
        self.now = max(self.now, deadline)
        return _PASSED

"""Virtual time: the events still to come, in the order (time, number of setting)."""

from __future__ import annotations

from collections.abc import Callable

from mypy_extensions import mypyc_attr

from calls.deadlines import Deadline, order, pop, push
from calls.event import Event
from calls.events import TimePassed
from engine.machine import Machine

FEW = 1024
_PASSED = TimePassed()


@mypyc_attr(acyclic=True, free_list_len=1)
class Plan(Deadline):
    """An event to come; the event is None once it was called off or has happened."""

    __slots__ = ("event",)

    def __init__(self, at: float, number: int, event: Event | None) -> None:
        super().__init__(at, number)
        self.event = event


class Clock:
    """A heap of plans. Equal times happen in the order in which they were planned, whatever they are.

    What is planned for this very moment needs no heap: it stands behind all that the heap still has for the
    same moment, because that was planned earlier. `now` is in seconds since 1970 UTC.
    """

    __slots__ = ("_at_once", "_done", "_heap", "_number", "_sweep_at", "now")

    def __init__(self, now: float) -> None:
        self.now = now
        self._heap: list[Deadline] = []
        self._at_once: list[Plan] = []
        self._done = 0  # so many of `_at_once` have happened
        self._number = 0
        self._sweep_at = FEW

    def __len__(self) -> int:
        """How many plans it holds, those called off and not swept yet included."""
        return len(self._heap) + len(self._at_once) - self._done

    def at(self, time: float, event: Event) -> Plan:
        """Plan an event for a time that is not before now; the plan can be given to `call_off`."""
        self._number += 1
        plan = Plan(time, self._number, event)
        if time > self.now:
            push(self._heap, plan)
            if len(self._heap) > self._sweep_at:
                self._sweep()
        else:
            self._at_once.append(plan)
        return plan

    def at_once(self, event: Event) -> None:
        """The event happens at this very moment, behind all that is due already."""
        self._at_once.append(Plan(self.now, 0, event))

    def _sweep(self) -> None:
        # Who is answered calls his impatience off; with much patience those plans would fill the memory.
        self._heap[:] = [plan for plan in self._heap if isinstance(plan, Plan) and plan.event is not None]
        order(self._heap)
        self._sweep_at = max(FEW, 2 * len(self._heap))

    @staticmethod
    def call_off(plan: Plan | None) -> None:
        """It will not happen; None, and what has happened already, are allowed."""
        if plan is not None:
            plan.event = None

    def next(self, deadline: Callable[[], float | None]) -> Event | None:
        """The next event, `now` being its time; None when nothing is to come any more.

        TimePassed where `deadline()` is nearer than anything planned; it is only asked when time has to move.
        """
        event = self._at_this_moment()
        return self._move(deadline()) if event is None else event

    def next_for(self, machine: Machine) -> Event | None:
        """The same with the deadline of a machine, as quick as can be."""
        event = self._at_this_moment()
        return self._move(machine.next_deadline()) if event is None else event

    def _at_this_moment(self) -> Event | None:
        heap, at_once = self._heap, self._at_once
        while self._done < len(at_once):
            if heap and heap[0].at <= self.now:
                first = heap[0]
                if isinstance(first, Plan) and first.event is not None:
                    return None
                pop(heap)
                continue
            event = at_once[self._done].event
            self._done += 1
            if event is not None:
                return event
        if self._done:
            at_once.clear()
            self._done = 0
        return None

    def _move(self, deadline: float | None) -> Event | None:
        heap = self._heap
        while heap:
            first = heap[0]
            if not isinstance(first, Plan) or first.event is None:
                pop(heap)
                continue
            if deadline is not None and deadline < first.at:
                break
            self.now = first.at
            pop(heap)
            return first.event
        if deadline is None:
            return None
        self.now = max(self.now, deadline)
        return _PASSED

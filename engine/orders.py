"""What was ordered by hand instead of the opening hours: put in, and taken away when its time is over."""

from __future__ import annotations

from collections.abc import Callable

from calls.events import HoursOverridden
from calls.outages import ClockStepped
from calls.override import Override, override_of
from engine.floor import Floor
from engine.timers import Timer

Changed = Callable[[str, float], None]
"""The hours of a project are other ones from now on."""


class Orders:
    """At most one order of each project; the later one takes the place of the one before."""

    remembers = ("_ends",)

    def __init__(self, floor: Floor, changed: Changed) -> None:
        self._floor = floor
        self._changed = changed
        self._ends: dict[str, Timer] = {}

    def given(self, event: HoursOverridden, now: float) -> None:
        """An order, or that there is none any more. One for a project that is not known means nothing."""
        if event.project not in self._floor.hours:
            return
        order = override_of(event, now + self._floor.hours[event.project].wall)
        self._arm(event.project, order)
        self._set(event.project, order, now)

    def clock_stepped(self, event: ClockStepped, now: float) -> None:
        """The wall shows another time: opening hours and orders go by that one."""
        for project in self._floor.hours:
            for clock in self._floor.clocks(project):
                clock.wall = event.seconds
            self._again(project, self._floor.hours[project].override, now)

    def _again(self, project: str, order: Override | None, now: float) -> None:
        if order is not None and order.until <= now + self._floor.hours[project].wall:
            order = None
        self._arm(project, order)
        self._set(project, order, now)

    def _arm(self, project: str, order: Override | None) -> None:
        timers = self._floor.timers
        timers.cancel(self._ends.pop(project, None))
        if order is not None:
            at = order.until - self._floor.hours[project].wall
            self._ends[project] = timers.set(at, "override", project)

    def over(self, project: str, now: float) -> None:
        """The time of an order has passed."""
        self._ends.pop(project, None)
        self._set(project, None, now)

    def _set(self, project: str, order: Override | None, now: float) -> None:
        for clock in self._floor.clocks(project):  # also those of calls that began before the last publish
            clock.override = order
        self._changed(project, now)

"""What was ordered by hand instead of the opening hours: put in, and taken away when its time is over."""

from __future__ import annotations

from collections.abc import Callable

from calls.events import HoursOverridden
from calls.override import Override, override_of
from engine.floor import Floor
from engine.timers import Timer

Changed = Callable[[str, float], None]
"""The hours of a project are other ones from now on."""


class Orders:
    """At most one order of each project; the later one takes the place of the one before."""

    def __init__(self, floor: Floor, changed: Changed) -> None:
        self._floor = floor
        self._changed = changed
        self._ends: dict[str, Timer] = {}

    def given(self, event: HoursOverridden, now: float) -> None:
        """An order, or that there is none any more. One for a project that is not known means nothing."""
        if event.project not in self._floor.hours:
            return
        self._floor.timers.cancel(self._ends.pop(event.project, None))
        order = override_of(event, now)
        if order is not None:
            self._ends[event.project] = self._floor.timers.set(event.until, "override", event.project)
        self._set(event.project, order, now)

    def over(self, project: str, now: float) -> None:
        """The time of an order has passed."""
        self._ends.pop(project, None)
        self._set(project, None, now)

    def _set(self, project: str, order: Override | None, now: float) -> None:
        for clock in self._floor.clocks(project):  # also those of calls that began before the last publish
            clock.override = order
        self._changed(project, now)

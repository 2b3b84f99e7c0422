"""What a flow may see of the centre around it, at one moment and for one call."""

from __future__ import annotations

import datetime as dt

from acd.expected_wait import expected_wait
from calls.hours import HoursStatus
from engine.call import Call
from engine.centre import queue_id
from engine.floor import Floor
from ivr.steps import QueueView, World


def wait_of(floor: Floor, call: Call, queue: str, now: float) -> float | None:
    """Seconds that a call has still to wait in a queue (its id), on the place that it has or would have there.

    None where it cannot be foretold.
    """
    router = floor.router
    ahead = router.place(call.id, queue) - 1
    return expected_wait(floor.answers.of(queue), ahead, now, router.standing_since(queue, now))


class Outlook:
    """Makes the worlds of the flows. One object and its methods serve all of them: a world costs next to nothing."""

    def __init__(self, floor: Floor) -> None:
        self._floor = floor
        self._call: Call | None = None
        self._now = 0.0
        self._asks = (self.hours, self.queue, self.today, self.listed)

    def world(self, call: Call, now: float) -> World:
        """The world of a call; it holds until the next one is made."""
        self._call, self._now = call, now
        hours, queue, today, listed = self._asks
        return World(hours, call.number, call.caller, queue, today, listed)

    @property
    def call(self) -> Call:
        """Whose world it is."""
        assert self._call is not None  # there is no world before there is a call
        return self._call

    def hours(self, name: str) -> HoursStatus:
        """Open or closed, by the project's own hours ("") or by a set of its."""
        return self.call.hours.status(self._now, name)

    def queue(self, name: str) -> QueueView:
        """A queue of the project, as this caller would find it. A free seat means that he does not wait at all."""
        floor, queue = self._floor, queue_id(self.call.project.project, name)
        waiting, free = floor.router.waiting(queue), floor.router.free(queue)
        expected = 0.0 if free else wait_of(floor, self.call, queue, self._now)
        return QueueView(waiting, free, expected)

    def today(self) -> dt.date:
        """The project's local date."""
        return self.call.hours.today(self._now)

    def listed(self, name: str, number: str) -> bool:
        """Whether a number is in a list of the project."""
        return self.call.project.listed(name, number)

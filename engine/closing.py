"""Closing time, for those who wait in a line that is not served beyond it."""

from __future__ import annotations

from collections.abc import Callable

from calls.lifecycle import STATE, State
from engine.call import Call
from engine.floor import Floor

Leave = Callable[[Call, str, float], None]
"""Lets a waiting caller go for a reason."""

IN_LINE = frozenset({State.QUEUED, State.RINGING})

_AGAIN_S = 1.0
"""Where the hours' clock is a rounding behind the engine's, it is asked again after so long."""


class Closing:
    """Each waiting caller has his deadline, by the hours of the version with which he came.

    Who comes after closing time, where the flow lets him, is not sent away by it.
    """

    def __init__(self, floor: Floor) -> None:
        self._floor = floor
        self.leave: Leave = lambda call, reason, now: None

    def begin(self, call: Call, now: float) -> None:
        """A caller is in the line."""
        if call.settings.at_closing == "serve" or not call.awaited:
            return
        if call.hours.status(now).open:
            until = call.hours.until(now)  # beyond it may be open as well: `due` looks
            at = until if until > now else now + _AGAIN_S
            call.closing_timer = self._floor.timers.set(at, "closing", call.id)
            call.too_late = False

    def due(self, call: Call, now: float) -> None:
        """Closing time may have come. For whom a telephone rings now, that counts once it has rung in vain."""
        self._floor.timers.cancel(call.closing_timer)
        call.closing_timer = None
        if call.hours.status(now).open:
            self.begin(call, now)
        elif call.state is STATE.QUEUED:
            self.leave(call, "closed", now)
        else:
            call.too_late = True

    def hours_changed(self, project: str, now: float) -> None:
        """A project is open or closed by order, or as usual again; or its test clock was set."""
        for call in [*self._floor.calls.values()]:
            if call.state not in IN_LINE or call.project.project != project:
                continue
            if call.closing_timer is not None:
                self.due(call, now)
            else:
                self.begin(call, now)

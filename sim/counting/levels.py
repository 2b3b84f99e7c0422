"""How many callers wait and how many seats are busy or staffed, at every moment: areas under three step functions."""

from __future__ import annotations

import math
from collections.abc import Callable

STEP_S = 300.0
"""The areas are cut into pieces of five minutes."""


class Piece:
    """One stretch of time, `seconds` long: `waiting_s`, `busy_s` and `staffed_s` are areas (number x seconds).

    `open_s`: the part of it that lies in the opening hours; who keeps the piece knows them.
    """

    __slots__ = ("busy_s", "most_waiting", "open_s", "seconds", "staffed_s", "waiting_s")

    def __init__(self) -> None:
        self.seconds = 0.0
        self.open_s = 0.0
        self.waiting_s = 0.0
        self.busy_s = 0.0
        self.staffed_s = 0.0
        self.most_waiting = 0

    def add(self, other: Piece) -> None:
        """Another stretch belongs to this one too."""
        self.seconds += other.seconds
        self.open_s += other.open_s
        self.waiting_s += other.waiting_s
        self.busy_s += other.busy_s
        self.staffed_s += other.staffed_s
        self.most_waiting = max(self.most_waiting, other.most_waiting)


Keep = Callable[[float, Piece], None]
"""Is given each five minutes once they are over, with their beginning (seconds since 1970 UTC)."""


class Levels:
    """The numbers of now. `change` is called whenever a caller joins or leaves the line, so it does next to nothing.

    A caller waits from his place in the line to the operator's voice, as in `sim.counting.figures`; a seat is busy in
    conversation and in wrap-up. `whole`: everything from `start` on. Without `keep`, time is not cut.
    """

    __slots__ = ("_here", "_keep", "_last", "_until", "busy", "staffed", "waiting", "whole")

    def __init__(self, start: float = 0.0, keep: Keep | None = None) -> None:
        self.waiting = 0
        self.busy = 0
        self.staffed = 0
        self.whole = Piece()
        self._here = Piece()
        self._keep = keep
        self._last = start
        self._until = math.inf if keep is None else (start // STEP_S + 1) * STEP_S

    def change(self, now: float, waiting: int, busy: int) -> None:
        """So many more (below 0: fewer) wait, and so many more seats are busy."""
        if now > self._last:
            self._pass(now)
        self.waiting += waiting
        self.busy += busy

    def staff(self, now: float, more: int) -> None:
        """So many more seats are staffed."""
        self.change(now, 0, 0)
        self.staffed += more

    def close(self, now: float) -> None:
        """Nothing comes any more: the last stretch ends here."""
        self.change(now, 0, 0)
        self._turn()

    def _pass(self, now: float) -> None:
        while now >= self._until:
            self._advance(self._until)
            self._turn()
        self._advance(now)

    def _advance(self, now: float) -> None:
        here, span = self._here, now - self._last
        self._last = now
        here.seconds += span
        here.staffed_s += self.staffed * span
        here.busy_s += self.busy * span
        if self.waiting:
            here.waiting_s += self.waiting * span
            if self.waiting > here.most_waiting:
                here.most_waiting = self.waiting

    def _turn(self) -> None:
        self.whole.add(self._here)
        if self._keep is not None:
            self._keep(self._until - STEP_S, self._here)
            self._until += STEP_S
        self._here = Piece()

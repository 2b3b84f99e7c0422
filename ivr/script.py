"""A scripted caller: what he presses, and what he meets besides the clock."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Literal

from ivr.steps import QueueView

LineReason = Literal["full", "no_seats", "long_wait", "closing", "timeout", "closed"]
"""Why a line does not keep a caller; see `ivr.steps.Refused`."""

SILENT = "-"
"""In place of a key: nothing is pressed at this menu."""


@dataclass(frozen=True)
class Circumstances:
    """What a caller meets besides the clock.

    `line` and `transfer`: why the first try of each fails ("": it does not); a second try at the same node succeeds,
    so that a flow which tries again comes to its end. `queue` is what the flow sees of every queue. `switched`: what
    somebody has switched the project to by hand. `extensions`: the numbers that exist (None: all).
    """

    line: LineReason | Literal[""] = ""
    transfer: Literal["", "unanswered", "unknown"] = ""
    queue: QueueView = field(default_factory=lambda: QueueView(seats_free=1))
    switched: Literal["", "open", "closed", "disaster"] = ""
    extensions: frozenset[str] | None = None
    message_s: float = 10.0


ORDINARY = Circumstances()
"""A line that takes every caller, and telephones that are picked up."""


class Hand:
    """Gives the keys one by one, and silence where an entry of several keys has to end and after the last one."""

    def __init__(self, presses: Iterable[str]) -> None:
        self._entries = deque(press for press in presses if press)
        self._typed = 0

    def next(self, *, typing: bool) -> str:
        """The next key; `typing`: digits of an unfinished entry stand there, so that silence ends it."""
        if not self._entries:
            return SILENT
        entry = self._entries[0]
        if self._typed == len(entry):
            self._entries.popleft()
            self._typed = 0
            many = len(entry) > 1
            return SILENT if many and typing else self.next(typing=typing)
        self._typed += 1
        return entry[self._typed - 1]

    def left(self) -> tuple[str, ...]:
        """What nobody asked for."""
        rest = [entry[self._typed :] if not index else entry for index, entry in enumerate(self._entries)]
        return tuple(entry for entry in rest if entry)

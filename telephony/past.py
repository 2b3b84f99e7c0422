"""Which legs the engine has had to do with, those that are over for it included."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable

from calls.command import Command

MOST = 20_000
"""So many are remembered: far more than Asterisk can have at a time."""


class Past:
    """The latest legs that any command was about. A leg that is in here has arrived, and does not arrive again."""

    def __init__(self, most: int = MOST) -> None:
        self._most = most
        self._legs: OrderedDict[str, None] = OrderedDict()

    def __contains__(self, leg: object) -> bool:
        return leg in self._legs

    def take(self, command: Command) -> None:
        """Remember the leg of a command."""
        leg = getattr(command, "leg", "")
        if leg:
            self.add((leg,))

    def add(self, legs: Iterable[str]) -> None:
        """Remember these."""
        self._legs.update(dict.fromkeys(legs))
        while len(self._legs) > self._most:
            self._legs.popitem(last=False)

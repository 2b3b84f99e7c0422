"""Where the journal comes in: the board, and whoever wants to know at once."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Mapping

from calls.events import TimePassed
from calls.journal import Entry
from calls.record import CallRecord
from supervisor.board import Board, Change, CountKey

log = logging.getLogger(__name__)

Hear = Callable[[Entry, list[Change]], None]
"""Told of an entry and what it changed; entry 0 is none of the journal: something came to be known."""


class Live:
    """`observe` is given to the service before it starts, so that the board misses nothing."""

    def __init__(self) -> None:
        self.board = Board()
        self._hear: list[Hear] = []

    def observe(self, entry: Entry) -> None:
        """Take one journal entry in. A fault in a picture never reaches the calls: it is logged."""
        try:
            changes = self.board.feed(entry)
            for hear in self._hear:
                hear(entry, changes)
        except Exception:
            log.exception("the board did not take in entry %d (%s)", entry.number, type(entry.event).__name__)

    def fill(self, base: Mapping[CountKey, int], calls: Iterable[CallRecord]) -> None:
        """Take in what the store has of the day before this board began, and tell what that changed."""
        changes, nothing = self.board.fill(base, calls), Entry(0, self.board.at, TimePassed(), [])
        for hear in self._hear:
            hear(nothing, changes)

    def freeze(self) -> bytes:
        """The board as it is."""
        return self.board.freeze()

    def thaw(self, frozen: bytes) -> None:
        """Go on with a board that another life had; with an empty one, where it cannot be read."""
        try:
            self.board.thaw(frozen)
        except Exception:
            log.exception("the board of the last life cannot be read: it fills up as calls go on")

    def listen(self, hear: Hear) -> None:
        """Tell of every entry, and what it changed."""
        self._hear.append(hear)

    def ignore(self, hear: Hear) -> None:
        """Tell no more."""
        self._hear.remove(hear)

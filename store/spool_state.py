"""How a spool is, and how large it may become."""

from __future__ import annotations

import errno
import logging
import threading
from collections.abc import Callable
from enum import StrEnum
from typing import NamedTuple

logger = logging.getLogger(__name__)

NO_ROOM = frozenset({errno.ENOSPC, errno.EDQUOT})


class SpoolState(StrEnum):
    """In every state but OK a snapshot is wanted as soon as possible."""

    OK = "ok"
    FULL = "full"  # no room: entries are not in the spool, but only on their way to the database
    UNWRITABLE = "unwritable"  # the disk takes nothing: likewise
    GAP = "gap"  # it takes entries again, but some are missing: only a snapshot behind them makes it whole

    @property
    def takes_nothing(self) -> bool:
        """Whether entries pass it by."""
        return self is SpoolState.FULL or self is SpoolState.UNWRITABLE


class SpoolSettings(NamedTuple):
    """`segments` files of `segment_bytes` are made at once, and up to `most` when they are full.

    `sync_within`: how many seconds a power cut may take; `retry`: how often to try again in trouble (seconds).
    """

    segment_bytes: int = 8 << 20
    segments: int = 8
    most: int = 64
    sync_within: float = 0.02
    retry: float = 1.0


Told = Callable[[SpoolState, str], None]


def log_state(state: SpoolState, text: str) -> None:
    """Write to the log what has become of the spool."""
    logger.warning("the spool is %s: %s", state.value, text)


def state_of(error: OSError) -> SpoolState:
    """What an error of the disk makes of the spool."""
    return SpoolState.FULL if error.errno in NO_ROOM else SpoolState.UNWRITABLE


class Condition:
    """The state of one spool: what is missing in it, and who is told. Every thread may use it."""

    def __init__(self, told: Told) -> None:
        self.state = SpoolState.OK
        self._told = told
        self._missing_until = 0
        self._covered = 0
        self._lock = threading.Lock()

    def begin(self) -> None:
        """Another run, of which nothing is missing."""
        self._missing_until = self._covered = 0
        self.found_well()

    def missed(self, number: int, state: SpoolState, text: str) -> None:
        """The entry of this number is not in the spool."""
        self._missing_until = max(self._missing_until, number)
        self._become(state, text)

    def found_well(self) -> None:
        """An entry was written."""
        if self._missing_until > self._covered:
            self._become(
                SpoolState.GAP, f"entries up to {self._missing_until} are missing; a snapshot is wanted"
            )
        else:
            self._become(SpoolState.OK, "it takes entries again")

    def covered(self, number: int) -> None:
        """A snapshot of everything up to this number is on the disk."""
        self._covered = max(self._covered, number)
        if self.state is SpoolState.GAP:
            self.found_well()

    def _become(self, state: SpoolState, text: str) -> None:
        with self._lock:
            before, self.state = self.state, state
        if before is not state:
            self._told(state, text)

"""What operations has to know of at once: the alarms that stand, each by its name.

What each means and what to do is in docs/operations.md; a test holds the two together.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from enum import StrEnum
from typing import NamedTuple

log = logging.getLogger(__name__)


class AlarmName(StrEnum):
    """Every alarm that there is."""

    JOURNAL_BEHIND = "journal_behind"  # the database takes no entries; they wait in the spool
    SPOOL_FULL = (
        "spool_full"  # and the spool has no more room: entries are on their way to the database alone
    )
    SPOOL_UNWRITABLE = "spool_unwritable"  # the disk takes nothing: entries are in memory alone
    SNAPSHOT_FAILED = "snapshot_failed"  # the engine's memory is not renewed: a start takes longer and longer
    MEMORY_DAMAGED = "memory_damaged"  # something of the journal could not be read at the start
    ASTERISK_DEAD = "asterisk_dead"  # its process is gone, or nothing answers
    ASTERISK_HUNG = "asterisk_hung"  # it is there, but takes no calls
    ASTERISK_OUTDATED = "asterisk_outdated"  # it runs with another configuration than is on the disk
    ARI_LOST = "ari_lost"  # no connection to Asterisk's ARI
    TRUNK_DOWN = "trunk_down"  # the carrier does not answer, or has not registered us: no caller reaches us
    DEGRADED_CALLS = "degraded_calls"  # Asterisk dealt with calls alone while the engine was away
    CLOCK_STEPPED = "clock_stepped"  # the machine's clock was set
    DISK_LOW = "disk_low"  # little room is left below var/
    RECORDING_FAILED = "recording_failed"  # a conversation is not recorded


class Severity(StrEnum):
    """How soon somebody has to come."""

    CRITICAL = "critical"  # at once, at night too: callers notice, or something cannot be made good later
    WARNING = "warning"  # today, before it becomes one of the others


SEVERITY: dict[AlarmName, Severity] = {
    AlarmName.JOURNAL_BEHIND: Severity.WARNING,
    AlarmName.SPOOL_FULL: Severity.CRITICAL,
    AlarmName.SPOOL_UNWRITABLE: Severity.CRITICAL,
    AlarmName.SNAPSHOT_FAILED: Severity.WARNING,
    AlarmName.MEMORY_DAMAGED: Severity.WARNING,
    AlarmName.ASTERISK_DEAD: Severity.CRITICAL,
    AlarmName.ASTERISK_HUNG: Severity.CRITICAL,
    AlarmName.ASTERISK_OUTDATED: Severity.WARNING,
    AlarmName.ARI_LOST: Severity.CRITICAL,
    AlarmName.TRUNK_DOWN: Severity.CRITICAL,  # callers hear the carrier, and nobody here hears that
    AlarmName.DEGRADED_CALLS: Severity.WARNING,
    AlarmName.CLOCK_STEPPED: Severity.WARNING,
    AlarmName.DISK_LOW: Severity.WARNING,
    AlarmName.RECORDING_FAILED: Severity.CRITICAL,
}

NO_CALLS = frozenset(
    {
        AlarmName.SPOOL_FULL,
        AlarmName.SPOOL_UNWRITABLE,
        AlarmName.ASTERISK_DEAD,
        AlarmName.ASTERISK_HUNG,
        AlarmName.ARI_LOST,
    }
)
"""While one of these stands, `/readyz` says that no calls should be sent here."""


class Alarm(NamedTuple):
    """One that stands, since then (seconds since 1970 UTC)."""

    name: AlarmName
    since: float
    text: str


class Alarms:
    """Raised and cleared by whoever sees the cause; no personal data in their texts."""

    def __init__(self, clock: Callable[[], float] = time.time) -> None:
        self._clock = clock
        self._standing: dict[AlarmName, Alarm] = {}

    def sound(self, name: AlarmName, text: str) -> None:
        """It stands from now on; one that stands already keeps its time."""
        before = self._standing.get(name)
        self._standing[name] = Alarm(name, before.since if before else self._clock(), text)
        if before is None:
            log.error("alarm %s: %s", name.value, text)

    def clear(self, name: AlarmName) -> None:
        """Its cause is gone; nothing happens where it does not stand."""
        if self._standing.pop(name, None) is not None:
            log.warning("alarm %s is over", name.value)

    def now(self) -> float:
        """The time by the clock that these go by."""
        return self._clock()

    def standing(self) -> list[Alarm]:
        """Those that stand, the oldest first."""
        return sorted(self._standing.values(), key=lambda alarm: alarm.since)

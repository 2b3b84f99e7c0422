"""Which part of the system an alarm is of: what a screen shows as out of order."""

from __future__ import annotations

from typing import Literal

from telephony.alarms import AlarmName

Part = Literal["engine", "asterisk", "trunk", "store", "disk"]

_PARTS: dict[AlarmName, Part] = {
    AlarmName.JOURNAL_BEHIND: "store",
    AlarmName.SPOOL_FULL: "disk",
    AlarmName.SPOOL_UNWRITABLE: "disk",
    AlarmName.SNAPSHOT_FAILED: "disk",
    AlarmName.MEMORY_DAMAGED: "disk",
    AlarmName.ASTERISK_DEAD: "asterisk",
    AlarmName.ASTERISK_HUNG: "asterisk",
    AlarmName.ASTERISK_OUTDATED: "asterisk",
    AlarmName.ARI_LOST: "asterisk",
    AlarmName.TRUNK_DOWN: "trunk",
    AlarmName.DEGRADED_CALLS: "engine",
    AlarmName.CLOCK_STEPPED: "engine",
    AlarmName.DISK_LOW: "disk",
    AlarmName.RECORDING_FAILED: "disk",
}


def part_of(alarm: AlarmName) -> Part:
    """The part that an alarm is of: where somebody looks first."""
    return _PARTS[alarm]

"""Sees in time that the disk below var/ gets full."""

from __future__ import annotations

import asyncio
import logging
import os
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple, Self

from telephony.alarms import AlarmName, Alarms
from telephony.background import Worker
from telephony.site import DiskSite

log = logging.getLogger(__name__)

EVERY_S = 30.0
MB = 1_000_000


class Room(NamedTuple):
    """The disk of a folder, in bytes: what may still be written there, and all of it."""

    free: int
    size: int

    @property
    def percent(self) -> float:
        """The free part."""
        return 100 * self.free / self.size if self.size else 100.0


def room_of(folder: Path) -> Room:
    """Of the disk on which a folder is, or would be. Raises OSError."""
    there = next(path for path in (folder.absolute(), *folder.absolute().parents) if path.exists())
    found = os.statvfs(there)
    return Room(found.f_bavail * found.f_frsize, found.f_blocks * found.f_frsize)


class DiskWatch(Worker):
    """`async with DiskWatch(folder, alarms, settings):` looks every `every` seconds inside, once before."""

    _name = "disk watch"

    def __init__(
        self,
        folder: Path,
        alarms: Alarms,
        settings: DiskSite,
        every: float = EVERY_S,
        look: Callable[[Path], Room] = room_of,
    ) -> None:
        self.room = Room(0, 0)
        self._folder = folder
        self._alarms = alarms
        self._settings = settings
        self._every = every
        self._look = look
        self._standing = False

    def check(self, room: Room) -> None:
        """Raise the alarm or clear it, by what was seen."""
        self.room = room
        factor = 1.1 if self._standing else 1.0
        low = room.free < factor * self._settings.low_mb * MB
        self._standing = low or room.percent < factor * self._settings.low_percent
        if self._standing:
            told = f"{room.free // MB} MB ({room.percent:.1f} %) are left below {self._folder}"
            self._alarms.sound(AlarmName.DISK_LOW, told)
        else:
            self._alarms.clear(AlarmName.DISK_LOW)

    async def __aenter__(self) -> Self:
        await self._once()
        return await super().__aenter__()

    async def _work(self) -> None:
        while True:
            await asyncio.sleep(self._every)
            await self._once()

    async def _once(self) -> None:
        try:
            # In a thread: a network disk that hangs must not hang the calls.
            self.check(await asyncio.to_thread(self._look, self._folder))
        except OSError as error:
            log.warning("the room below %s is not known (%s)", self._folder, error.strerror)

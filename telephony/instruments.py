"""What is looked at from outside: alarms, health, metrics, and the word to systemd."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AsyncExitStack

from engine.floor import Floor
from telephony.alarms import Alarms
from telephony.disk_watch import DiskWatch
from telephony.health import Health, count_start
from telephony.loop_watch import LoopWatch
from telephony.metrics import Metrics, Sources
from telephony.sd_notify import Systemd
from telephony.site import Site


class Instruments:
    """Of one service; all of them are there before anything else, and answer while it starts."""

    def __init__(self, site: Site, floor: Callable[[], Floor], sources: Sources) -> None:
        self._var = site.var_directory
        self.starts = 0
        self.alarms = Alarms()
        self.systemd = Systemd()
        self._loop_watch = LoopWatch(self.systemd)
        self._disk_watch = DiskWatch(self._var, self.alarms, site.disk)
        self.health = Health(self.alarms, "", self._loop_watch.worst)
        sources.ready = lambda: float(self.health.ready().ready)
        sources.starts = lambda: float(self.starts)
        sources.disk_free = lambda: float(self._disk_watch.room.free)
        self.metrics = Metrics(floor, self.alarms, sources, self._loop_watch)

    async def begin(self, undo: AsyncExitStack) -> None:
        """First in, last out: systemd hears that the loop turns all the time."""
        await undo.enter_async_context(self._loop_watch)
        await undo.enter_async_context(self._disk_watch)

    def count_start(self) -> None:
        """One more, by an engine that has the site to itself."""
        self.starts = count_start(self._var)

    def ending(self) -> None:
        """Nobody is to send calls here any more."""
        self.health.phase = "ending"
        self.systemd.stopping()

"""Browsers in a hall, without a network."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

from calls.budget import NOBODY
from supervisor.monitor.board import MonitorBoard
from supervisor.monitor.hall import Hall
from supervisor.monitor.sight import Sight
from tests.supervisor import monitor_house as house
from tests.supervisor.monitor_house import AT, Page, changes, snapshot

TAX = Sight(frozenset({"tax"}), frozenset({"tax"}))
WATER = Sight(frozenset({"water"}), frozenset({"water"}))
BOTH = Sight(TAX.watches | WATER.watches, TAX.listens | WATER.listens)
BEGIN = snapshot(
    house.project(), house.project(project="water"), house.seat("s1", "tax"), house.seat("w1", "water")
)


class Watch:
    """A clock that stands still until it is set."""

    def __init__(self) -> None:
        self.now = AT

    def __call__(self) -> float:
        return self.now


class Viewer:
    """A browser in the hall: reads all it is sent, unless it is stopped."""

    def __init__(self, hall: Hall, sight: Sight) -> None:
        self.hall = hall
        self.page = Page()
        self.cut = False
        self.reads = asyncio.Event()
        self.reads.set()
        self._news = asyncio.Event()
        self.screen = hall.enter(sight, self._cut)
        self.task = asyncio.create_task(self.screen.send(self))

    def _cut(self) -> None:
        self.cut = True

    async def send_str(self, data: str, compress: int | None = None) -> None:
        """As a socket does it."""
        await self.reads.wait()
        self.page.take(data)
        self._news.set()

    async def until(self, found: Callable[[Page], Any]) -> Page:
        """Once its page is like this."""
        while not (self.page.frames and found(self.page)):
            self._news.clear()
            await self._news.wait()
        return self.page

    async def has(self, frames: int) -> None:
        """Once it was sent so many frames."""
        await self.until(lambda page: len(page.frames) >= frames)

    async def goes(self) -> None:
        """It is closed."""
        self.hall.leave(self.screen)
        self.task.cancel()
        await asyncio.gather(self.task, return_exceptions=True)


def hall_of(*views: Any, clock: Callable[[], float] | None = None) -> Hall:
    """A hall that has heard of everything that there is at the beginning."""
    hall = Hall(MonitorBoard(lambda terms, at: NOBODY, 20.0), clock or Watch())
    hall.board.take(BEGIN)
    hall.flush()
    return hall


def reason(text: str, *names: str, id_: str = "s1") -> Any:
    """A seat on a break of this reason."""
    return changes(house.seat(id_, *(names or ("tax",)), reason=text))

"""The figures of the day survive the engine: with its memory, and without it, from the database."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from calls.journal import Entry
from supervisor.api.beside import api_beside
from supervisor.api.live import Live
from supervisor.board import Change, CountKey
from supervisor.board.past import board_at
from telephony.awakening import JOURNAL
from telephony.ports import free_ports
from telephony.service import Service
from telephony.stack import load_stack
from tests.live.api_house import TAX, write_config
from tests.live.centre import NUMBER, PATIENCE_S, Floor, Seen
from tests.live.phone_office import Office

pytestmark = pytest.mark.live


class Life:
    """One life of the service: the board that it shows, and somebody who calls."""

    def __init__(self, service: Service, seen: Seen, live: Live) -> None:
        self.service = service
        self.live = live
        self._office = Office(Floor(service, seen))
        self._changed = asyncio.Event()
        live.listen(self._hear)

    def _hear(self, entry: Entry, changes: list[Change]) -> None:
        self._changed.set()

    @property
    def counts(self) -> dict[tuple[str, int], int]:
        """How many calls ended how, after which wait; all that arrived as ""."""
        found: dict[tuple[str, int], int] = {}
        for key, calls in self.live.board.counts.items():
            found[key.outcome, key.waited] = found.get((key.outcome, key.waited), 0) + calls
        return found

    async def until(self, counts: dict[tuple[str, int], int]) -> None:
        """Wait until that is what the board shows."""
        async with asyncio.timeout(PATIENCE_S):
            while self.counts != counts:
                self._changed.clear()
                await self._changed.wait()

    async def calls(self) -> None:
        """Somebody calls; nobody is there, and he is told so."""
        async with self._office.caller() as caller:
            talk = await caller.dial(NUMBER)
            assert (await talk.end()).startswith("BYE")


@asynccontextmanager
async def life(config: Path) -> AsyncIterator[Life]:
    """A service as `denwaban run` has it."""
    live, seen = Live(), Seen()
    service = Service(load_stack(config), observe=seen.take, onlooker=live)
    async with service, api_beside(service, live):
        yield Life(service, seen, live)


async def test_the_day_so_far_survives_the_engine(tmp_path: Path) -> None:
    [carrier] = free_ports(1, socket.SOCK_DGRAM)
    config = write_config(tmp_path, carrier)
    once = {("", -1): 1, ("overflowed", -1): 1}
    twice = {("", -1): 2, ("overflowed", -1): 2}
    async with life(config) as first:
        await first.calls()
        await first.until(once)
        run = first.service.run
    async with life(config) as second:  # it knows everything
        assert second.service.run == run
        assert second.counts == once
        await second.calls()
        await second.until(twice)
    for file in (tmp_path / "var" / JOURNAL).iterdir():
        file.unlink()
    async with life(config) as third:  # it knows nothing
        assert third.service.run != run
        await third.until(twice)
        await third.calls()
        await third.until({("", -1): 3, ("overflowed", -1): 3})
        await third.service.journal.flush()
        shown = dict(third.live.board.counts)
        at = third.live.board.at
        past = await board_at(third.service.database, at, at - 3600.0)
    assert {key.project for key in shown} == {TAX}
    assert past.board.counts == shown
    assert all(isinstance(key, CountKey) for key in past.board.counts)

"""The database takes nothing for a while: PostgreSQL is down, or SQLite's file is locked by somebody else."""

from __future__ import annotations

import asyncio
import sqlite3
import time
from collections.abc import Sequence
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path

from sim.drill.engine_process import EngineProcess
from sim.drill.harms import Blow, Harmless
from sim.drill.house import House
from sim.drill.postgresql import Cluster, is_installed
from telephony.site import StoreSite

_LOCK_S = 30.0


def lost_database(outage_s: float) -> Harmless:
    """PostgreSQL, where it is installed with what Python needs to reach it; else SQLite."""
    if is_installed() and find_spec("asyncpg") is not None:
        return LostPostgresql(outage_s)
    return LockedSqlite(outage_s)


class LostPostgresql(Harmless):
    """A server of the drill's own, which is gone from one moment to the other."""

    def __init__(self, outage_s: float) -> None:
        self.blows = [Blow("PostgreSQL is down", outage_s)]
        self._cluster: Cluster | None = None

    @property
    def folders(self) -> Sequence[Path]:
        return [self._cluster.home] if self._cluster else []

    async def prepare(self, house: House) -> House:
        self._cluster = await asyncio.to_thread(lambda: Cluster().__enter__())
        url = await asyncio.to_thread(self._cluster.create_database, "drill")
        return await super().prepare(
            replace(house, site=house.site.model_copy(update={"store": StoreSite(url=url)}))
        )

    async def strike(self, blow: Blow, engine: EngineProcess) -> float:
        assert self._cluster is not None
        at = time.time()
        await asyncio.to_thread(self._cluster.crash)
        return at

    async def heal(self, blow: Blow, engine: EngineProcess) -> None:
        assert self._cluster is not None
        await asyncio.sleep(blow.outage_s)
        await asyncio.to_thread(self._cluster.start)

    async def clear(self) -> None:
        if self._cluster is not None:
            await asyncio.to_thread(self._cluster.__exit__)


class LockedSqlite(Harmless):
    """Another process holds the file for itself: nobody else writes a word."""

    def __init__(self, outage_s: float) -> None:
        self.blows = [Blow("SQLite's file is locked", outage_s)]
        self._path: Path | None = None
        self._holder: sqlite3.Connection | None = None

    async def prepare(self, house: House) -> House:
        self._path = house.var / "denwaban.db"
        return await super().prepare(house)

    async def strike(self, blow: Blow, engine: EngineProcess) -> float:
        assert self._path is not None
        self._holder = await asyncio.to_thread(_lock, self._path)
        return time.time()

    async def heal(self, blow: Blow, engine: EngineProcess) -> None:
        await asyncio.sleep(blow.outage_s)
        await self.clear()

    async def clear(self) -> None:
        holder, self._holder = self._holder, None
        if holder is not None:
            holder.rollback()
            holder.close()


def _lock(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path, isolation_level=None, timeout=_LOCK_S, check_same_thread=False)
    connection.execute("BEGIN EXCLUSIVE")
    return connection

"""A PostgreSQL that is gone for a while, and one behind which a run goes on."""

from __future__ import annotations

import asyncio

import pytest

from store.database import Database
from store.journal_writer import JournalWriter
from tests.live.postgresql import Cluster
from tests.store.helpers import LIMIT, Troubles, plain, read
from tests.store.resume_behaviour import ResumeBehaviour

pytestmark = pytest.mark.live


class TestResume(ResumeBehaviour):
    """On PostgreSQL."""


async def test_postgresql_is_gone_and_comes_back(cluster: Cluster, database: Database) -> None:
    troubles, recovered = Troubles(), asyncio.Event()
    async with JournalWriter(database, "run", on_trouble=troubles, on_recovered=recovered.set) as writer:
        writer.put(plain(1)[0])
        await asyncio.wait_for(writer.flush(), LIMIT)
        await asyncio.to_thread(cluster.crash)
        for entry in plain(1000, 2):
            writer.put(entry)
        await troubles.wait()
        await asyncio.to_thread(cluster.start)
        await asyncio.wait_for(writer.flush(), LIMIT)
        assert recovered.is_set()
    assert await read(database, "run") == plain(1001)

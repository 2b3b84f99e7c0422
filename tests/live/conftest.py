from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from uuid import uuid4

import pytest

from store.database import Database
from store.migrations import upgrade
from telephony.asterisk import EmbeddedAsterisk
from tests.live.instances import make_plan, make_secrets
from tests.live.postgresql import Cluster


@pytest.fixture(scope="session")
def asterisk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmbeddedAsterisk]:
    """One Asterisk for all tests that only make calls. A test leaves no channel and no bridge in it."""
    plan = make_plan(tmp_path_factory.mktemp("asterisk"))
    # A loop of its own: each test has another one, and this Asterisk outlives them all.
    with asyncio.Runner() as runner:
        running = EmbeddedAsterisk(plan, make_secrets(plan))
        runner.run(running.start())
        try:
            yield running
        finally:
            runner.run(running.stop())


@pytest.fixture(scope="module")
def cluster() -> Iterator[Cluster]:
    """A running PostgreSQL that nobody else knows."""
    with Cluster() as cluster:
        yield cluster


@pytest.fixture
def url(cluster: Cluster) -> str:
    """The URL of an empty database."""
    return cluster.create_database(f"t{uuid4().hex}")


@pytest.fixture
async def database(url: str) -> AsyncIterator[Database]:
    """An empty database with its tables."""
    await upgrade(url)
    async with Database(url) as database:
        yield database

"""Users and sessions on a real PostgreSQL, in a cluster of its own."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from uuid import uuid4

import pytest

from store.database import Database
from store.migrations import upgrade
from tests.live.postgresql import Cluster
from tests.store.user_behaviour import UserBehaviour

pytestmark = pytest.mark.live


@pytest.fixture(scope="module")
def cluster() -> Iterator[Cluster]:
    """A running PostgreSQL that nobody else knows."""
    with Cluster() as cluster:
        yield cluster


@pytest.fixture
async def database(cluster: Cluster) -> AsyncIterator[Database]:
    """An empty database with its tables."""
    url = cluster.create_database(f"t{uuid4().hex}")
    await upgrade(url)
    async with Database(url) as database:
        yield database


class TestUsers(UserBehaviour):
    """On PostgreSQL."""

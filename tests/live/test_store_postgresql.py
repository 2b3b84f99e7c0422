"""The store on a real PostgreSQL, in a cluster of its own."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from uuid import uuid4

import pytest

from store.database import Database
from store.migrations import upgrade
from tests.live.postgresql import Cluster
from tests.store.journal_behaviour import JournalBehaviour
from tests.store.migration_behaviour import MigrationBehaviour
from tests.store.override_behaviour import OverrideBehaviour

pytestmark = pytest.mark.live


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


class TestJournal(JournalBehaviour):
    """The journal on PostgreSQL."""


class TestOverrides(OverrideBehaviour):
    """Orders by hand on PostgreSQL."""


class TestMigrations(MigrationBehaviour):
    """The migrations on PostgreSQL."""

"""The store on a real PostgreSQL, in a cluster of its own."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from store.database import Database
from store.migrations import upgrade
from tests.store.journal_behaviour import JournalBehaviour
from tests.store.migration_behaviour import MigrationBehaviour
from tests.store.override_behaviour import OverrideBehaviour

pytestmark = pytest.mark.live


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

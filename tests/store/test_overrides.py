from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from store.database import Database
from store.migrations import upgrade
from tests.store.override_behaviour import OverrideBehaviour

pytestmark = pytest.mark.unit


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    """An empty database with its tables."""
    url = f"sqlite:///{tmp_path}/denwaban.db"
    await upgrade(url)
    async with Database(url) as database:
        yield database


class TestOverrides(OverrideBehaviour):
    """On SQLite."""


async def test_they_are_found_without_reading_the_journal(database: Database) -> None:
    question = "EXPLAIN QUERY PLAN SELECT event FROM journal WHERE event_type = 'HoursOverridden' ORDER BY at"
    async with database.engine.connect() as connection:
        plan = str((await connection.exec_driver_sql(question)).all())
    assert "USING INDEX ix_journal_overrides" in plan

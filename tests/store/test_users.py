from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from store.database import Database
from store.migrations import upgrade
from tests.store.user_behaviour import UserBehaviour

pytestmark = pytest.mark.unit


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    """An empty database with its tables."""
    url = f"sqlite:///{tmp_path}/denwaban.db"
    await upgrade(url)
    async with Database(url) as database:
        yield database


class TestUsers(UserBehaviour):
    """On SQLite."""

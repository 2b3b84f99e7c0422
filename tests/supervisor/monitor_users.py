"""A store with users for tests: quick to hash, and everything else as it is."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from argon2 import PasswordHasher

from store.database import Database
from store.migrations import upgrade
from store.users import Granted, add_user
from supervisor.users import passwords

AT = 1778115600.0
PASSWORD = "correct horse battery"
GRANTS: tuple[Granted, ...] = (("alkoo", "leader"), ("tax", "supervisor"))


def hash_quickly(monkeypatch: pytest.MonkeyPatch) -> None:
    """With the weakest parameters there are."""
    monkeypatch.setattr(passwords, "_HASHER", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))


@asynccontextmanager
async def store_of_users(folder: Path) -> AsyncIterator[Database]:
    """A database with its tables."""
    url = f"sqlite:///{folder}/denwaban.db"
    await upgrade(url)
    async with Database(url) as database:
        yield database


async def add_somebody(
    database: Database, user_id: str = "hana", grants: tuple[Granted, ...] = GRANTS
) -> None:
    """Somebody with `PASSWORD`."""
    assert await add_user(database, user_id, "花", passwords.hash_password(PASSWORD), grants, AT - 100.0)

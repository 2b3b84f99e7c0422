"""Who may log in, and for which projects as what: rows of the store. What a role may do is not known here.

Whatever changes somebody's rights or password ends all his sessions in the same transaction. Times are seconds since
1970 UTC. All raise sqlalchemy.exc.SQLAlchemyError or OSError where the database does not answer.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import msgspec
from sqlalchemy import ColumnElement, Executable, Row, case, delete, exists, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from store.database import WRITING, Database
from store.models import USER_GRANTS, USER_SESSIONS, USERS

TICK = 0.001
"""Seconds between two changes at the least: a session is of before or after one, never of the same moment."""

Granted = tuple[str, str]
"""A project, or `*`; and the role."""


class StoredUser(msgspec.Struct, frozen=True):
    """A user. `password` is the hash, and is not shown; `grants` in the order of their projects."""

    id: str
    name: str
    password: str
    disabled: bool
    created_at: float
    changed_at: float
    grants: tuple[Granted, ...] = ()

    def __repr__(self) -> str:
        return f"StoredUser({self.id!r})"


async def add_user(
    database: Database, user_id: str, name: str, password: str, grants: Iterable[Granted], now: float
) -> bool:
    """Add somebody; False where there is one of this id already. `password`: the hash."""
    row = {"id": user_id, "name": name, "password": password, "disabled": False}
    adding = database.insert(USERS).values(**row, created_at=now, changed_at=now).on_conflict_do_nothing()
    async with database.engine.execution_options(**WRITING).begin() as connection:
        if not await _rows(connection, adding):
            return False
        for project, role in grants:
            await connection.execute(_granting(database, user_id, project, role))
    return True


async def read_user(database: Database, user_id: str) -> StoredUser | None:
    """One user; None where there is no such."""
    async with database.engine.connect() as connection:
        found = await users_of(connection, USERS.c.id == user_id)
    return found[0] if found else None


async def read_users(database: Database) -> list[StoredUser]:
    """All of them, by their ids."""
    async with database.engine.connect() as connection:
        return await users_of(connection)


async def users_of(connection: AsyncConnection, *where: ColumnElement[bool]) -> list[StoredUser]:
    """The users to whom all of `where` applies, by their ids: of a connection that is open already."""
    wanted = select(USERS, USER_GRANTS.c.project, USER_GRANTS.c.role)
    joined = wanted.outerjoin(USER_GRANTS, USER_GRANTS.c.user_id == USERS.c.id)
    rows = await connection.execute(joined.where(*where).order_by(USERS.c.id, USER_GRANTS.c.project))
    by_id: dict[str, list[Row[Any]]] = {}
    for row in rows:
        by_id.setdefault(row.id, []).append(row)
    return [_user(of_one) for of_one in by_id.values()]


def _user(rows: Sequence[Row[Any]]) -> StoredUser:
    one = rows[0]
    grants = tuple((row.project, row.role) for row in rows if row.project is not None)
    return StoredUser(one.id, one.name, one.password, one.disabled, one.created_at, one.changed_at, grants)


async def set_password(database: Database, user_id: str, password: str, now: float) -> bool:
    """A new hash; False where there is no such user."""
    return await _change(database, user_id, now, {"password": password})


async def renew_hash(database: Database, user_id: str, before: str, password: str) -> None:
    """The same password hashed anew: nothing changes for its user, unless it was changed meanwhile."""
    same = (USERS.c.id == user_id, USERS.c.password == before)
    async with database.engine.execution_options(**WRITING).begin() as connection:
        await connection.execute(update(USERS).where(*same).values(password=password))


async def set_disabled(database: Database, user_id: str, disabled: bool, now: float) -> bool:
    """Whether he may log in at all; False where there is no such user."""
    return await _change(database, user_id, now, {"disabled": disabled})


async def set_grant(database: Database, user_id: str, project: str, role: str, now: float) -> bool:
    """His role for a project, in place of any that he has there; False where there is no such user."""
    return await _change(database, user_id, now, {}, _granting(database, user_id, project, role))


async def remove_grant(database: Database, user_id: str, project: str, now: float) -> bool:
    """He is nothing any more for a project; False where there is no such user."""
    his = (USER_GRANTS.c.user_id == user_id, USER_GRANTS.c.project == project)
    return await _change(database, user_id, now, {}, delete(USER_GRANTS).where(*his))


async def remove_user(database: Database, user_id: str) -> bool:
    """Forget somebody with all he had; False where there is no such user."""
    async with database.engine.execution_options(**WRITING).begin() as connection:
        await connection.execute(delete(USER_SESSIONS).where(USER_SESSIONS.c.user_id == user_id))
        await connection.execute(delete(USER_GRANTS).where(USER_GRANTS.c.user_id == user_id))
        return await _rows(connection, delete(USERS).where(USERS.c.id == user_id)) == 1


async def any_user(database: Database) -> bool:
    """Whether there is anybody who may log in."""
    async with database.engine.connect() as connection:
        return bool((await connection.execute(select(exists(select(USERS.c.id))))).scalar())


def _granting(database: Database, user_id: str, project: str, role: str) -> Executable:
    adding = database.insert(USER_GRANTS).values(user_id=user_id, project=project, role=role)
    return adding.on_conflict_do_update(index_elements=["user_id", "project"], set_={"role": role})


async def _change(
    database: Database, user_id: str, now: float, values: dict[str, Any], *more: Executable
) -> bool:
    """Change a user, and end his sessions. A clock that was set back does not bring an old session to life."""
    later = case((USERS.c.changed_at >= now, USERS.c.changed_at + TICK), else_=now)
    changing = update(USERS).where(USERS.c.id == user_id).values(**values, changed_at=later)
    async with database.engine.execution_options(**WRITING).begin() as connection:
        if not await _rows(connection, changing):
            return False
        for statement in more:
            await connection.execute(statement)
        await connection.execute(delete(USER_SESSIONS).where(USER_SESSIONS.c.user_id == user_id))
    return True


async def _rows(connection: AsyncConnection, statement: Executable) -> int:
    return (await connection.execute(statement)).rowcount

"""Who is logged in: rows of the store, by the SHA-256 of a token that is kept nowhere.

Times are seconds since 1970 UTC. All raise sqlalchemy.exc.SQLAlchemyError or OSError where the database does not
answer.
"""

from __future__ import annotations

import msgspec
from sqlalchemy import delete, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from store.database import WRITING, Database
from store.models import USER_SESSIONS, USERS
from store.users import StoredUser, users_of


class SessionRow(msgspec.Struct, frozen=True):
    """A session as it is kept; `changed_at` is the user's when his password was looked at."""

    digest: str
    user_id: str
    csrf: str
    changed_at: float
    opened_at: float
    seen_at: float
    ends_at: float


async def add_session(database: Database, row: SessionRow) -> bool:
    """Keep a session. False where its user is not there, is disabled, or was changed since `row.changed_at`."""
    async with database.engine.execution_options(**WRITING).begin() as connection:
        if not await _its_user(connection, row):
            return False
        await connection.execute(database.insert(USER_SESSIONS).values(**msgspec.structs.asdict(row)))
    return True


async def read_session(
    database: Database, digest: str, now: float, idle_s: float
) -> tuple[SessionRow, StoredUser] | None:
    """A session that is open, and its user with the grants of this moment; None where there is none, or it is over."""
    alive = (USER_SESSIONS.c.ends_at > now, USER_SESSIONS.c.seen_at > now - idle_s)
    wanted = select(USER_SESSIONS).where(USER_SESSIONS.c.digest == digest, *alive)
    async with database.engine.connect() as connection:
        found = (await connection.execute(wanted)).first()
        if found is None:
            return None
        row = SessionRow(**found._mapping)
        users = await _its_user(connection, row)
    return (row, users[0]) if users else None


async def _its_user(connection: AsyncConnection, row: SessionRow) -> list[StoredUser]:
    """The user of a session if it holds for him: if he may log in, and nothing has changed since."""
    same = (USERS.c.id == row.user_id, USERS.c.changed_at == row.changed_at, USERS.c.disabled.is_(False))
    return await users_of(connection, *same)


async def touch_session(database: Database, digest: str, now: float) -> None:
    """It was used at `now`."""
    used = update(USER_SESSIONS).where(USER_SESSIONS.c.digest == digest, USER_SESSIONS.c.seen_at < now)
    async with database.engine.execution_options(**WRITING).begin() as connection:
        await connection.execute(used.values(seen_at=now))


async def remove_session(database: Database, digest: str) -> None:
    """End one; nothing happens where it is not there."""
    async with database.engine.execution_options(**WRITING).begin() as connection:
        await connection.execute(delete(USER_SESSIONS).where(USER_SESSIONS.c.digest == digest))


async def remove_sessions(database: Database, user_id: str) -> None:
    """End all of a user."""
    async with database.engine.execution_options(**WRITING).begin() as connection:
        await connection.execute(delete(USER_SESSIONS).where(USER_SESSIONS.c.user_id == user_id))


async def purge_sessions(database: Database, now: float, idle_s: float) -> int:
    """Forget those that are over; how many these were."""
    over = or_(USER_SESSIONS.c.ends_at <= now, USER_SESSIONS.c.seen_at <= now - idle_s)
    async with database.engine.execution_options(**WRITING).begin() as connection:
        return (await connection.execute(delete(USER_SESSIONS).where(over))).rowcount

"""What the store does with users and their sessions, on every database."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from sqlalchemy import func, select

from store.database import Database
from store.models import USER_GRANTS, USER_SESSIONS
from store.user_sessions import (
    SessionRow,
    add_session,
    purge_sessions,
    read_session,
    remove_session,
    remove_sessions,
    touch_session,
)
from store.users import (
    Granted,
    StoredUser,
    add_user,
    any_user,
    read_user,
    read_users,
    remove_grant,
    remove_user,
    renew_hash,
    set_disabled,
    set_grant,
    set_password,
)

AT = 1778115600.123456
IDLE = 3600.0
HANA = StoredUser("hana", "花", "hash", False, AT, AT, (("alkoo", "leader"), ("tax", "supervisor")))


async def add(database: Database, user_id: str = "hana", grants: tuple[Granted, ...] = HANA.grants) -> bool:
    return await add_user(database, user_id, "花", "hash", grants, AT)


def session(digest: str = "d1", user_id: str = "hana", **other: Any) -> SessionRow:
    row: dict[str, Any] = {
        "csrf": "c",
        "changed_at": AT,
        "opened_at": AT,
        "seen_at": AT,
        "ends_at": AT + 43200.0,
    }
    return SessionRow(digest, user_id, **(row | other))


async def changed(database: Database, what: str) -> bool:
    """One of the changes that end all sessions, a moment after `AT`."""
    now = AT + 1.0
    match what:
        case "password":
            return await set_password(database, "hana", "other", now)
        case "role":
            return await set_grant(database, "hana", "tax", "leader", now)
        case "no role":
            return await remove_grant(database, "hana", "tax", now)
        case "disabled":
            return await set_disabled(database, "hana", True, now)
        case "enabled":
            return await set_disabled(database, "hana", False, now)
        case _:
            return await remove_user(database, "hana")


CHANGES = ["password", "role", "no role", "disabled", "enabled", "removed"]


class UserBehaviour:
    """Inherit it next to a fixture `database`."""

    async def test_somebody_is_kept_as_he_is(self, database: Database) -> None:
        assert (await read_user(database, "hana"), await read_users(database)) == (None, [])
        assert not await any_user(database)
        assert await add(database)
        assert await read_user(database, "hana") == HANA
        assert await any_user(database)
        assert "hash" not in repr(HANA)

    async def test_all_by_their_ids(self, database: Database) -> None:
        for user_id in ("taro", "hana", "ken"):
            await add(database, user_id, ())
        assert [(one.id, one.grants) for one in await read_users(database)] == [
            ("hana", ()),
            ("ken", ()),
            ("taro", ()),
        ]

    async def test_nobody_takes_the_place_of_somebody(self, database: Database) -> None:
        assert await add(database)
        assert not await add_user(database, "hana", "X", "other", (("tax", "administrator"),), AT + 5)
        assert await read_user(database, "hana") == HANA

    async def test_two_at_once_add_the_same(self, database: Database) -> None:
        assert sorted(await asyncio.gather(add(database), add(database))) == [False, True]

    async def test_one_role_for_each_project(self, database: Database) -> None:
        await add(database)
        await set_grant(database, "hana", "tax", "leader", AT + 1)
        await set_grant(database, "hana", "*", "auditor", AT + 2)
        await remove_grant(database, "hana", "alkoo", AT + 3)
        found = await read_user(database, "hana")
        assert found is not None
        assert found.grants == (("*", "auditor"), ("tax", "leader"))
        assert found.changed_at == AT + 3

    @pytest.mark.parametrize("what", CHANGES)
    async def test_of_nobody_nothing_can_be_changed(self, database: Database, what: str) -> None:
        await add(database, "taro")
        assert not await changed(database, what)
        async with database.engine.connect() as connection:
            rows = await connection.execute(select(USER_GRANTS.c.user_id).distinct())
            assert [row.user_id for row in rows] == ["taro"]

    @pytest.mark.parametrize("what", CHANGES)
    async def test_every_change_ends_his_sessions_and_no_others(self, database: Database, what: str) -> None:
        await add(database)
        await add(database, "taro")
        assert await add_session(database, session())
        assert await add_session(database, session("d2", "taro"))
        assert await changed(database, what)
        assert await read_session(database, "d1", AT, IDLE) is None
        assert await read_session(database, "d2", AT, IDLE) is not None
        async with database.engine.connect() as connection:
            assert (await connection.execute(select(func.count()).select_from(USER_SESSIONS))).scalar() == 1

    @pytest.mark.parametrize("what", CHANGES)
    async def test_who_was_changed_since_his_password_was_looked_at(
        self, database: Database, what: str
    ) -> None:
        await add(database)
        assert await changed(database, what)
        assert not await add_session(database, session())

    async def test_a_session_that_came_in_beside_a_change_does_not_hold(self, database: Database) -> None:
        await add(database)
        await add_session(database, session())
        async with database.engine.begin() as connection:  # as if it had been written a moment later
            await connection.execute(USER_SESSIONS.update().values(changed_at=AT - 1.0))
        assert await read_session(database, "d1", AT, IDLE) is None

    async def test_somebody_new_of_the_same_id_has_none_of_the_old_sessions(self, database: Database) -> None:
        await add(database)
        await remove_user(database, "hana")
        await add_user(database, "hana", "", "hash", (), AT + 1)
        async with database.engine.begin() as connection:
            row = {"digest": "d1", "user_id": "hana", "csrf": "c", "changed_at": AT}
            times = {"opened_at": AT, "seen_at": AT, "ends_at": AT + 100}
            await connection.execute(USER_SESSIONS.insert().values(**row, **times))
        assert await read_session(database, "d1", AT, IDLE) is None

    async def test_a_clock_that_was_set_back_brings_no_session_to_life(self, database: Database) -> None:
        await add(database)
        await set_password(database, "hana", "other", AT - 1000.0)
        found = await read_user(database, "hana")
        assert found is not None
        assert found.changed_at > AT
        assert not await add_session(database, session())

    async def test_a_hash_is_renewed_without_ending_anything(self, database: Database) -> None:
        await add(database)
        await add_session(database, session())
        await renew_hash(database, "hana", "hash", "stronger")
        await renew_hash(database, "hana", "hash", "late")  # the password is another meanwhile
        found = await read_session(database, "d1", AT, IDLE)
        assert found is not None
        assert found[1].password == "stronger"

    async def test_a_session_has_its_user_as_he_is(self, database: Database) -> None:
        await add(database)
        await add_session(database, session())
        assert await read_session(database, "d1", AT, IDLE) == (session(), HANA)
        assert await read_session(database, "d2", AT, IDLE) is None

    async def test_a_session_ends_when_its_time_is_over_or_when_it_is_not_used(
        self, database: Database
    ) -> None:
        await add(database)
        await add_session(database, session(ends_at=AT + 5000.0))
        assert await read_session(database, "d1", AT + 3599.0, IDLE) is not None
        assert await read_session(database, "d1", AT + 3600.0, IDLE) is None
        await touch_session(database, "d1", AT + 3000.0)
        await touch_session(database, "d1", AT + 1000.0)  # another process was slower
        assert await read_session(database, "d1", AT + 4999.0, IDLE) is not None
        assert await read_session(database, "d1", AT + 5000.0, IDLE) is None

    async def test_logging_out(self, database: Database) -> None:
        await add(database)
        for digest in ("d1", "d2", "d3"):
            await add_session(database, session(digest))
        await remove_session(database, "d1")
        await remove_session(database, "d9")
        assert await read_session(database, "d1", AT, IDLE) is None
        assert await read_session(database, "d2", AT, IDLE) is not None
        await remove_sessions(database, "hana")
        assert await read_session(database, "d2", AT, IDLE) is None

    async def test_those_that_are_over_are_forgotten(self, database: Database) -> None:
        await add(database)
        await add_session(database, session("unused", seen_at=AT - 10.0))
        await add_session(database, session("over", ends_at=AT + 10.0, seen_at=AT + 10.0))
        await add_session(database, session("open", seen_at=AT + 10.0))
        assert await purge_sessions(database, AT + IDLE - 10.0, IDLE) == 2
        assert await purge_sessions(database, AT + IDLE - 10.0, IDLE) == 0
        assert await read_session(database, "open", AT + IDLE - 10.0, IDLE) is not None

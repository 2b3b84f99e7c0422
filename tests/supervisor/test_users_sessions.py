"""Sessions: what a token is good for, and when no more."""

from __future__ import annotations

import hashlib
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy import event, select, update

from store.database import Database
from store.models import USER_GRANTS, USER_SESSIONS
from store.users import remove_user, set_disabled, set_grant, set_password
from supervisor.users.errors import WrongLoginError
from supervisor.users.roles import Grant, Role, User
from supervisor.users.sessions import TOUCH_S, Opened, Session, Sessions
from tests.store.helpers import execute
from tests.supervisor.monitor_users import AT, add_somebody, hash_quickly, store_of_users

pytestmark = pytest.mark.unit

IDLE, WHOLE = 3600.0, 43200.0
HANA = User("hana", "花", (Grant("alkoo", Role.LEADER), Grant("tax", Role.SUPERVISOR)))


@pytest.fixture
async def database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Database]:
    hash_quickly(monkeypatch)
    async with store_of_users(tmp_path) as database:
        await add_somebody(database)
        yield database


@pytest.fixture
def sessions(database: Database) -> Sessions:
    return Sessions(lambda: database, IDLE, WHOLE)


@pytest.fixture
async def opened(sessions: Sessions) -> Opened:
    return await sessions.open("hana", AT)


async def test_who_it_is_and_what_he_may_do(sessions: Sessions, opened: Opened) -> None:
    assert await sessions.of(opened.token, AT) == Session(HANA, opened.csrf, AT + WHOLE)
    assert opened.ends_at == AT + WHOLE


async def test_no_two_have_anything_in_common(sessions: Sessions) -> None:
    both = [await sessions.open("hana", AT) for _ in range(2)]
    words = {word for one in both for word in (one.token, one.csrf)}
    assert len(words) == 4
    assert min(map(len, words)) >= 43  # 256 bits


async def test_neither_the_store_nor_a_log_has_the_token(
    database: Database, sessions: Sessions, opened: Opened
) -> None:
    async with database.engine.connect() as connection:
        [row] = await connection.execute(select(USER_SESSIONS))
    assert row.digest == hashlib.sha256(opened.token.encode()).hexdigest()
    assert opened.token not in str(tuple(row))
    session = await sessions.of(opened.token, AT)
    assert all(secret not in f"{opened} {session!r}" for secret in (opened.token, opened.csrf))


@pytest.mark.parametrize("forged", ["", "x", "x" * 43, "x" * 1_000_000, "\ud800", "\x00", "' OR 1=1 --"])
async def test_a_forged_one_is_nobody_s(sessions: Sessions, opened: Opened, forged: str) -> None:
    assert await sessions.of(forged, AT) is None
    await sessions.close(forged)
    assert await sessions.of(opened.token, AT) is not None


async def test_neither_its_digest_nor_its_csrf_opens_anything(sessions: Sessions, opened: Opened) -> None:
    assert await sessions.of(hashlib.sha256(opened.token.encode()).hexdigest(), AT) is None
    assert await sessions.of(opened.csrf, AT) is None


async def test_one_that_is_kept_after_logging_out(sessions: Sessions, opened: Opened) -> None:
    other = await sessions.open("hana", AT)
    await sessions.close(opened.token)
    assert await sessions.of(opened.token, AT) is None
    assert await sessions.of(other.token, AT) is not None
    await sessions.close_all("hana")
    assert await sessions.of(other.token, AT) is None


async def test_a_changed_right_holds_from_the_next_question(
    database: Database, sessions: Sessions, opened: Opened
) -> None:
    # By hand, so that the session stays.
    async with database.engine.begin() as connection:
        await connection.execute(
            update(USER_GRANTS).where(USER_GRANTS.c.project == "tax").values(role="auditor")
        )
        await connection.execute(
            update(USER_GRANTS).where(USER_GRANTS.c.project == "alkoo").values(role="king")
        )
    session = await sessions.of(opened.token, AT)
    assert session is not None
    assert session.user.grants == (Grant("tax", Role.AUDITOR),)


@pytest.mark.parametrize("what", ["password", "role", "disabled", "removed"])
async def test_whoever_is_changed_is_logged_out(
    database: Database, sessions: Sessions, opened: Opened, what: str
) -> None:
    match what:
        case "password":
            await set_password(database, "hana", "another", AT + 1)
        case "role":
            await set_grant(database, "hana", "tax", "administrator", AT + 1)
        case "disabled":
            await set_disabled(database, "hana", True, AT + 1)
        case _:
            await remove_user(database, "hana")
    assert await sessions.of(opened.token, AT + 1) is None


async def test_nobody_gets_one_who_is_not_there_or_may_not(database: Database, sessions: Sessions) -> None:
    with pytest.raises(WrongLoginError):
        await sessions.open("taro", AT)
    await set_disabled(database, "hana", True, AT)
    with pytest.raises(WrongLoginError):
        await sessions.open("hana", AT)


async def test_a_password_that_was_changed_while_it_was_looked_at(
    database: Database, sessions: Sessions
) -> None:
    await set_password(database, "hana", "another", AT + 1)
    with pytest.raises(WrongLoginError):
        await sessions.open("hana", AT, changed_at=AT - 100.0)


async def test_it_ends_however_busy_it_is(sessions: Sessions, opened: Opened) -> None:
    now = AT
    while now < opened.ends_at:
        assert await sessions.of(opened.token, now) is not None
        now += IDLE - 1.0
    assert await sessions.of(opened.token, opened.ends_at) is None


async def test_it_ends_when_it_is_not_used(sessions: Sessions, opened: Opened) -> None:
    assert await sessions.of(opened.token, AT + IDLE - 1.0, touch=False) is not None
    assert await sessions.of(opened.token, AT + IDLE) is None


async def test_its_use_is_written_down_once_a_minute(
    database: Database, sessions: Sessions, opened: Opened
) -> None:
    written: list[str] = []
    event.listen(
        database.engine.sync_engine, "before_cursor_execute", lambda _c, _u, text, *_: written.append(text)
    )
    for second in range(int(2 * TOUCH_S) + 1):
        assert await sessions.of(opened.token, AT + second) is not None
    assert sum("UPDATE user_sessions" in text for text in written) == 2


async def test_a_store_that_takes_nothing_throws_nobody_out(
    database: Database, sessions: Sessions, opened: Opened, caplog: pytest.LogCaptureFixture
) -> None:
    await execute(
        database, "CREATE TRIGGER full BEFORE UPDATE ON user_sessions BEGIN SELECT RAISE(ABORT, 'full'); END"
    )
    assert await sessions.of(opened.token, AT + TOUCH_S) is not None
    assert "could not be written down" in caplog.text
    assert opened.token not in caplog.text


async def test_those_that_are_over_are_forgotten_when_somebody_comes(
    database: Database, sessions: Sessions, opened: Opened
) -> None:
    await sessions.open("hana", AT + IDLE + 1.0)
    async with database.engine.connect() as connection:
        assert len((await connection.execute(select(USER_SESSIONS))).all()) == 1
    assert await sessions.purge(AT + 10 * WHOLE) == 1

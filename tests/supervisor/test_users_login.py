"""Logging in."""

from __future__ import annotations

import asyncio
import os
import threading
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from argon2 import PasswordHasher

from store.audit import AuditLog
from store.database import Database
from store.users import StoredUser, read_user, set_disabled, set_password
from supervisor.users import login, passwords
from supervisor.users.accounts import Users
from supervisor.users.limits import PER_ADDRESS, PER_PAIR, Limits
from supervisor.users.login import AT_ONCE, MOST_WAITING, NICE, Logins, TooManyTriesError, WrongLoginError
from supervisor.users.sessions import Opened, Sessions
from tests.store.helpers import LIMIT
from tests.supervisor.monitor_users import AT, PASSWORD, add_somebody, hash_quickly, store_of_users

pytestmark = pytest.mark.unit

HERE = "192.0.2.1"
WRONG = "another horse battery"


class House(Users):
    """All that a log-in goes through. `found`: is set when a user was looked up."""

    def __init__(self, database: Database, folder: Path) -> None:
        super().__init__(lambda: database)
        self.database = database
        self.found = asyncio.Event()
        self.audit = AuditLog(folder / "audit.log", clock=lambda: AT)
        self.sessions = Sessions(lambda: database, 3600.0, 43200.0)
        self.logins = Logins(self.sessions, self, Limits(), self.audit)

    async def find(self, user_id: str) -> StoredUser | None:
        stored = await super().find(user_id)
        self.found.set()
        return stored

    async def log_in(
        self, user: str = "hana", password: str = PASSWORD, address: str = HERE, now: float = AT
    ) -> Opened:
        return await self.logins.log_in(user, password, address, now)

    @property
    def noted(self) -> list[tuple[str, str, str]]:
        return [(entry["what"], entry["by"], entry["address"]) for entry in self.audit.entries()]


@pytest.fixture
async def house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[House]:
    hash_quickly(monkeypatch)
    async with store_of_users(tmp_path) as database:
        await add_somebody(database)
        yield House(database, tmp_path)


async def test_with_the_right_password(house: House) -> None:
    opened = await house.log_in()
    session = await house.sessions.of(opened.token, AT)
    assert session is not None
    assert session.user.id == "hana"
    assert house.noted == [("login", "hana", HERE)]


@pytest.mark.parametrize(
    ("user", "password"),
    [
        ("hana", WRONG),
        ("hana", ""),
        ("hana", PASSWORD.upper()),
        ("hana", "x" * 1_000_000),
        ("hana", "\ud800"),
        ("HANA", PASSWORD),
        (" hana", PASSWORD),
        ("taro", PASSWORD),
        ("", PASSWORD),
        ("admin", PASSWORD),
        ("x" * 1_000_000, PASSWORD),
        ("\ud800\x00", PASSWORD),
        ("' OR 1=1 --", PASSWORD),
    ],
)
async def test_everything_else_is_told_the_same(house: House, user: str, password: str) -> None:
    with pytest.raises(WrongLoginError) as refused:
        await house.log_in(user, password)
    assert str(refused.value) == str(WrongLoginError())
    assert await house.sessions.purge(AT + 1e9) == 0  # no session was opened


async def test_who_is_disabled_is_told_the_same_and_may_again(house: House) -> None:
    await set_disabled(house.database, "hana", True, AT)
    with pytest.raises(WrongLoginError):
        await house.log_in()
    await set_disabled(house.database, "hana", False, AT)
    assert await house.log_in()


async def test_the_same_work_for_somebody_and_for_nobody(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[str] = []

    def verify(hashed: str, password: str) -> bool:
        seen.append(hashed)
        return passwords.verify(hashed, password)

    monkeypatch.setattr(login, "verify", verify)
    await set_disabled(house.database, "hana", True, AT)
    for user, password in (("hana", PASSWORD), ("taro", PASSWORD), ("no id at all", PASSWORD)):
        with pytest.raises(WrongLoginError):
            await house.log_in(user, password)
    parameters = {hashed.rsplit("$", 2)[0] for hashed in seen}
    assert (len(seen), len(set(seen)), len(parameters)) == (3, 2, 1)


async def test_the_audit_log_has_neither_passwords_nor_what_was_typed_for_a_user(house: House) -> None:
    for user, password in (("hana", WRONG), (WRONG, "hana"), ("taro", WRONG)):
        with pytest.raises(WrongLoginError):
            await house.log_in(user, password)
    assert house.noted == [
        ("login_failed", "hana", HERE),
        ("login_failed", "(unknown)", HERE),
        ("login_failed", "(unknown)", HERE),
    ]
    text = house.audit.path.read_text(encoding="utf-8")
    assert WRONG not in text
    assert "taro" not in text


async def test_guesses_are_stopped_before_the_password_is_looked_at(house: House) -> None:
    for _ in range(PER_PAIR.tries):
        with pytest.raises(WrongLoginError):
            await house.log_in(password=WRONG)
    with pytest.raises(TooManyTriesError, match="try again in 300 seconds") as refused:
        await house.log_in()
    assert refused.value.retry_after_s == 300
    assert len(house.noted) == PER_PAIR.tries
    assert await house.log_in(now=AT + 300.0)


async def test_a_hundred_guesses_at_once_are_a_hundred(house: House) -> None:
    told = await asyncio.gather(*(house.log_in(password=WRONG) for _ in range(100)), return_exceptions=True)
    assert [type(one) for one in told].count(WrongLoginError) == PER_PAIR.tries
    assert [type(one) for one in told].count(TooManyTriesError) == 100 - PER_PAIR.tries


async def test_ids_that_nobody_can_have_are_one_user_to_the_limits(house: House) -> None:
    for n in range(PER_PAIR.tries):
        with pytest.raises(WrongLoginError):
            await house.log_in(f"NOBODY {n}")
    with pytest.raises(TooManyTriesError):
        await house.log_in("NOBODY AT ALL")


async def test_an_old_hash_is_made_anew_and_nobody_is_logged_out(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = await house.log_in()
    monkeypatch.setattr(passwords, "_HASHER", PasswordHasher(time_cost=2, memory_cost=16, parallelism=1))
    assert await house.log_in()
    stored = await read_user(house.database, "hana")
    assert stored is not None
    assert "m=16,t=2" in stored.password
    assert await house.sessions.of(before.token, AT) is not None
    assert await house.log_in()


class Slow:
    """Passwords that are looked at until they are let go."""

    def __init__(self) -> None:
        self.go = threading.Event()
        self.now = self.most = 0
        self._came = threading.Semaphore(0)
        self._lock = threading.Lock()

    def __call__(self, hashed: str, password: str) -> bool:
        with self._lock:
            self.now += 1
            self.most = max(self.most, self.now)
        self._came.release()
        assert self.go.wait(LIMIT)
        with self._lock:
            self.now -= 1
        return passwords.verify(hashed, password)

    async def come(self, count: int) -> None:
        """Until so many more are being looked at."""
        for _ in range(count):
            assert await asyncio.to_thread(self._came.acquire, timeout=LIMIT)


@pytest.fixture
def slow(monkeypatch: pytest.MonkeyPatch) -> Slow:
    slow = Slow()
    monkeypatch.setattr(login, "verify", slow)
    return slow


async def test_two_passwords_at_a_time_and_a_short_queue(house: House, slow: Slow) -> None:
    left = {asyncio.create_task(house.log_in(address=f"192.0.2.{n}")) for n in range(MOST_WAITING + 5)}
    busy: set[asyncio.Task[Opened]] = set()
    while len(busy) < 5:
        sent_away, left = await asyncio.wait(left, timeout=LIMIT, return_when=asyncio.FIRST_COMPLETED)
        assert sent_away
        busy |= sent_away
    slow.go.set()
    assert all(await asyncio.gather(*left))
    assert slow.most == AT_ONCE
    for one in busy:
        with pytest.raises(TooManyTriesError, match="in 5 seconds"):
            await one


async def test_those_who_went_away_do_not_make_room_for_a_third(house: House, slow: Slow) -> None:
    gone = [asyncio.create_task(house.log_in(address=f"192.0.2.{n}")) for n in range(10)]
    await slow.come(AT_ONCE)
    for task in gone:
        task.cancel()
    await asyncio.gather(*gone, return_exceptions=True)
    found = house.found = asyncio.Event()
    last = asyncio.create_task(house.log_in(address="198.51.100.1"))
    await asyncio.wait_for(found.wait(), LIMIT)
    slow.go.set()
    assert await last
    assert slow.most == AT_ONCE


async def test_calls_go_first(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[int] = []

    def verify(hashed: str, password: str) -> bool:
        seen.append(os.getpriority(os.PRIO_PROCESS, threading.get_native_id()))
        return passwords.verify(hashed, password)

    monkeypatch.setattr(login, "verify", verify)
    ours = os.getpriority(os.PRIO_PROCESS, 0)
    await house.log_in()
    assert seen == [min(19, ours + NICE)]
    assert os.getpriority(os.PRIO_PROCESS, 0) == ours


async def test_a_password_that_is_changed_while_the_old_one_is_looked_at(house: House, slow: Slow) -> None:
    task = asyncio.create_task(house.log_in())
    await slow.come(1)
    await set_password(house.database, "hana", passwords.hash_password(WRONG), AT)
    slow.go.set()
    with pytest.raises(WrongLoginError):
        await task


async def test_a_full_disk_keeps_nobody_out(house: House, caplog: pytest.LogCaptureFixture) -> None:
    house.audit.path.mkdir()
    assert await house.log_in()
    with pytest.raises(WrongLoginError):
        await house.log_in(password=WRONG)
    assert "the audit log cannot be written" in caplog.text


async def test_a_whole_office_behind_one_address_comes_to_work(house: House) -> None:
    for _ in range(2 * PER_ADDRESS.tries):
        assert await house.log_in()


async def test_a_store_that_is_away_costs_nobody_his_tries(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def away(user_id: str) -> StoredUser | None:
        raise OSError("no database")

    with monkeypatch.context() as outage:
        outage.setattr(house, "find", away)
        for _ in range(2 * PER_PAIR.tries):
            with pytest.raises(OSError, match="no database"):
                await house.log_in()
    assert (await house.log_in()).token

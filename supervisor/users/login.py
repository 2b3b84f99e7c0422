"""Logging in: how often it may be tried, whether the password is right, and a line in the audit log."""

from __future__ import annotations

import asyncio
import logging
import os
import secrets
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Protocol, TypeVar

from sqlalchemy.exc import SQLAlchemyError

from store.users import StoredUser
from supervisor.users.accounts import Users, is_user_id
from supervisor.users.errors import LoginError, TooManyTriesError, WrongLoginError
from supervisor.users.limits import Limits
from supervisor.users.passwords import hash_password, needs_rehash, verify
from supervisor.users.sessions import Opened, Sessions

__all__ = ["LoginError", "Logins", "TooManyTriesError", "WrongLoginError"]

log = logging.getLogger(__name__)

AT_ONCE = 2
"""So many passwords are looked at at once: each takes 64 MiB, and all cores for a tenth of a second."""
NICE = 10
"""And calls go first: the engine is on the same machine."""
MOST_WAITING = 20
"""Who comes when so many are waiting to be looked at is sent away for `BUSY_S` seconds."""
BUSY_S = 5.0
NOBODY = "(unknown)"
"""In the audit log, in place of an id that nobody has: it may be a password, typed into the wrong field."""

_Result = TypeVar("_Result")


class Audit(Protocol):
    """Where it is noted who did what; `store.audit.AuditLog` is one."""

    def note(self, what: str, by: str, why: str = "", **details: str | float | None) -> None:
        """Write one line."""


class Logins:
    """Logs people in. `Sessions` and `Users` of the same database."""

    def __init__(self, sessions: Sessions, users: Users, limits: Limits, audit: Audit) -> None:
        self._sessions = sessions
        self._users = users
        self._limits = limits
        self._audit = audit
        self._hashing = ThreadPoolExecutor(AT_ONCE, "password", _after_the_calls)
        self._waiting = 0
        # What the password of nobody is compared with, so that it takes as long as that of somebody.
        self._nobody = hash_password(secrets.token_urlsafe(16))

    async def log_in(self, user_id: str, password: str, address: str, now: float) -> Opened:
        """A session for who has the password. `address`: where he is; `now`: seconds since 1970 UTC.

        Raises WrongLoginError and TooManyTriesError; sqlalchemy.exc.SQLAlchemyError or OSError where the store does
        not answer.
        """
        asked = user_id if is_user_id(user_id) else ""  # no key of a million characters is remembered
        if wait := self._limits.ask(asked, address, now):
            raise TooManyTriesError(wait)
        try:
            stored = await self._users.find(asked)
        except (SQLAlchemyError, OSError):
            self._limits.not_looked_at(asked, address)
            raise
        try:
            opened = await self._opened(stored, password, now)
        except WrongLoginError:
            await self._note("login_failed", NOBODY if stored is None else stored.id, address)
            raise
        self._limits.succeeded(asked, address)
        await self._note("login", asked, address)
        return opened

    async def _opened(self, stored: StoredUser | None, password: str, now: float) -> Opened:
        hashed = self._nobody if stored is None else stored.password
        right = await self._aside(lambda: verify(hashed, password))
        if stored is None or not right or stored.disabled:
            raise WrongLoginError
        if needs_rehash(hashed):
            await self._rehash(stored, password)
        return await self._sessions.open(stored.id, now, stored.changed_at)

    async def _rehash(self, stored: StoredUser, password: str) -> None:
        with suppress(TooManyTriesError):  # at a quieter moment, then
            anew = await self._aside(lambda: hash_password(password))
            await self._users.renew_hash(stored.id, stored.password, anew)

    async def _aside(self, do: Callable[[], _Result]) -> _Result:
        """In a thread of its own kind, so that there are two at a time also if those who asked have gone meanwhile."""
        if self._waiting >= MOST_WAITING:
            raise TooManyTriesError(BUSY_S)
        self._waiting += 1
        try:
            return await asyncio.wrap_future(self._hashing.submit(do))
        finally:
            self._waiting -= 1

    async def _note(self, what: str, by: str, address: str) -> None:
        try:
            await asyncio.to_thread(self._audit.note, what, by, "", address=address)
        except OSError as error:
            # Who wants to see is not kept out by a full disk; what he then does is refused where it cannot be noted.
            log.error("the audit log cannot be written (%s): free some room on its disk", error.strerror)


def _after_the_calls() -> None:
    os.nice(NICE)  # Linux does this to the thread alone, and to those that it starts

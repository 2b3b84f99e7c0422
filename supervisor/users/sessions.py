"""Who is logged in. A browser holds a token; the store holds its SHA-256, so nobody who reads the store can log in.

Every question is put to the store: a right that is taken away, a new password or a log-out holds from the next one on,
whatever process did it.
"""

from __future__ import annotations

import hashlib
import logging
import secrets
from collections.abc import Callable
from typing import NamedTuple

from sqlalchemy.exc import SQLAlchemyError

from store.database import Database
from store.user_sessions import (
    SessionRow,
    add_session,
    purge_sessions,
    read_session,
    remove_session,
    remove_sessions,
    touch_session,
)
from store.users import read_user
from supervisor.users.accounts import user_of
from supervisor.users.errors import WrongLoginError
from supervisor.users.roles import User

log = logging.getLogger(__name__)

TOKEN_BYTES = 32
TOUCH_S = 60.0
"""So often at the most it is written down that a session is in use."""
_LONGEST_TOKEN = 100


class Opened(NamedTuple):
    """A new session: `token` for the cookie, and nowhere else. `ends_at`: seconds since 1970 UTC."""

    token: str
    csrf: str
    ends_at: float

    def __repr__(self) -> str:
        return f"Opened(ends_at={self.ends_at})"


class Session(NamedTuple):
    """An open session. `csrf`: what its commands have to carry; `ends_at`: however busy it is, it ends then."""

    user: User
    csrf: str
    ends_at: float

    def __repr__(self) -> str:
        return f"Session({self.user.id!r}, ends_at={self.ends_at})"


class Sessions:
    """Opens and ends them. `database` is called each time. They last `idle_s` unused, and `absolute_s` at the most.

    Times are seconds since 1970 UTC. All methods raise sqlalchemy.exc.SQLAlchemyError or OSError where the store does
    not answer.
    """

    def __init__(self, database: Callable[[], Database], idle_s: float, absolute_s: float) -> None:
        self._database = database
        self._idle_s = idle_s
        self._absolute_s = absolute_s

    async def open(self, user_id: str, now: float, changed_at: float | None = None) -> Opened:
        """A session for somebody whose password was right. Those that are over are forgotten on the way.

        `changed_at`: that of the user as he was when it was looked at. Raises WrongLoginError where there is no such
        user, or he is disabled, or was changed since then.
        """
        if changed_at is None:
            changed_at = await self._changed_at(user_id)
        await self.purge(now)
        token, csrf = secrets.token_urlsafe(TOKEN_BYTES), secrets.token_urlsafe(TOKEN_BYTES)
        row = SessionRow(_digest(token), user_id, csrf, changed_at, now, now, now + self._absolute_s)
        if not await add_session(self._database(), row):
            raise WrongLoginError
        return Opened(token, csrf, row.ends_at)

    async def of(self, token: str, now: float, *, touch: bool = True) -> Session | None:
        """Whose session it is, with his grants of this moment; None for every token that does not hold (any more).

        `touch`: this is use of it. Without, it only tells whether it still holds.
        """
        if not 0 < len(token) <= _LONGEST_TOKEN:
            return None
        found = await read_session(self._database(), _digest(token), now, self._idle_s)
        if found is None:
            return None
        row, stored = found
        if touch and now - row.seen_at >= TOUCH_S:
            await self._touch(row.digest, now)
        return Session(user_of(stored), row.csrf, row.ends_at)

    async def close(self, token: str) -> None:
        """Log out; nothing happens where there is no such session."""
        await remove_session(self._database(), _digest(token))

    async def close_all(self, user_id: str) -> None:
        """Log somebody out everywhere."""
        await remove_sessions(self._database(), user_id)

    async def purge(self, now: float) -> int:
        """Forget those that are over; how many these were."""
        return await purge_sessions(self._database(), now, self._idle_s)

    async def _changed_at(self, user_id: str) -> float:
        stored = await read_user(self._database(), user_id)
        if stored is None:
            raise WrongLoginError
        return stored.changed_at

    async def _touch(self, digest: str, now: float) -> None:
        try:
            await touch_session(self._database(), digest, now)
        except (SQLAlchemyError, OSError) as error:
            # It holds, and its user looks at calls: a full disk must not throw him out.
            log.warning("that a session is in use could not be written down (%s)", type(error).__name__)


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()

"""The users of the store as the monitor knows them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

from store.database import Database
from store.users import Granted, StoredUser, read_user, renew_hash
from supervisor.api.rights import ADMIN
from supervisor.users.roles import Grant, Role, User

USER_ID = re.compile(r"[a-z0-9][a-z0-9._-]{0,39}")
ID_RULE = (
    "a user's id has up to 40 small letters, digits, `.`, `_` and `-`, and begins with a letter or a digit"
)


def is_user_id(text: str) -> bool:
    """Whether somebody may have this id. The engine's administrator token is nobody in particular: its id is taken."""
    return USER_ID.fullmatch(text) is not None and text != ADMIN


def user_of(stored: StoredUser) -> User:
    """Who somebody is and what he may do. A role that this release does not know gives no right."""
    return User(stored.id, stored.name, tuple(_grants(stored.grants)))


def _grants(granted: Iterable[Granted]) -> Iterable[Grant]:
    known = {role.value: role for role in Role}
    return (Grant(project, known[role]) for project, role in granted if role in known)


class Users:
    """What a log-in has to know of users. `database` is called each time, and the database has its tables."""

    def __init__(self, database: Callable[[], Database]) -> None:
        self._database = database

    async def find(self, user_id: str) -> StoredUser | None:
        """One user; None where there is no such."""
        return await read_user(self._database(), user_id)

    async def renew_hash(self, user_id: str, before: str, hashed: str) -> None:
        """Keep the same password hashed anew."""
        await renew_hash(self._database(), user_id, before, hashed)

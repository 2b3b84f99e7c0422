"""Who asks: the session behind a request, and what its user may do. Knows cookies, origins and addresses."""

from __future__ import annotations

import hmac
from collections.abc import Callable, Iterable
from typing import NamedTuple
from urllib.parse import urlsplit

from aiohttp import web

from supervisor.monitor.problems import ProblemError
from supervisor.monitor.sight import Sight
from supervisor.users.roles import EVERY, Act, User, may, projects_of
from supervisor.users.sessions import Session, Sessions

COOKIE = "__Host-denwaban"
"""The prefix has browsers take it by TLS alone, from this very host, for all of it."""
CSRF = "X-Denwaban-CSRF"


class Guest(NamedTuple):
    """Somebody who is logged in. `token` is that of his session."""

    session: Session
    token: str

    @property
    def user(self) -> User:
        """Who he is."""
        return self.session.user


class Guests:
    """Finds out who asks. `known`: the projects that there are now."""

    def __init__(
        self, sessions: Sessions, known: Callable[[], Iterable[str]], clock: Callable[[], float]
    ) -> None:
        self.sessions = sessions
        self._known = known
        self._clock = clock

    async def guest(self, request: web.Request) -> Guest:
        """Who asks; raises ProblemError where nobody is logged in."""
        token = request.cookies.get(COOKIE, "")
        session = await self.sessions.of(token, self._clock()) if token else None
        if session is None:
            raise ProblemError("not_logged_in", "log in first: this session is over, or there never was one")
        return Guest(session, token)

    async def changing(self, request: web.Request) -> Guest:
        """Who wants to change something: asked from our own page, or it is refused."""
        same_origin(request)
        guest = await self.guest(request)
        given = request.headers.get(CSRF, "")
        if not hmac.compare_digest(given.encode("utf-8", "replace"), guest.session.csrf.encode()):
            raise ProblemError("csrf", f"send the `csrf` of the session as {CSRF}: load the page anew")
        return guest

    def projects(self, user: User, act: Act) -> frozenset[str]:
        """The projects in which somebody may do this."""
        return projects_of(user, act, self._known())

    def sight(self, user: User) -> Sight:
        """What he may see."""
        return Sight(self.projects(user, Act.WATCH), self.projects(user, Act.LISTEN))

    def may_do(self, user: User) -> dict[str, list[Act]]:
        """All that he may do, by project."""
        found: dict[str, list[Act]] = {}
        for act in Act:
            for project in self.projects(user, act):
                found.setdefault(project, []).append(act)
        return dict(sorted(found.items()))


def everywhere(user: User, act: Act) -> bool:
    """Whether somebody may do something in all projects, also in those that are still to come."""
    return may(user, act, EVERY)


def same_origin(request: web.Request) -> None:
    """Nothing, if the request does not come from somebody else's page. A program sends no origin."""
    origin = request.headers.get("Origin")
    if origin is not None and _host(origin) != request.host.lower():
        raise ProblemError("csrf", "this was sent by the page of another site, and is not done")


def _host(origin: str) -> str:
    """Which host an origin is of; empty for one that cannot be read, and for that of nobody (`null`)."""
    try:
        return urlsplit(origin).netloc.lower()
    except ValueError:
        return ""


def address_of(request: web.Request) -> str:
    """Where a request comes from."""
    return request.remote or ""

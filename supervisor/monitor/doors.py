"""What answers the rows of the table of routes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from aiohttp import web
from pydantic import BaseModel

from supervisor.monitor.desk import Desk
from supervisor.monitor.guests import COOKIE, Guest, Guests, address_of, same_origin
from supervisor.monitor.models import Ear, GrantTold, LogIn, Marks, SeatState, SessionTold, Switch
from supervisor.monitor.problems import ProblemError
from supervisor.monitor.routes import JSON, LOG_IN, Route, limit_of
from supervisor.users.login import Logins, TooManyTriesError, WrongLoginError

_COOKIE: dict[str, Any] = {"path": "/", "secure": True, "httponly": True, "samesite": "Strict"}


class Doors:
    """Each method of a route's name is given who asks (None for who logs in), the request and its decoded body."""

    def __init__(
        self, guests: Guests, logins: Logins, desk: Desk, marks: Marks, clock: Callable[[], float]
    ) -> None:
        self._guests = guests
        self._logins = logins
        self._desk = desk
        self._marks = marks
        self._clock = clock

    async def admit(self, route: Route, request: web.Request) -> Guest | None:
        """Who asks; raises ProblemError where he has to be somebody, or has to ask from our own page."""
        if route.name == LOG_IN:
            same_origin(request)
            return None
        if route.method == "GET":
            return await self._guests.guest(request)
        return await self._guests.changing(request)

    # ---- sessions

    async def log_in(self, _: None, request: web.Request, body: LogIn) -> web.Response:
        """A session for who knows his password."""
        now = self._clock()
        try:
            opened = await self._logins.log_in(body.user, body.password, address_of(request), now)
        except WrongLoginError as error:
            raise ProblemError("bad_login", str(error)) from None
        except TooManyTriesError as error:
            seconds = {"Retry-After": str(round(error.retry_after_s))}
            raise ProblemError("too_many_tries", str(error), headers=seconds) from None
        session = await self._guests.sessions.of(opened.token, now)
        if session is None:
            raise ProblemError("bad_login", "this user was changed at this very moment: log in again")
        answer = _json(self._told(Guest(session, opened.token)))
        answer.set_cookie(COOKIE, opened.token, max_age=round(opened.ends_at - now), **_COOKIE)
        return answer

    async def session(self, guest: Guest, request: web.Request, body: None) -> web.Response:
        """Who is logged in."""
        return _json(self._told(guest))

    async def log_out(self, guest: Guest, request: web.Request, body: None) -> web.Response:
        """The session is over, also for whoever has copied its cookie."""
        await self._guests.sessions.close(guest.token)
        answer = web.Response(status=204)
        answer.del_cookie(COOKIE, **_COOKIE)
        return answer

    def _told(self, guest: Guest) -> SessionTold:
        user, session = guest.user, guest.session
        return SessionTold(
            user=user.id,
            name=user.name,
            csrf=session.csrf,
            ends_at=session.ends_at,
            grants=[GrantTold(project=grant.project, role=grant.role) for grant in user.grants],
            may=self._guests.may_do(user),
            marks=self._marks,
        )

    # ---- what is done

    async def seat(self, guest: Guest, request: web.Request, body: SeatState) -> web.Response:
        """Ready, break, logged out."""
        return _json(await self._desk.seat(guest, request.match_info["seat"], body))

    async def ear(self, guest: Guest, request: web.Request, body: Ear) -> web.Response:
        """Take part in a call."""
        return _json(await self._desk.ear(guest, request.match_info["call"], body))

    async def ear_closed(self, guest: Guest, request: web.Request, body: None) -> web.Response:
        """Take part no more."""
        return _json(await self._desk.ear_closed(guest, request.match_info["seat"]))

    async def switch(self, guest: Guest, request: web.Request, body: Switch) -> web.Response:
        """An order for a project."""
        return _json(await self._desk.switch(guest, request.match_info["project"], body))

    async def audit(self, guest: Guest, request: web.Request, body: None) -> web.Response:
        """Who did what."""
        return _json(await self._desk.audit(guest, limit_of(request)))


def _json(answer: BaseModel) -> web.Response:
    return web.Response(body=answer.model_dump_json().encode(), content_type=JSON)

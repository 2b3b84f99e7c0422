"""The WebSocket of the page, and whether those who look on may still do so."""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass

import msgspec
from aiohttp import WSCloseCode, WSMsgType, web
from sqlalchemy.exc import SQLAlchemyError

from supervisor.monitor.guests import Guest, Guests, same_origin
from supervisor.monitor.hall import Hall
from supervisor.monitor.problems import ProblemError
from supervisor.monitor.screen import Screen

log = logging.getLogger(__name__)

SESSION_OVER = 4401
MOST_SCREENS = 300
MOST_OF_ONE = 12
"""So many screens a session may have open: a wall, a desk, and some forgotten tabs."""
ALIVE_S = 20.0
"""A browser that does not answer a ping for so long (seconds) is gone."""
REVIEW_S = 5.0
GOOD_BYE_S = 2.0
"""So long (seconds) a browser has to say good-bye, too; then it is cut off."""
ASKED = "snapshot"
_SHORTEST_S = 1.0
"""Who asks for everything again and again is given it once in so many seconds."""


class _Said(msgspec.Struct):
    type: str


_said = msgspec.json.Decoder(_Said).decode


@dataclass(eq=False)
class _Looker:
    guest: Guest
    screen: Screen
    socket: web.WebSocketResponse


class LiveScreens:
    """Everybody who looks on. `handle` is one of them, from the beginning to the end."""

    def __init__(self, hall: Hall, guests: Guests, clock: Callable[[], float]) -> None:
        self._hall = hall
        self._guests = guests
        self._clock = clock
        self._lookers: set[_Looker] = set()
        self._places: Counter[str] = Counter()
        self._projects: frozenset[str] = frozenset()

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """The stream, until the browser goes, is too slow, or may look on no more."""
        same_origin(request)
        guest = await self._guests.guest(request)
        with self._place(guest.token):
            socket = web.WebSocketResponse(
                heartbeat=ALIVE_S, timeout=2 * GOOD_BYE_S, max_msg_size=1024, compress=False
            )
            if not socket.can_prepare(request):
                raise ProblemError("bad_request", "this is a WebSocket: ask for it as one")
            await socket.prepare(request)
            await self._look_on(request, guest, socket)
        return socket

    async def _look_on(self, request: web.Request, guest: Guest, socket: web.WebSocketResponse) -> None:
        def cut() -> None:
            log.warning("a screen was cut off: it was too slow, or it begins anew")
            if request.transport is not None:
                request.transport.abort()

        looker = _Looker(guest, self._hall.enter(self._guests.sight(guest.user), cut), socket)
        self._lookers.add(looker)
        sending = asyncio.create_task(looker.screen.send(socket), name="screen")
        try:
            await self._hear(looker)
        except Exception:  # it is too late to answer with a problem
            log.exception("a screen failed")
            await self._send_away(looker, WSCloseCode.INTERNAL_ERROR, b"the monitor failed")
        finally:
            self._lookers.discard(looker)
            self._hall.leave(looker.screen)
            sending.cancel()
            await asyncio.gather(sending, return_exceptions=True)

    async def run(self) -> None:
        """Look again and again whether everybody may still look on, for ever."""
        while True:
            await asyncio.sleep(REVIEW_S)
            await self.review()

    async def review(self) -> None:
        """Look whether everybody may still look on, and send away who may not."""
        over: list[_Looker] = []
        for looker in list(self._lookers):
            try:
                if not await self._may_stay(looker):
                    over.append(looker)
            except Exception:  # the others must be looked at too
                log.exception("it could not be found out whether somebody may still look on: he is sent away")
                over.append(looker)
        await asyncio.gather(
            *(self._send_away(looker, SESSION_OVER, b"the session is over") for looker in over)
        )

    def projects_are(self, projects: frozenset[str]) -> None:
        """There are these projects now: who may see all of them sees others than before."""
        if projects == self._projects:
            return
        self._projects = projects
        for looker in self._lookers:
            self._hall.move(looker.screen, self._guests.sight(looker.guest.user))

    async def close(self) -> None:
        """Say good-bye to everybody."""
        leaving = list(self._lookers)
        await asyncio.gather(
            *(self._send_away(one, WSCloseCode.GOING_AWAY, b"service ends") for one in leaving)
        )

    @contextmanager
    def _place(self, session: str) -> Iterator[None]:
        if self._places[session] >= MOST_OF_ONE or self._places.total() >= MOST_SCREENS:
            raise ProblemError("not_allowed", "too many screens are open: close some that nobody looks at")
        self._places[session] += 1
        try:
            yield
        finally:
            self._places[session] -= 1
            self._places += Counter()  # forgets whom it has none of

    async def _hear(self, looker: _Looker) -> None:
        """All that a browser can say is that it has missed something."""
        allowed_at = 0.0
        async for message in looker.socket:
            if message.type is WSMsgType.TEXT and _asks(message.data) and self._clock() >= allowed_at:
                allowed_at = self._clock() + _SHORTEST_S
                self._hall.again(looker.screen)

    async def _may_stay(self, looker: _Looker) -> bool:
        guest, now = looker.guest, self._clock()
        try:
            session = await self._guests.sessions.of(guest.token, now)
        except (SQLAlchemyError, OSError):  # who looked on already goes on, until his time is over
            return now < guest.session.ends_at
        if session is not None and looker in self._lookers:
            looker.guest = Guest(session, guest.token)
            self._hall.move(looker.screen, self._guests.sight(session.user))
        return session is not None

    async def _send_away(self, looker: _Looker, code: int, why: bytes) -> None:
        self._lookers.discard(looker)
        self._hall.leave(looker.screen)  # he is told no more, however long his browser takes to go
        with suppress(TimeoutError):
            async with asyncio.timeout(GOOD_BYE_S):
                await looker.socket.close(code=code, message=why)
                return
        looker.screen.cut()


def _asks(text: str) -> bool:
    try:
        return _said(text).type == ASKED
    except (msgspec.MsgspecError, RecursionError, UnicodeError):
        return False

"""The monitor on its port: `async with Monitor(site, page):` answers inside, whether an engine is there or not."""

from __future__ import annotations

import asyncio
import logging
import ssl
import time
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from pathlib import Path
from types import TracebackType

import aiohttp
from aiohttp import web
from aiohttp.http_exceptions import HttpProcessingError
from sqlalchemy.exc import SQLAlchemyError

from store.audit import FILE, AuditLog
from store.database import Database
from store.migrations import NewerDatabaseError, upgrade_database
from supervisor.monitor.app import make_app
from supervisor.monitor.board import MonitorBoard
from supervisor.monitor.certificate import CertificateError, load_into, server_context
from supervisor.monitor.desk import Desk
from supervisor.monitor.doors import Doors
from supervisor.monitor.earlier import Earlier
from supervisor.monitor.engine_api import EngineApi
from supervisor.monitor.guests import Guests
from supervisor.monitor.hall import Hall
from supervisor.monitor.live import LiveScreens
from supervisor.monitor.mirror import Frame
from supervisor.monitor.models import Marks
from supervisor.monitor.page_files import PageFiles
from supervisor.monitor.upstream import Upstream, admin_token
from supervisor.users.accounts import Users
from supervisor.users.limits import Limits
from supervisor.users.login import Logins
from supervisor.users.sessions import Sessions
from telephony.control import ControlError
from telephony.site import Site

log = logging.getLogger(__name__)

STOP_S = 2.0
AGAIN_S = 2.0
"""A database that is away is asked again after so many seconds."""
NO_HTTP = (HttpProcessingError, web.RequestPayloadError)
HOUR_S, MINUTE_S = 3600.0, 60.0
CERTIFICATE_S = 12 * HOUR_S
"""So often it is looked whether there is a newer certificate."""


class MonitorError(ControlError):
    """The monitor cannot start; the message says what to do."""


class Monitor:
    """One monitor of one site. `page`: the folder of the built page. `clock`: seconds since 1970 UTC.

    Raises MonitorError for a port that is taken, and what `certificate` and `page_files` raise.
    """

    def __init__(self, site: Site, page: Path, clock: Callable[[], float] = time.time) -> None:
        self._site = site
        self._page = page
        self._clock = clock
        self._up = AsyncExitStack()
        self.hall: Hall

    @property
    def url(self) -> str:
        """Where it answers."""
        return f"https://{self._site.bind.monitor}:{self._site.ports.monitor}"

    async def __aenter__(self) -> Monitor:
        try:
            await self._start()
        except BaseException:
            await self._up.aclose()
            raise
        log.info("the monitor answers at %s", self.url)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._up.aclose()

    async def _start(self) -> None:
        site = self._site
        page, tls = PageFiles(self._page), server_context(site)
        database = await self._up.enter_async_context(Database(site.store_url))
        client = await self._up.enter_async_context(
            aiohttp.ClientSession(
                f"http://127.0.0.1:{site.ports.api}", timeout=aiohttp.ClientTimeout(total=None)
            )
        )
        earlier = Earlier(database, self._news)
        self._up.push_async_callback(earlier.close)
        board = MonitorBoard(earlier.of, site.monitor.service_level_s)
        self.hall = Hall(board, self._clock)
        guests = self._guests(database, board)
        live = LiveScreens(self.hall, guests, self._clock)
        await self._listen(
            make_app(self._doors(database, client, guests, board), live, page, trusted=self._trusted), tls
        )
        self._up.push_async_callback(live.close)

        def hear(frame: Frame) -> None:
            self.hall.hear(frame)
            live.projects_are(frozenset(board.mirror.projects))

        upstream = Upstream(client, self._token, hear, self.hall.away)
        for work in (upstream.run(), self.hall.run(), live.run(), _upgraded(database), _certified(tls, site)):
            self._background(work)

    @property
    def _trusted(self) -> bool:
        return self._site.monitor.certificate is not None

    def _token(self) -> str:
        return admin_token(self._site.secrets)

    def _news(self, project: str, trouble: str) -> None:
        self.hall.board.store_is(trouble, self._clock())
        self.hall.board.renew(project)
        self.hall.soon()

    def _guests(self, database: Database, board: MonitorBoard) -> Guests:
        terms = self._site.monitor
        idle_s, absolute_s = terms.idle_minutes * MINUTE_S, terms.session_hours * HOUR_S
        sessions = Sessions(lambda: database, idle_s, absolute_s)
        return Guests(sessions, lambda: board.mirror.projects, self._clock)

    def _doors(
        self, database: Database, client: aiohttp.ClientSession, guests: Guests, board: MonitorBoard
    ) -> Doors:
        audit = AuditLog(self._site.var_directory / FILE)
        logins = Logins(guests.sessions, Users(lambda: database), Limits(), audit)
        desk = Desk(EngineApi(client, self._token), guests, board, audit.path)
        terms = self._site.monitor
        marks = Marks(wait_s=terms.wait_mark_s, service_level_s=terms.service_level_s)
        return Doors(guests, logins, desk, marks, self._clock)

    async def _listen(self, app: web.Application, tls: ssl.SSLContext) -> None:
        # No access log: who did what stands in the audit log, and no number in a third place.
        runner = web.AppRunner(
            app, access_log=None, shutdown_timeout=STOP_S, handle_signals=False, logger=_http_log()
        )
        await runner.setup()
        self._up.push_async_callback(runner.cleanup)
        address, port = str(self._site.bind.monitor), self._site.ports.monitor
        try:
            await web.TCPSite(runner, address, port, ssl_context=tls).start()
        except OSError as error:
            raise MonitorError(
                f"TCP port {port} on {address} cannot be used ({error.strerror}): choose another for `ports.monitor`, "
                "or another address for `bind.monitor`, in site.yaml, or end the program that has it"
            ) from None

    def _background(self, work: Awaitable[None]) -> None:
        task = asyncio.ensure_future(work)
        task.add_done_callback(_ended)

        async def end() -> None:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

        self._up.push_async_callback(end)


def _ended(task: asyncio.Future[None]) -> None:
    if not task.cancelled() and (error := task.exception()) is not None:
        log.error("a part of the monitor has ended: start it again", exc_info=error)


def _http_log() -> logging.Logger:
    """Without what is no HTTP: whoever scans ports must not fill the log, nor must a cookie stand in it."""
    found = logging.getLogger(f"{__name__}.http")
    found.filters = [lambda record: not (record.exc_info and isinstance(record.exc_info[1], NO_HTTP))]
    return found


async def _upgraded(database: Database) -> None:
    """Bring the tables up to date, as soon as there is a database: users may be there before an engine ever was."""
    while True:
        try:
            await upgrade_database(database)
        except NewerDatabaseError as error:
            log.error("%s", error)
            return
        except (SQLAlchemyError, OSError) as error:
            log.warning(
                "the database does not answer (%s): nobody can log in until it does", type(error).__name__
            )
            await asyncio.sleep(AGAIN_S)
        else:
            return


async def _certified(tls: ssl.SSLContext, site: Site) -> None:
    """Take up a certificate that was renewed, by its owner or by ourselves, for ever."""
    while True:
        await asyncio.sleep(CERTIFICATE_S)
        try:
            await asyncio.to_thread(load_into, tls, site)
        except CertificateError as error:
            log.error("the certificate stays as it is: %s", error)

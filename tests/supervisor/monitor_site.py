"""A monitor with a real store and real users on 127.0.0.1, without TLS; and an engine's API that does as it is told."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Collection
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any
from urllib.parse import unquote

import aiohttp
from aiohttp import web
from aiohttp.test_utils import TestServer
from yarl import URL

from calls.budget import NOBODY
from store.audit import AuditLog
from store.database import Database
from store.users import Granted
from supervisor.monitor.app import make_app
from supervisor.monitor.board import MonitorBoard
from supervisor.monitor.desk import Desk
from supervisor.monitor.doors import Doors
from supervisor.monitor.engine_api import EngineApi
from supervisor.monitor.guests import COOKIE, CSRF, Guests
from supervisor.monitor.hall import Hall
from supervisor.monitor.live import LiveScreens
from supervisor.monitor.models import Marks
from supervisor.monitor.page_files import PageFiles
from supervisor.monitor.routes import LIVE, LIVE_PROBLEMS, ROUTES
from supervisor.users.accounts import Users
from supervisor.users.limits import Limits
from supervisor.users.login import Logins
from supervisor.users.sessions import Sessions
from tests.supervisor import monitor_house as house
from tests.supervisor.monitor_house import snapshot
from tests.supervisor.monitor_users import AT, PASSWORD, add_somebody, store_of_users
from tests.supervisor.monitor_viewers import Watch

IDLE_S, ABSOLUTE_S = 3600.0, 12 * 3600.0
PEOPLE: dict[str, tuple[Granted, ...]] = {
    "hana": (("tax", "supervisor"), ("water", "auditor")),
    "taro": (("tax", "leader"),),
    "kei": (("water", "auditor"),),
    "boss": (("*", "administrator"),),
    "nobody": (),
}
BEGIN = snapshot(
    house.project(), house.project(project="water"), house.seat("s1", "tax"), house.seat("w1", "water"),
    house.seat("desk", projects=[], supervises=["tax", "water"]), house.seat("both", "tax", "water"),
    house.call("c1", "tax"), house.call("c2", "water"),
)  # fmt: skip


@dataclass
class Asked:
    """What an engine was asked: `behalf` is the header, decoded."""

    method: str
    path: str
    token: str
    behalf: dict[str, Any]
    body: Any


@dataclass
class Engine:
    """Answers everything with `status` and `told`, or, where `silent`, not at all."""

    status: int = 200
    told: Any = field(default_factory=lambda: {"subject": "it"})
    silent: bool = False
    asked: list[Asked] = field(default_factory=list)

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """Anything."""
        text = await request.text()
        behalf = json.loads(unquote(request.headers["Denwaban-For"]))
        token = request.headers["Authorization"]
        path = request.raw_path
        self.asked.append(Asked(request.method, path, token, behalf, json.loads(text) if text else None))
        if self.silent:
            await asyncio.Event().wait()
        if isinstance(self.told, str):
            return web.Response(status=self.status, text=self.told)
        return web.json_response(self.told, status=self.status)

    def app(self) -> web.Application:
        """Its application."""
        app = web.Application()
        app.router.add_route("*", "/{path:.*}", self.handle)
        return app


@dataclass(frozen=True)
class Session:
    """Somebody who is logged in."""

    token: str
    csrf: str

    @property
    def cookie(self) -> dict[str, str]:
        """What his browser sends to look."""
        return {"Cookie": f"{COOKIE}={self.token}"}

    @property
    def head(self) -> dict[str, str]:
        """What his browser sends to change something."""
        return {**self.cookie, CSRF: self.csrf}


@dataclass(frozen=True)
class Answer:
    """What was answered; `told` is the JSON of it, None where there is none."""

    status: int
    told: Any
    head: Any
    body: bytes

    @property
    def code(self) -> str:
        """The code of a problem, which has to be whole."""
        assert self.told.keys() == {"error", "code", "state"}
        assert self.told["error"]
        return str(self.told["code"])


class Site:
    """`async with Site(folder) as site:` it answers. Users: `PEOPLE`, all with `PASSWORD`."""

    database: Database
    server: TestServer
    engine_server: TestServer
    client: aiohttp.ClientSession
    live: LiveScreens

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.watch = Watch()
        self.watch.now = AT
        self.engine = Engine()
        self.audit = AuditLog(folder / "audit.log", clock=self.watch)
        self.board = MonitorBoard(lambda terms, at: NOBODY, 20.0)
        self.hall = Hall(self.board, self.watch)
        self._up = AsyncExitStack()

    async def __aenter__(self) -> Site:
        up = self._up
        self.database = await up.enter_async_context(store_of_users(self.folder))
        for user, grants in PEOPLE.items():
            await add_somebody(self.database, user, grants)
        self.engine_server = TestServer(self.engine.app())
        await up.enter_async_context(self.engine_server)
        to_engine = await up.enter_async_context(
            aiohttp.ClientSession(str(self.engine_server.make_url("/")), cookie_jar=aiohttp.DummyCookieJar())
        )
        self.server = TestServer(self._app(to_engine))
        await up.enter_async_context(self.server)
        self.client = await up.enter_async_context(
            aiohttp.ClientSession(
                str(self.server.make_url("/")), cookie_jar=aiohttp.DummyCookieJar(), auto_decompress=False
            )
        )
        up.push_async_callback(self.live.close)
        self.board.take(BEGIN)
        self.hall.flush()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._up.aclose()

    def _app(self, to_engine: aiohttp.ClientSession) -> web.Application:
        sessions = Sessions(lambda: self.database, IDLE_S, ABSOLUTE_S)
        guests = Guests(sessions, lambda: self.board.mirror.projects, self.watch)
        logins = Logins(sessions, Users(lambda: self.database), Limits(), self.audit)
        desk = Desk(EngineApi(to_engine, lambda: "secret"), guests, self.board, self.audit.path)
        doors = Doors(guests, logins, desk, Marks(wait_s=10, service_level_s=20), self.watch)
        self.live = LiveScreens(self.hall, guests, self.watch)
        return make_app(doors, self.live, PageFiles(page(self.folder / "page")), trusted=False)

    async def ask(self, method: str, path: str, session: Session | None = None, **more: Any) -> Answer:
        """Ask for something, as somebody."""
        head = {**(session.head if session else {}), **more.pop("headers", {})}
        async with self.client.request(method, path, headers=head, **more) as reply:
            body = await reply.read()
            told = json.loads(body) if reply.content_type == "application/json" else None
            answer = Answer(reply.status, told, reply.headers, body)
        if answer.status >= 400:
            codes = problems_of(method, URL(path, encoded=True).raw_path)
            assert not codes or answer.code in codes, "a problem that its description does not tell of"
        return answer

    async def log_in(self, user: str = "hana") -> Session:
        """Somebody logs in."""
        answer = await self.ask("POST", "/api/session", json={"user": user, "password": PASSWORD})
        assert answer.status == 200, answer.told
        cookie = answer.head["Set-Cookie"]
        return Session(cookie.partition("=")[2].partition(";")[0], answer.told["csrf"])


def problems_of(method: str, path: str) -> Collection[str]:
    """The codes that may be answered there; empty where there is nothing."""
    if (method, path) == ("GET", LIVE):
        return LIVE_PROBLEMS
    of = (
        one
        for one in ROUTES
        if one.method == method and re.fullmatch(re.sub(r"{\w+}", "[^/]+", one.path), path)
    )
    return next((route.problems for route in of), ())


def page(folder: Path) -> Path:
    """A page as `make` builds it."""
    (folder / "assets").mkdir(parents=True)
    (folder / "index.html").write_text("<!doctype html><title>監視</title>", encoding="utf-8")
    (folder / "assets" / "main-1a2b.js").write_text("let a = 1;")
    (folder / "assets" / "main-1a2b.js.gz").write_bytes(b"gz")
    (folder / "assets" / "main-1a2b.js.br").write_bytes(b"br")
    (folder / "assets" / "main-1a2b.css").write_text("p {}")
    (folder / "favicon.svg").write_text("<svg/>")
    return folder

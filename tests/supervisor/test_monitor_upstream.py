"""The engine's stream as the monitor hears it: an engine that goes, is silent, or speaks otherwise is waited for."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp
import msgspec
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from supervisor.api.frames import Changes, Snapshot, Tick
from supervisor.monitor import upstream as upstream_module
from supervisor.monitor.upstream import Upstream, admin_token
from tests.supervisor import monitor_house as house
from tests.supervisor.monitor_house import AT, changes, snapshot, tick

pytestmark = pytest.mark.unit

Script = Callable[[web.WebSocketResponse], Awaitable[None]]
WHOLE = snapshot(
    house.project(),
    house.call(),
    house.seat(),
    house.queue(pace=7.5),
    house.ear(),
    house.count("answered", 3),
)


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(upstream_module, "AGAIN_S", 0.001)
    monkeypatch.setattr(upstream_module, "SLOWEST_S", 0.004)


class Heard:
    """What an upstream has heard, in order: frames, and why nothing was heard any more."""

    def __init__(self) -> None:
        self.told: list[Any] = []
        self.fails = False
        self._news = asyncio.Event()

    def hear(self, frame: Any) -> None:
        """A frame."""
        if self.fails:
            self.fails = False
            raise LookupError
        self._add(frame)

    def lost(self, why: str) -> None:
        """Nothing is heard."""
        self._add(why)

    def _add(self, what: Any) -> None:
        self.told.append(what)
        self._news.set()

    async def until(self, count: int) -> list[Any]:
        """Once so many things were told."""
        while len(self.told) < count:
            self._news.clear()
            await self._news.wait()
        return self.told


class Stage:
    """An engine of which each connection plays the next script, and the last one for ever."""

    def __init__(self, *scripts: Script) -> None:
        self.scripts = list(scripts)
        self.asked: list[tuple[str, str]] = []

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """One connection."""
        self.asked.append((request.path_qs, request.headers.get("Authorization", "")))
        script = self.scripts.pop(0) if len(self.scripts) > 1 else self.scripts[0]
        if script is refuse:
            return web.Response(status=401)
        if script is stops:
            await asyncio.Event().wait()
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        await script(socket)
        return socket


def sends(*frames: Any, then: str = "close") -> Script:
    """Frames, and then it closes, breaks off or says nothing more."""

    async def play(socket: web.WebSocketResponse) -> None:
        for frame in frames:
            text = frame if isinstance(frame, str) else msgspec.json.encode(frame).decode()
            await socket.send_str(text)
        if then == "silence":
            async for _ in socket:
                pass
        elif then == "binary":
            await socket.send_bytes(b"{}")
        elif then == "break":
            assert socket._req is not None
            assert socket._req.transport is not None
            socket._req.transport.abort()

    return play


async def refuse(socket: web.WebSocketResponse) -> None:
    """No token is good enough."""


async def stops(socket: web.WebSocketResponse) -> None:
    """It takes the connection, and says nothing at all."""


@asynccontextmanager
async def hearing(stage: Stage, token: Callable[[], str] = lambda: "secret") -> AsyncIterator[Heard]:
    """An upstream that runs."""
    app, heard = web.Application(), Heard()
    app.router.add_get("/v1/stream", stage.handle)
    server = TestServer(app, shutdown_timeout=0.01)
    await server.start_server()
    async with server, aiohttp.ClientSession(str(server.make_url("/"))) as client:
        running = asyncio.create_task(Upstream(client, token, heard.hear, heard.lost).run())
        yield heard
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)


async def test_every_frame_is_heard_as_it_was_told() -> None:
    frames = [
        WHOLE,
        tick([house.alarm()], [house.queue()], [house.project()]),
        changes(house.call(), house.count()),
    ]
    stage = Stage(sends(*frames, then="silence"))
    async with hearing(stage) as heard:
        assert await heard.until(3) == frames
    assert [type(frame) for frame in heard.told] == [Snapshot, Tick, Changes]
    assert stage.asked == [("/v1/stream?ticks=1", "Bearer secret")]


@pytest.mark.parametrize("then", ["close", "break", "binary"])
async def test_an_engine_that_goes_is_waited_for(then: str) -> None:
    stage = Stage(sends(WHOLE, then=then), refuse, sends(then=then), sends(WHOLE, then="silence"))
    async with hearing(stage) as heard:
        told = await heard.until(5)
    assert (told[0], told[4]) == (WHOLE, WHOLE)
    assert all(isinstance(why, str) and "engine" in why for why in told[1:4])


async def test_an_engine_that_was_never_there(tmp_path: Path) -> None:
    secrets = tmp_path / "secrets"
    stage = Stage(sends(WHOLE, then="silence"))
    async with hearing(stage, lambda: admin_token(secrets)) as heard:
        assert "the engine is not there" in (await heard.until(2))[0]
        assert stage.asked == []
        (secrets / "api").mkdir(parents=True)
        (secrets / "api" / "admin").write_text("abc\n")
        while heard.told[-1] != WHOLE:
            await heard.until(len(heard.told) + 1)
    assert stage.asked == [("/v1/stream?ticks=1", "Bearer abc")]


@pytest.mark.parametrize(
    "text",
    ["{", "[]", "", '{"type": "snapshot"}', '{"type": "news"}', '{"type": "tick", "seq": 1, "at": "x"}'],
)
async def test_an_engine_of_another_version(text: str) -> None:
    async with hearing(Stage(sends(WHOLE, text, then="silence"), sends(WHOLE, then="silence"))) as heard:
        told = await heard.until(3)
    assert (told[0], told[2]) == (WHOLE, WHOLE)
    assert "of the same version" in told[1]


async def test_what_a_later_version_tells_besides_is_passed_over() -> None:
    more = msgspec.to_builtins(tick(at=AT)) | {"type": "tick", "more": {"a": [1]}}
    async with hearing(Stage(sends(msgspec.json.encode(more).decode(), then="silence"))) as heard:
        assert await heard.until(1) == [tick(at=AT)]


@pytest.mark.parametrize("script", [sends(WHOLE, then="silence"), stops])
async def test_an_engine_that_says_nothing_is_asked_anew(
    script: Script, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(upstream_module, "SILENT_S", 0.02)
    stage = Stage(script)
    async with hearing(stage) as heard:
        while len([one for one in heard.told if isinstance(one, str)]) < 2:
            await heard.until(len(heard.told) + 1)
    assert len(stage.asked) >= 2
    assert all(one == WHOLE or "the engine is not there (TimeoutError)" in one for one in heard.told)


async def test_a_fault_of_ours_is_no_end() -> None:
    stage = Stage(sends(WHOLE, WHOLE, then="silence"))
    async with hearing(stage) as heard:
        heard.fails = True
        told = await heard.until(2)
    assert "the monitor has failed" in told[0]
    assert told[1] == WHOLE

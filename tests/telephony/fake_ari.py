"""A small ARI that speaks Asterisk's protocol: basic authentication, events, REST over the WebSocket."""

from __future__ import annotations

import asyncio
import base64
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from aiohttp import WSMsgType, web

from telephony.ari import AriSettings
from telephony.backoff import Backoff

USER, PASSWORD = "denwaban", "right"


class FakeAri:
    """Answers each request from `answers` by "METHOD uri", else 204; keeps what it was asked.

    `mute`: answers nothing at all, not even pings. `held`: takes requests, answers when `release` is called.
    """

    def __init__(self) -> None:
        self.answers: dict[str, tuple[int, Any]] = {"GET asterisk/ping": (200, {"ping": "pong"})}
        self.requests: list[dict[str, Any]] = []
        self.mute = False
        self.held = False
        self.silent_setup = False
        self.port = 0
        self.connections = 0
        self.pinged = asyncio.Event()
        self._sockets: set[web.WebSocketResponse] = set()
        self._changed = asyncio.Condition()

    async def until(self, what: Any) -> None:
        """Wait for `what()` to become true."""
        async with asyncio.timeout(5), self._changed:
            await self._changed.wait_for(what)

    def asked(self) -> list[str]:
        """What came in, without the requests of the set-up."""
        lines = [f"{request['method']} {request['uri']}" for request in self.requests]
        return [line for line in lines if "applications/" not in line]

    async def emit(self, event_type: str, **fields: Any) -> None:
        await self.emit_text(
            json.dumps({**fields, "type": event_type, "timestamp": "2026-05-07T08:30:00.000+0000"})
        )

    async def emit_text(self, text: str) -> None:
        for socket in list(self._sockets):
            await socket.send_str(text)

    async def drop(self) -> None:
        """Cut every connection, as a crash does."""
        for socket in list(self._sockets):
            await socket.close(code=1011)

    async def release(self) -> None:
        self.held = False
        for request in self.requests:
            await self._answer(request)

    async def serve(self, request: web.Request) -> web.StreamResponse:
        wanted = "Basic " + base64.b64encode(f"{USER}:{PASSWORD}".encode()).decode()
        if request.headers.get("Authorization") != wanted:
            return web.Response(status=401)
        assert request.query["subscribeAll"] == "false"
        socket = web.WebSocketResponse(autoping=False)
        await socket.prepare(request)
        self._sockets.add(socket)
        self.connections += 1
        await self._notify()
        try:
            await self._read(socket)
        finally:
            self._sockets.discard(socket)
        return socket

    async def _read(self, socket: web.WebSocketResponse) -> None:
        async for message in socket:
            if message.type is WSMsgType.PING and not self.mute:
                self.pinged.set()
                await socket.pong(message.data)
            elif message.type is WSMsgType.TEXT:
                await self._take(json.loads(message.data))

    async def _take(self, request: dict[str, Any]) -> None:
        assert request["type"] == "RESTRequest"
        self.requests.append(request)
        setup = request["uri"].startswith("applications/") and not self.silent_setup
        if setup or not (self.held or self.mute or self.silent_setup):
            await self._answer(request)
        await self._notify()

    async def _answer(self, request: dict[str, Any]) -> None:
        status, body = self.answers.get(f"{request['method']} {request['uri']}", (204, None))
        answer = {
            "type": "RESTResponse",
            "request_id": request["request_id"],
            "status_code": status,
            "uri": request["uri"],
            "message_body": "" if body is None else json.dumps(body),
        }
        await self.emit_text(json.dumps(answer))

    async def _notify(self) -> None:
        async with self._changed:
            self._changed.notify_all()


@asynccontextmanager
async def fake_ari() -> AsyncIterator[FakeAri]:
    """A FakeAri that listens on a free port."""
    fake = FakeAri()
    app = web.Application()
    app.router.add_get("/ari/events", fake.serve)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    fake.port = runner.addresses[0][1]
    try:
        yield fake
    finally:
        await fake.drop()
        await runner.cleanup()


def settings(port: int, **changes: Any) -> AriSettings:
    """Impatient settings for tests; the back-off has no chance in it."""
    fields: dict[str, Any] = {
        "app": "denwaban",
        "username": USER,
        "password": PASSWORD,
        "port": port,
        "backoff": Backoff(first=0.01, jitter=lambda: 0.0),
    }
    return AriSettings(**(fields | changes))

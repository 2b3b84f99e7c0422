"""One WebSocket to ARI from its opening to its loss: requests out in order, answers and events in.

Incoming frames are decoded and handed on *synchronously*, from the reading task: there is no queue of events
that could grow. While a handler runs, aiohttp stops reading from the socket and TCP holds Asterisk back, so
memory is bounded whatever the load. The price: a handler must not block.
"""

from __future__ import annotations

import asyncio
import base64
import itertools
import logging
from collections import deque
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TypeVarTuple

import aiohttp
import msgspec

from telephony.ari.errors import AriBusy, refused, unreachable
from telephony.ari.events import Event, RESTResponse, UnknownEvent, decode
from telephony.backoff import Backoff

log = logging.getLogger(__name__)

_LARGEST_FRAME = 64 * 2**20  # `GET /channels` of a full machine is some hundred kB
Args = TypeVarTuple("Args")

CLOSED = "closed"  # the reason when we ended it ourselves
CUT = "Asterisk closed the connection"  # how the reason begins where it was ended by the other side
_CLOSING_S = 0.5  # for the closing handshake; a dead peer must not hold up the reconnect


@dataclass(frozen=True)
class AriSettings:
    """Where ARI is, who we are, and how patient. Times in seconds.

    `events` are the event types that Asterisk may send at all (all, if empty); `subscriptions` are event
    sources such as `endpoint:PJSIP/seat01`. Both are set again after every reconnect.
    """

    app: str
    username: str
    password: str = field(repr=False)
    host: str = "127.0.0.1"
    port: int = 8088
    tls: bool = False
    events: frozenset[str] = frozenset()
    subscriptions: tuple[str, ...] = ()
    ping_interval: float = 5.0
    dead_after: float = 10.0
    connect_timeout: float = 5.0
    max_outstanding: int = 10_000
    backoff: Backoff = field(default_factory=Backoff)

    @property
    def address(self) -> str:
        return f"{self.host}:{self.port}"


@dataclass(frozen=True, slots=True)
class Response:
    """Asterisk's answer: HTTP status and the JSON text of the body (may be empty)."""

    status: int
    body: str = ""

    @property
    def ok(self) -> bool:
        return self.status < 400

    @property
    def message(self) -> str:
        """What Asterisk said about a failure, or an empty text."""
        try:
            return msgspec.json.decode(self.body, type=_Refusal).text
        except msgspec.DecodeError:
            return ""


@dataclass(frozen=True, slots=True)
class Disconnected:
    """No answer will come; whether Asterisk has carried the request out is not known."""

    reason: str


class _Refusal(msgspec.Struct):
    message: str = ""
    error: str = ""

    @property
    def text(self) -> str:
        return self.message or self.error


class _Pair(msgspec.Struct):
    name: str
    value: str


class _RESTRequest(msgspec.Struct, tag="RESTRequest", tag_field="type", omit_defaults=True):
    request_id: str
    method: str
    uri: str
    query_strings: list[_Pair] = []
    content_type: str = ""
    message_body: str = ""


OnDone = Callable[[Response | Disconnected], None]
Query = Mapping[str, str | int | bool | None]
Deliver = Callable[[Event | UnknownEvent], None]


def _text(value: str | int | bool) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _pairs(query: Query) -> list[_Pair]:
    return [_Pair(name, _text(value)) for name, value in query.items() if value is not None]


def _ignore(_: Response | Disconnected) -> None:
    pass


class Connection:
    """An open WebSocket. `run` works until it is lost; `send` may be called from its opening on."""

    _numbers = itertools.count(1)  # never the same id twice in a process, also across reconnects

    def __init__(self, ws: aiohttp.ClientWebSocketResponse[bool], settings: AriSettings) -> None:
        self._ws = ws
        self._settings = settings
        self._loop = asyncio.get_running_loop()
        self._encode = msgspec.json.Encoder().encode
        self._outbox: deque[bytes] = deque()
        self._wake = asyncio.Event()
        self._pending: dict[str, OnDone] = {}
        self._heard = self._answered = self._loop.time()
        self._lost: asyncio.Future[None] = self._loop.create_future()
        self.reason = ""

    @classmethod
    async def open(cls, session: aiohttp.ClientSession, settings: AriSettings) -> Connection:
        """Connect. Raises AriAuthError or AriUnreachable."""
        scheme = "https" if settings.tls else "http"
        try:
            async with asyncio.timeout(settings.connect_timeout):
                ws = await session.ws_connect(
                    f"{scheme}://{settings.address}/ari/events",
                    params={"app": settings.app, "subscribeAll": "false"},
                    headers={"Authorization": _basic(settings)},
                    timeout=aiohttp.ClientWSTimeout(ws_close=_CLOSING_S),
                    autoping=False,
                    max_msg_size=_LARGEST_FRAME,
                    decode_text=False,
                )
        except aiohttp.WSServerHandshakeError as error:
            raise refused(settings.address, settings.username, error.status) from None
        except (aiohttp.ClientError, OSError, TimeoutError) as error:
            raise unreachable(settings.address, settings.port, error) from None
        return cls(ws, settings)

    @property
    def outstanding(self) -> int:
        """Requests whose answer has not come yet."""
        return len(self._pending)

    def send(self, method: str, uri: str, query: Query, body: object, on_done: OnDone | None) -> str:
        """Queue one request for the wire, behind all earlier ones; returns its id. Raises AriBusy."""
        if self.reason:  # lost, and being put away: nobody would fail it any more
            self._loop.call_soon(call_safely, on_done or _ignore, Disconnected(self.reason))
            return ""
        if len(self._pending) >= self._settings.max_outstanding:
            raise AriBusy(len(self._pending))
        request_id = str(next(self._numbers))
        request = _RESTRequest(request_id, method, uri, _pairs(query))
        if body is not None:
            request.content_type = "application/json"
            request.message_body = self._encode(body).decode()
        self._pending[request_id] = on_done or _ignore
        self._outbox.append(self._encode(request))
        self._wake.set()
        return request_id

    async def run(self, deliver: Deliver) -> None:
        """Serve until the connection is lost (`reason` says why), then fail what is outstanding."""
        parts = [self._read(deliver), self._write(), self._watch()]
        tasks = [asyncio.create_task(part) for part in parts]
        try:
            await asyncio.wait([*tasks, self._lost], return_when=asyncio.FIRST_COMPLETED)
        finally:
            self._fail_outstanding()
            await _finish(tasks)
            with suppress(TimeoutError):  # aiohttp's own limit starts again with each frame that still comes
                async with asyncio.timeout(2 * _CLOSING_S):
                    await self._ws.close()

    def lose(self, reason: str) -> None:
        """Give the connection up; `run` ends soon after."""
        self.reason = self.reason or reason
        if not self._lost.done():
            self._lost.set_result(None)

    async def _read(self, deliver: Deliver) -> None:
        async for message in self._ws:
            self._heard = self._loop.time()
            if message.type is aiohttp.WSMsgType.TEXT:
                self._take(message.data, deliver)
            elif message.type is aiohttp.WSMsgType.PING:
                await self._ws.pong(message.data)
        self.lose(f"{CUT} (code {self._ws.close_code})")

    def _take(self, frame: bytes, deliver: Deliver) -> None:
        try:
            event = decode(frame)
        except msgspec.DecodeError as error:
            log.error("ARI sent %d bytes that are no JSON object: %s", len(frame), type(error).__name__)
            return
        if isinstance(event, RESTResponse):
            self._answer(event)
        else:
            deliver(event)

    def _answer(self, event: RESTResponse) -> None:
        self._answered = self._loop.time()
        on_done = self._pending.pop(event.request_id, None)
        if on_done is None:
            log.warning("ARI answered a request that nobody waits for: %s", event.request_id)
            return
        call_safely(on_done, Response(event.status_code, event.message_body))

    async def _write(self) -> None:
        while True:
            await self._wake.wait()
            self._wake.clear()
            while self._outbox:
                await self._ws.send_frame(self._outbox.popleft(), aiohttp.WSMsgType.TEXT)

    async def _watch(self) -> None:
        # Any frame counts as a sign of life, not only the pong: under load pongs queue behind events.
        while (left := self._heard + self._settings.dead_after - self._loop.time()) > 0:
            with suppress(TimeoutError):  # with a full socket the ping itself would wait for ever
                async with asyncio.timeout(left):
                    await self._ws.ping()
            await asyncio.sleep(min(left, self._settings.ping_interval))
            self._watch_application()
        self.lose(f"nothing heard for {self._settings.dead_after:g} s")

    def _watch_application(self) -> None:
        # A connection lives on whose application Asterisk has put away (see AriClient.connect): it answers pings, but
        # no request, and no call comes in any more.
        if self._loop.time() - self._answered > 2 * self._settings.dead_after:
            self.lose("Asterisk answers no request any more")
        elif not self._pending:
            self.send("GET", "asterisk/ping", {}, None, None)

    def _fail_outstanding(self) -> None:
        self.lose("the connection broke")
        waiting, self._pending = self._pending, {}
        for on_done in waiting.values():
            call_safely(on_done, Disconnected(self.reason))


def call_safely(handler: Callable[[*Args], None], *args: *Args) -> None:
    """Call a handler; what it raises is logged and goes no further."""
    try:
        handler(*args)
    except Exception:
        log.exception("a handler of ARI events or answers failed: %s", getattr(handler, "__qualname__", "?"))


async def _finish(tasks: list[asyncio.Task[None]]) -> None:
    for task in tasks:
        task.cancel()
    for result in await asyncio.gather(*tasks, return_exceptions=True):
        if isinstance(result, Exception) and not isinstance(result, aiohttp.ClientError | OSError):
            log.error("the ARI connection failed on our side", exc_info=result)


def _basic(settings: AriSettings) -> str:
    # A header, never `api_key` in the address: addresses stand in logs and in error messages.
    secret = f"{settings.username}:{settings.password}".encode()
    return "Basic " + base64.b64encode(secret).decode()

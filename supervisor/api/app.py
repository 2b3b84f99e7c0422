"""The aiohttp application: tokens, bodies and errors around the table of routes."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import Any

import msgspec
from aiohttp import WSCloseCode, web

from supervisor.api.errors import RefusedError
from supervisor.api.on_behalf import Acting, acting
from supervisor.api.open_doors import add_open_doors
from supervisor.api.openapi import description
from supervisor.api.routes import OPENAPI, ROUTES, STREAM, TICKS
from supervisor.api.shapes import Refusal
from supervisor.api.stream import Listener, Stream
from supervisor.api.tokens import Tokens
from supervisor.api.work import Desk, Route, Work, decoded

log = logging.getLogger(__name__)

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

LONGEST_BODY = 16 * 1024
MOST_LISTENERS = 200
ALIVE_S = 20.0
"""A listener that does not answer a ping for so long (seconds) is gone."""
PROTOCOL = "denwaban.v1"
_BY_PROTOCOL = "token."


def make_app(desk: Desk, stream: Stream, tokens: Tokens) -> web.Application:
    """The application for one running service."""
    app = web.Application(middlewares=[_told], client_max_size=LONGEST_BODY)
    door = _Door(desk, stream, tokens)
    for route in ROUTES:
        app.router.add_route(route.method, route.path, door.handler(route))
    app.router.add_get(OPENAPI, door.describe)
    app.router.add_get(STREAM, door.listen)
    add_open_doors(app, desk.office)
    app.on_shutdown.append(door.close)
    return app


class _Door:
    def __init__(self, desk: Desk, stream: Stream, tokens: Tokens) -> None:
        self._desk = desk
        self._stream = stream
        self._tokens = tokens
        self._open: set[web.WebSocketResponse] = set()

    def handler(self, route: Route) -> Handler:
        """What answers one row of the table."""

        async def handle(request: web.Request) -> web.Response:
            who, why = self._acting(request)
            body = decoded(route, await request.read())
            named = {**_asked(route, request), **request.match_info}
            return _json(await route.do(Work(self._desk, who, named, body, why)))

        return handle

    async def describe(self, request: web.Request) -> web.Response:
        """The OpenAPI document, for anybody."""
        return _json(description())

    async def listen(self, request: web.Request) -> web.StreamResponse:
        """The stream, until the listener goes or is too slow."""
        who, ticks = self._acting(request).who, _ticks(request)
        if len(self._stream) >= MOST_LISTENERS:
            raise RefusedError(503, f"{MOST_LISTENERS} listen already: close a screen that nobody looks at")
        socket = web.WebSocketResponse(
            heartbeat=ALIVE_S, protocols=(PROTOCOL,), max_msg_size=1024, compress=False
        )
        await socket.prepare(request)

        def cut() -> None:
            log.warning("a listener of the live stream was too slow and was cut off")
            if request.transport is not None:
                request.transport.abort()

        listener = Listener(self._desk, who, cut, self._stream.most, ticks=ticks)
        self._stream.join(listener)
        self._open.add(socket)
        sending = asyncio.create_task(_send(socket, listener), name="live stream")
        try:
            async for _ in socket:
                pass  # what a listener says means nothing: commands are requests of their own
        finally:
            self._stream.leave(listener)
            self._open.discard(socket)
            sending.cancel()
            await asyncio.gather(sending, return_exceptions=True)
        return socket

    async def close(self, app: web.Application) -> None:
        """Say good-bye to everybody who listens."""
        closing = (
            socket.close(code=WSCloseCode.GOING_AWAY, message=b"service ends") for socket in set(self._open)
        )
        await asyncio.gather(*closing, return_exceptions=True)

    def _acting(self, request: web.Request) -> Acting:
        person = self._tokens.owner(_token(request))
        if person is None:
            raise RefusedError(
                401,
                "send `Authorization: Bearer TOKEN`; the tokens are the files of var/secrets/api, one a person",
            )
        return acting(self._desk.house.who(person), request.headers)


async def _send(socket: web.WebSocketResponse, listener: Listener) -> None:
    while not socket.closed:
        await socket.send_str(await listener.frame())


def _asked(route: Route, request: web.Request) -> dict[str, str]:
    return {name: request.query[name] for name in route.query if name in request.query}


def _ticks(request: web.Request) -> bool:
    told = request.query.get(TICKS, "0")
    if told not in ("0", "1"):
        raise RefusedError(
            400, f"{TICKS}={told} means nothing: {TICKS}=1 for a tick every second, or nothing"
        )
    return told == "1"


def _token(request: web.Request) -> str:
    """A browser's WebSocket cannot send the header; it names `denwaban.v1` and `token.TOKEN` as its protocols."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() == "bearer":
        return token.strip()
    names = (name.strip() for name in request.headers.get("Sec-WebSocket-Protocol", "").split(","))
    return next((name.removeprefix(_BY_PROTOCOL) for name in names if name.startswith(_BY_PROTOCOL)), "")


@web.middleware
async def _told(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Every refusal and every fault is told as one JSON object."""
    try:
        return await handler(request)
    except RefusedError as refused:
        headers = {"WWW-Authenticate": "Bearer"} if refused.status == 401 else {}
        return _json(Refusal(refused.error, refused.state), refused.status, headers)
    except web.RequestPayloadError:
        return _json(Refusal("the body cannot be read: send plain JSON, without a content encoding"), 400)
    except web.HTTPRequestEntityTooLarge:
        return _json(Refusal(f"no body is longer than {LONGEST_BODY} bytes"), 413)
    except web.HTTPMethodNotAllowed as error:
        methods = ", ".join(sorted(error.allowed_methods))
        return _json(
            Refusal(f"{request.method} is not for this path; use {methods}"), 405, {"Allow": methods}
        )
    except web.HTTPNotFound:
        return _json(Refusal(f"there is nothing at this path; {OPENAPI} tells what there is"), 404)
    except web.HTTPException:
        raise
    except Exception as error:  # a fault of ours must not end the connection without a word
        log.exception("a request to the API failed")
        told = f"the service failed ({type(error).__name__}); its log says more"
        return _json(Refusal(told), 500)


def _json(answer: Any, status: int = 200, headers: dict[str, str] | None = None) -> web.Response:
    return web.Response(
        body=msgspec.json.encode(answer),
        status=status,
        content_type="application/json",
        headers={"Cache-Control": "no-store", **(headers or {})},
    )

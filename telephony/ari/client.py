"""The ARI client: one supervised WebSocket that carries both the events and our requests.

Two ways to call. Awaiting gives a typed result or raises; sending writes at once, in the order of the calls,
and reports back by callback:

    await client.channels.answer("caller-1")
    client.channels.answer("caller-1").send(on_done)
    client.send("POST", "channels/caller-1/answer", on_done=on_done)
"""

from __future__ import annotations

import asyncio
import logging
from collections import defaultdict
from collections.abc import Callable
from typing import Any, TypeVar, overload

import aiohttp

from telephony.ari import resources
from telephony.ari.call import describe
from telephony.ari.channels import Channels
from telephony.ari.connection import (
    CLOSED,
    AriSettings,
    Connection,
    Disconnected,
    OnDone,
    Query,
    Response,
    call_safely,
)
from telephony.ari.errors import AriDisconnected, AriError, AriFailure, AriReplaced
from telephony.ari.events import ApplicationReplaced, Event, StasisStart, UnknownEvent

log = logging.getLogger(__name__)

_Handler = Callable[[Any], None]
E = TypeVar("E", bound=Event)
_NOT_CONNECTED = "not connected to ARI"


class AriClient:
    """See the module. All handlers and hooks are plain functions, called in the loop; they must not block."""

    def __init__(self, settings: AriSettings) -> None:
        self.settings = settings
        self.applications = resources.Applications(self)
        self.asterisk = resources.Asterisk(self)
        self.bridges = resources.Bridges(self)
        self.channels = Channels(self)
        self.endpoints = resources.Endpoints(self)
        self.playbacks = resources.Playbacks(self)
        self.recordings = resources.Recordings(self)
        self._handlers: defaultdict[str, list[_Handler]] = defaultdict(list)
        self._unknown: list[_Handler] = []
        self._connected: list[Callable[[], None]] = []
        self._disconnected: list[Callable[[str], None]] = []
        self._session: aiohttp.ClientSession | None = None
        self._connection: Connection | None = None
        self._supervisor: asyncio.Task[None] | None = None
        self._replaced = False
        self._closing = False
        self.on_event(ApplicationReplaced, self._on_replaced)
        self.on_event(StasisStart, self._follow)

    # -- handlers

    @overload
    def on_event(self, event: type[E], handler: Callable[[E], None]) -> None: ...
    @overload
    def on_event(self, event: str, handler: Callable[[Any], None]) -> None: ...
    def on_event(self, event: type[Event] | str, handler: Callable[[Any], None]) -> None:
        """Call `handler` with each event of this type (class or ARI name; an unknown name: UnknownEvent)."""
        self._handlers[event if isinstance(event, str) else event.__name__].append(handler)

    def on_unknown(self, handler: Callable[[UnknownEvent], None]) -> None:
        """Call `handler` with each event that no `on_event` handler is there for and that we do not know."""
        self._unknown.append(handler)

    def on_connected(self, hook: Callable[[], None]) -> None:
        """Call `hook` after each connect, before the connection's first event. It may `send`."""
        self._connected.append(hook)

    def on_disconnected(self, hook: Callable[[str], None]) -> None:
        """Call `hook(reason)` after each loss, when every outstanding request has been failed."""
        self._disconnected.append(hook)

    # -- life

    @property
    def connected(self) -> bool:
        return self._connection is not None

    @property
    def outstanding(self) -> int:
        """Requests on the way."""
        return self._connection.outstanding if self._connection else 0

    async def connect(self) -> None:
        """Connect and stay connected until `close`.

        The first try raises AriAuthError, AriUnreachable, AriDisconnected (no answer), or AriError (a subscription
        that Asterisk refuses); later losses are mended in the background.
        """
        try:
            await self._connect()
        except AriDisconnected as error:
            # A connection that follows the end of another one of this application within milliseconds is, on a busy
            # machine, now and then accepted and never answered (seen twice in some hundred): as if Asterisk, while
            # putting the old one away, took the application from under the new one.
            log.warning("ARI: %s; trying once more", error)
            await self._connect()

    async def _connect(self) -> None:
        self._session = aiohttp.ClientSession()
        self._closing = self._replaced = False
        try:
            connection = await Connection.open(self._session, self.settings)
        except BaseException:
            await self._session.close()
            raise
        ready = asyncio.get_running_loop().create_future()
        self._supervisor = asyncio.create_task(self._supervise(connection, ready))
        try:
            await ready
        except BaseException:
            await self.close()
            raise

    async def close(self) -> None:
        """Disconnect for good; outstanding requests fail."""
        self._closing = True
        if self._supervisor is not None:
            if self._connection is not None:
                self._connection.lose(CLOSED)
            else:  # it waits to connect again
                self._supervisor.cancel()
            await asyncio.gather(self._supervisor, return_exceptions=True)
            self._supervisor = None
        if self._session is not None:
            await self._session.close()
            self._session = None

    async def given_up(self) -> None:
        """Return when the client will not connect again: closed, or replaced by another process."""
        if self._supervisor is not None:
            await asyncio.wait({self._supervisor})

    async def __aenter__(self) -> AriClient:
        await self.connect()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    # -- calling

    def send(
        self,
        method: str,
        uri: str,
        *,
        query: Query | None = None,
        body: object = None,
        on_done: OnDone | None = None,
    ) -> str:
        """Write a request behind all earlier ones and return its id at once.

        `on_done` gets a Response, or Disconnected, exactly once; never from within `send`. Raises AriBusy.
        """
        if self._connection is not None:
            return self._connection.send(method, uri, query or {}, body, on_done)
        if on_done is not None:
            asyncio.get_running_loop().call_soon(call_safely, on_done, Disconnected(_NOT_CONNECTED))
        return ""

    async def request(
        self, method: str, uri: str, *, query: Query | None = None, body: object = None
    ) -> Response:
        """Send and wait. Raises AriError for a status of 400 or more, AriDisconnected, AriBusy."""
        answered: asyncio.Future[Response | Disconnected] = asyncio.get_running_loop().create_future()
        self.send(method, uri, query=query, body=body, on_done=lambda result: _settle(answered, result))
        result = await answered
        if isinstance(result, Disconnected):
            raise AriDisconnected(result.reason)
        if not result.ok:
            raise AriError(result.status, result.message, describe(method, uri))
        return result

    # -- inside

    async def _supervise(self, connection: Connection, ready: asyncio.Future[None]) -> None:
        while True:
            await self._serve(connection, ready)
            if self._replaced:
                log.error("%s", AriReplaced(self.settings.app))
            if self._replaced or self._closing:
                return
            connection = await self._reconnect()
            ready = asyncio.get_running_loop().create_future()
            ready.add_done_callback(_log_setup_failure)

    async def _serve(self, connection: Connection, ready: asyncio.Future[None]) -> None:
        self._connection = connection
        self._set_up(ready)
        for hook in self._connected:
            call_safely(hook)
        patience = asyncio.get_running_loop().call_later(
            self.settings.connect_timeout, _lose_unless, ready, connection
        )
        try:
            await connection.run(self._dispatch)
        finally:
            patience.cancel()
            self._connection = None
            level = logging.INFO if connection.reason == CLOSED else logging.WARNING
            log.log(level, "ARI connection to %s lost: %s", self.settings.address, connection.reason)
            for on_lost in self._disconnected:
                call_safely(on_lost, connection.reason)

    def _set_up(self, ready: asyncio.Future[None]) -> None:
        # Ahead of everything that a hook sends, and without waiting: the order on the wire is the order here.
        setup = resources.setup_calls(self)
        waiting = len(setup)

        def on_done(result: Response | Disconnected) -> None:
            nonlocal waiting
            waiting -= 1
            if ready.done():
                return
            if isinstance(result, Disconnected):
                ready.set_exception(AriDisconnected(result.reason))
            elif not result.ok:
                ready.set_exception(AriError(result.status, result.message, "a subscription or event filter"))
            elif not waiting:
                self.settings.backoff.reset()
                ready.set_result(None)

        for call in setup:
            call.send(on_done)

    async def _reconnect(self) -> Connection:
        assert self._session is not None
        while True:
            await asyncio.sleep(self.settings.backoff.next())
            try:
                return await Connection.open(self._session, self.settings)
            except AriFailure as error:
                log.warning("%s", error)

    def _dispatch(self, event: Event | UnknownEvent) -> None:
        if isinstance(event, UnknownEvent):
            handlers = self._handlers.get(event.type, self._unknown)
        else:
            handlers = self._handlers.get(type(event).__name__, [])
        for handler in handlers:
            call_safely(handler, event)

    def _follow(self, event: StasisStart) -> None:
        # A caller's channel is Asterisk's to us only while it is in Stasis: without a subscription of its own
        # its ChannelDestroyed never comes. (Legs that we originate have one.) If it is gone already, Asterisk
        # answers 422 and StasisEnd is the last that is heard of it.
        self.applications.subscribe(self.settings.app, f"channel:{event.channel.id}").send()

    def _on_replaced(self, _: ApplicationReplaced) -> None:
        # To reconnect now would take the events back from the other process, and so on without end.
        self._replaced = True
        if self._connection is not None:
            self._connection.lose("another process took the application over")


def _lose_unless(ready: asyncio.Future[None], connection: Connection) -> None:
    if not ready.done():
        connection.lose("no answer to the set-up of the connection")


def _settle(answered: asyncio.Future[Response | Disconnected], result: Response | Disconnected) -> None:
    if not answered.done():  # the caller may have been cancelled
        answered.set_result(result)


def _log_setup_failure(ready: asyncio.Future[None]) -> None:
    if not ready.cancelled() and (error := ready.exception()) is not None:
        log.error("after reconnecting: %s", error)

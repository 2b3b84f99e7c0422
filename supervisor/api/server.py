"""The API on its port: `async with Api(office, live, port):` answers inside."""

from __future__ import annotations

import asyncio
import contextlib
import ipaddress
import logging
from types import TracebackType

from aiohttp import web

from calls.journal import Entry
from supervisor.api.app import make_app
from supervisor.api.errors import ApiError
from supervisor.api.live import Live
from supervisor.api.office import Office
from supervisor.api.stream import MOST, Stream
from supervisor.api.tokens import Tokens
from supervisor.api.work import Desk
from supervisor.board import Change

log = logging.getLogger(__name__)

HOST = "127.0.0.1"
STOP_S = 2.0


class Api:
    """Answers on this machine alone. `port` 0 takes any that is free; `port` says which it is, once entered.

    `most`: so many changes may wait for a listener of the stream before he is cut off.
    Raises ApiError for an address that others can reach, a port that is taken, and a token that is no good.
    """

    def __init__(self, office: Office, live: Live, port: int, host: str = HOST, most: int = MOST) -> None:
        _must_be_here(host)
        self.port = port
        self._host = host
        self._live = live
        self._desk = Desk(office, live.board)
        self._stream = Stream(self._desk, most)
        self._runner: web.AppRunner | None = None

    @property
    def url(self) -> str:
        """Where it answers."""
        return f"http://{self._host}:{self.port}"

    async def __aenter__(self) -> Api:
        office = self._desk.office
        tokens = await asyncio.to_thread(Tokens, office.secrets, tuple(office.floor.centre.people))
        self._live.listen(self._hear)
        app = make_app(self._desk, self._stream, tokens)
        # No access log: what people do stands in the journal and the audit log, and no number in a third place.
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=STOP_S, handle_signals=False)
        try:
            await self._runner.setup()
            await self._bind(self._runner)
        except BaseException:
            await self._stop()
            raise
        log.info("the API answers at %s", self.url)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._stop()

    async def _bind(self, runner: web.AppRunner) -> None:
        site = web.TCPSite(runner, self._host, self.port)
        try:
            await site.start()
        except OSError as error:
            raise ApiError(
                f"TCP port {self.port} on {self._host} cannot be used ({error.strerror}): choose another for "
                "`ports.api` in site.yaml, or end the program that has it"
            ) from None
        self.port = runner.addresses[0][1]

    async def _stop(self) -> None:
        with contextlib.suppress(ValueError):
            self._live.ignore(self._hear)
        if self._runner is not None:
            await self._runner.cleanup()

    def _hear(self, entry: Entry, changes: list[Change]) -> None:
        self._desk.asks.observe(entry)
        self._stream.observe(changes)


def _must_be_here(host: str) -> None:
    try:
        here = ipaddress.ip_address(host).is_loopback
    except ValueError:
        here = False
    if not here:
        raise ApiError(
            f"the API does not listen on '{host}': it speaks to this machine alone, without TLS; use 127.0.0.1 "
            "and, from elsewhere, a tunnel (`ssh -L`)"
        )

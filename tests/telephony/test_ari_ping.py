"""ARI's ping and the call of the watchdog, against an ARI made of a few lines."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from http import HTTPStatus

import pytest
from aiohttp import web

from telephony.ari_ping import ari_answer, ari_status
from telephony.asterisk_check import AsteriskAddress
from telephony.call_probe import PROBE_PREFIX, call_answer
from telephony.ports import free_ports
from telephony.secrets import Secrets
from telephony.vitals import Answer

pytestmark = pytest.mark.unit

LONG_S, SHORT_S = 30.0, 0.05
SECRETS = Secrets(ari="word", ami="word", phones={})


class FakeAri:
    """`ping`: the status it answers with. `stays`: how often the call is still there when it is asked after."""

    def __init__(self, ping: int = 200, made: int = 200, stays: int = 0) -> None:
        self.ping, self.made, self.stays = ping, made, stays
        self.call: dict[str, str] = {}

    async def on_ping(self, request: web.Request) -> web.Response:
        return web.Response(status=self.ping)

    async def on_call(self, request: web.Request) -> web.Response:
        self.call = dict(request.query)
        return web.Response(status=self.made)

    async def on_question(self, request: web.Request) -> web.Response:
        self.stays -= 1
        return web.Response(status=200 if self.stays >= 0 else 404)

    def application(self) -> web.Application:
        application = web.Application()
        application.router.add_get("/ari/asterisk/ping", self.on_ping)
        application.router.add_post("/ari/channels", self.on_call)
        application.router.add_get(f"/ari/channels/{PROBE_PREFIX}1", self.on_question)
        return application


@asynccontextmanager
async def listening(ari: FakeAri) -> AsyncIterator[AsteriskAddress]:
    runner = web.AppRunner(ari.application())
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    try:
        yield AsteriskAddress("127.0.0.1", runner.addresses[0][1], 1)
    finally:
        await runner.cleanup()


def nobody() -> AsteriskAddress:
    return AsteriskAddress("127.0.0.1", free_ports(1)[0], 1)


@pytest.mark.parametrize(
    ("status", "answer"),
    [(200, Answer.ANSWERED), (401, Answer.ANSWERED), (404, Answer.ANSWERED), (503, Answer.SILENT)],
)
async def test_a_ping(status: int, answer: Answer) -> None:
    async with listening(FakeAri(ping=status)) as address:
        assert await ari_status(address, SECRETS, LONG_S) == HTTPStatus(status)
        assert await ari_answer(address, SECRETS, LONG_S) is answer


async def test_a_call_that_comes_and_goes() -> None:
    ari = FakeAri(stays=2)
    async with listening(ari) as address:
        assert await call_answer(address, SECRETS, LONG_S) is Answer.ANSWERED
    assert ari.call["endpoint"] == "Local/s@refused"
    assert "app" not in ari.call


async def test_a_call_that_stays() -> None:
    async with listening(FakeAri(stays=10_000)) as address:
        assert await call_answer(address, SECRETS, SHORT_S) is Answer.SILENT


@pytest.mark.parametrize("status", [409, 500])
async def test_a_call_that_cannot_be_made(status: int) -> None:
    async with listening(FakeAri(made=status)) as address:
        assert await call_answer(address, SECRETS, LONG_S) is Answer.SILENT


async def test_nobody_there() -> None:
    assert await ari_answer(nobody(), SECRETS, LONG_S) is Answer.REFUSED
    assert await call_answer(nobody(), SECRETS, LONG_S) is Answer.REFUSED

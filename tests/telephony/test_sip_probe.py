"""The OPTIONS of the watchdog, against a SIP port made of a few lines."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import cast

import pytest

from telephony.sip_probe import sip_answer
from telephony.vitals import Answer

pytestmark = pytest.mark.unit

LONG_S, SHORT_S = 30.0, 0.05


class Server(asyncio.DatagramProtocol):
    """Says these words, one to each request; None: nothing."""

    def __init__(self, *words: str | None) -> None:
        self._words = list(words)
        self.requests: list[str] = []

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.DatagramTransport, transport)

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        self.requests.append(data.decode())
        words = self._words.pop(0) if self._words else None
        if words is not None:
            self._transport.sendto(words.encode(), addr)


@asynccontextmanager
async def listening(*words: str | None) -> AsyncIterator[tuple[Server, int]]:
    server = Server(*words)
    transport, _ = await asyncio.get_running_loop().create_datagram_endpoint(
        lambda: server, local_addr=("127.0.0.1", 0)
    )
    try:
        yield server, transport.get_extra_info("sockname")[1]
    finally:
        transport.close()


@pytest.mark.parametrize("words", ["SIP/2.0 200 OK", "SIP/2.0 401 Unauthorized", "SIP/2.0 503 Overload"])
async def test_any_answer_counts(words: str) -> None:
    async with listening(words) as (server, port):
        assert await sip_answer("127.0.0.1", port, LONG_S, "seat01") is Answer.ANSWERED
    [request] = server.requests
    assert request.startswith(f"OPTIONS sip:127.0.0.1:{port} SIP/2.0\r\n")
    assert "From: <sip:seat01@127.0.0.1" in request
    assert request.endswith("Content-Length: 0\r\n\r\n")


async def test_what_is_no_answer_does_not_count() -> None:
    async with listening("INVITE sip:you SIP/2.0") as (_, port):
        assert await sip_answer("127.0.0.1", port, SHORT_S) is Answer.SILENT


async def test_a_lost_packet_is_sent_again() -> None:
    async with listening(None, "SIP/2.0 200 OK") as (server, port):
        assert await sip_answer("127.0.0.1", port, LONG_S) is Answer.ANSWERED
    first, second = server.requests
    assert first == second


async def test_nobody_there() -> None:
    async with listening() as (_, port):
        pass
    await asyncio.sleep(0)  # the port is closed by then
    assert await sip_answer("127.0.0.1", port, LONG_S) is Answer.REFUSED


async def test_a_name_that_nobody_knows() -> None:
    assert await sip_answer("nobody.invalid", 5060, LONG_S) is Answer.SILENT

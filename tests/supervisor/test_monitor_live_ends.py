"""Sockets that end: too many of them, browsers that do not read or do not go, and the end of the service."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import suppress
from pathlib import Path

import aiohttp
import pytest
from aiohttp import WSMsgType

from supervisor.monitor import live as live_module
from supervisor.monitor import screen as screen_module
from supervisor.monitor.live import SESSION_OVER
from supervisor.monitor.routes import LIVE
from tests.supervisor import monitor_house as house
from tests.supervisor.monitor_browser import Browser, browse, refused
from tests.supervisor.monitor_house import changes
from tests.supervisor.monitor_site import Session, Site
from tests.supervisor.monitor_users import hash_quickly

pytestmark = pytest.mark.unit


@pytest.fixture
async def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Site]:
    hash_quickly(monkeypatch)
    async with Site(tmp_path) as site:
        yield site


async def test_a_browser_that_does_not_say_good_bye_is_cut_off(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live_module, "GOOD_BYE_S", 0.01)
    session = await site.log_in()
    socket = await site.client.ws_connect(LIVE, headers=session.cookie, autoclose=False)
    await socket.receive_str(timeout=10)
    await site.ask("DELETE", "/api/session", session)
    await site.live.review()
    assert len(site.hall) == 0
    assert (await socket.receive(timeout=10)).data == SESSION_OVER
    assert (await socket.receive(timeout=10)).type in (WSMsgType.CLOSED, WSMsgType.ERROR)
    await socket.close()


async def test_too_many_screens(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live_module, "MOST_OF_ONE", 2)
    monkeypatch.setattr(live_module, "MOST_SCREENS", 3)
    session, other = await site.log_in(), await site.log_in("taro")
    coming = await asyncio.gather(*(browse(site, session) for _ in range(6)), return_exceptions=True)
    inside = [one for one in coming if isinstance(one, Browser)]
    assert len(inside) == 2, "also of those that come at once"
    assert await refused(site, session.cookie) == (403, "not_allowed")
    third = await browse(site, other)
    assert await refused(site, other.cookie) == (403, "not_allowed")
    await inside[0].socket.close()
    again = await _comes_at_last(site, session)
    for browser in (inside[1], third, again):
        await browser.socket.close()


async def _comes_at_last(site: Site, session: Session) -> Browser:
    """Once there is room again."""
    while True:
        with suppress(aiohttp.WSServerHandshakeError):
            return await browse(site, session)


async def test_a_browser_that_never_reads_is_cut_off_and_nobody_waits_for_it(
    site: Site, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(screen_module, "MOST_BYTES", 400_000)
    session = await site.log_in()
    other = await browse(site, await site.log_in("taro"))
    reader, writer = await asyncio.open_connection("127.0.0.1", site.server.port, limit=4096)
    head = f"GET {LIVE} HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    key = "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
    writer.write(f"{head}{key}Cookie: {session.cookie['Cookie']}\r\n\r\n".encode())
    await reader.readuntil(b"snapshot")
    told = 1
    with caplog.at_level(logging.WARNING):
        while "a screen was cut off" not in caplog.text:
            told += 1
            site.hall.hear(changes(*(house.seat(f"s{one}", "tax", reason=f"{told}") for one in range(300))))
            site.hall.flush()
            await other.next()
    assert len(other.page.frames) == told
    while len(site.hall) > 1:
        await site.ask("GET", "/api/session", session)
    writer.close()
    await other.socket.close()


async def test_good_bye_when_the_service_ends(site: Site) -> None:
    browser = await browse(site, await site.log_in())
    closing = asyncio.create_task(site.live.close())
    assert await browser.closed() == aiohttp.WSCloseCode.GOING_AWAY
    await closing

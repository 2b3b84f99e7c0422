"""Browsers that look on over a real socket."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import aiohttp
import pytest
from aiohttp import WSMsgType

from supervisor.monitor.routes import LIVE
from tests.supervisor.monitor_house import Page
from tests.supervisor.monitor_site import Session, Site


class Browser:
    """Somebody's page, with its socket."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        self.socket = socket
        self.page = Page()

    async def until(self, found: Callable[[Page], Any]) -> Page:
        """Once its page is like this."""
        while not (self.page.frames and found(self.page)):
            await self.next()
        return self.page

    async def next(self) -> None:
        """One frame more."""
        self.page.take(await self.socket.receive_str(timeout=10))

    async def closed(self) -> int | None:
        """The code with which it is closed, whatever is told before."""
        while (message := await self.socket.receive(timeout=10)).type is WSMsgType.TEXT:
            self.page.take(message.data)
        assert message.type in (WSMsgType.CLOSE, WSMsgType.CLOSED, WSMsgType.ERROR)
        return self.socket.close_code


async def browse(site: Site, session: Session, **head: str) -> Browser:
    """Look on, and see everything."""
    socket = await site.client.ws_connect(LIVE, headers={**session.cookie, **head}, autoping=True)
    browser = Browser(socket)
    await browser.until(lambda page: page.number >= 0)
    return browser


async def refused(site: Site, head: dict[str, str]) -> tuple[int, str]:
    """The status and the code with which a socket is refused."""
    with pytest.raises(aiohttp.WSServerHandshakeError) as error:
        await site.client.ws_connect(LIVE, headers=head)
    upgrade = {"Upgrade": "websocket", "Connection": "Upgrade", "Sec-WebSocket-Version": "13",
               "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ=="}  # fmt: skip
    answer = await site.ask("GET", LIVE, headers={**upgrade, **head})
    assert answer.status == error.value.status
    return answer.status, answer.code

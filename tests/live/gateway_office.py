"""An HTTP gateway that refuses at first."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from aiohttp import web


class GatewayOffice:
    """Answers 503 so many times before it takes a text; `taken` holds what it took, `asked` counts all requests."""

    def __init__(self, refusals: int) -> None:
        self.refusals = refusals
        self.asked = 0
        self.port = 0
        self.taken: list[dict[str, Any]] = []
        self.headers: list[dict[str, str]] = []
        self._changed = asyncio.Condition()

    async def serve(self, request: web.Request) -> web.Response:
        """One request."""
        self.asked += 1
        if self.asked <= self.refusals:
            return web.Response(status=503)
        self.taken.append(await request.json())
        self.headers.append(dict(request.headers))
        async with self._changed:
            self._changed.notify_all()
        return web.Response(status=202)

    async def until(self, texts: int) -> None:
        """Wait until it took so many."""
        async with asyncio.timeout(20), self._changed:
            await self._changed.wait_for(lambda: len(self.taken) >= texts)


@asynccontextmanager
async def gateway_office(refusals: int = 0) -> AsyncIterator[GatewayOffice]:
    """One that listens on a free port."""
    office = GatewayOffice(refusals)
    app = web.Application()
    app.router.add_post("/send", office.serve)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    office.port = runner.addresses[0][1]
    try:
        yield office
    finally:
        await runner.cleanup()

"""ARI with nothing in between, for tests of what has to work before the engine does."""

from __future__ import annotations

import asyncio
from typing import Any

import aiohttp

from telephony.asterisk import EmbeddedAsterisk


class Ari:
    """The engine's place: takes calls, rings telephones, sees events."""

    def __init__(self, asterisk: EmbeddedAsterisk, session: aiohttp.ClientSession) -> None:
        self._url = asterisk.address.ari_url
        self._app = asterisk.plan.app
        self._session = session
        self._events: aiohttp.ClientWebSocketResponse | None = None

    async def connect(self) -> None:
        self._events = await self._session.ws_connect(f"{self._url}/events?app={self._app}")

    async def close(self) -> None:
        if self._events is not None:
            await self._events.close()

    async def event(self, kind: str) -> dict[str, Any]:
        assert self._events is not None
        async with asyncio.timeout(10):
            while True:
                event: dict[str, Any] = await self._events.receive_json()
                if event["type"] == kind:
                    return event

    async def call(self, method: str, path: str, **query: str) -> Any:
        async with self._session.request(method, f"{self._url}/{path}", params=query) as reply:
            assert reply.status < 300, await reply.text()
            return await reply.json() if reply.status == 200 else None

    async def ring(self, seat: str) -> str:
        """Rings the seat's telephone; returns the channel."""
        made = await self.call("POST", "channels", endpoint=f"PJSIP/{seat}", app=self._app)
        return str(made["id"])

    async def arrival(self) -> dict[str, Any]:
        """The StasisStart of the call that comes; subscribed to, or a caller who leaves takes his events along."""
        start = await self.event("StasisStart")
        source = f"channel:{start['channel']['id']}"
        await self.call("POST", f"applications/{self._app}/subscription", eventSource=source)
        return start

    async def take(self) -> str:
        """Answers the call that comes; returns the channel."""
        channel = str((await self.arrival())["channel"]["id"])
        await self.call("POST", f"channels/{channel}/answer")
        return channel

    async def is_registered(self, seat: str) -> bool:
        return bool((await self.call("GET", f"endpoints/PJSIP/{seat}"))["state"] == "online")

    async def assert_empty(self) -> None:
        assert await self.call("GET", "channels") == []
        assert await self.call("GET", "bridges") == []

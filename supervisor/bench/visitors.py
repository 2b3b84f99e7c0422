"""Those who look on while something is measured or tested: users of the store, and log-ins without a browser."""

from __future__ import annotations

import asyncio
import time
from types import TracebackType
from typing import Any

import aiohttp
from yarl import URL

from store.database import Database
from store.users import add_user
from supervisor.bench.failure import BenchError
from supervisor.bench.scene import ROOT
from supervisor.monitor.guests import CSRF
from supervisor.users.passwords import hash_password

PAGE = ROOT / "var/page"
PASSWORD = "three blue telephones ring"  # noqa: S105 - of users that live as long as a test or a bench


async def add_users(store_url: str, **grants: list[tuple[str, str]]) -> None:
    """Users whose password is PASSWORD, with what each is: (project, role); `sv_tax` is the user `sv-tax`."""
    hashed = await asyncio.to_thread(hash_password, PASSWORD)
    async with Database(store_url) as database:
        for name, granted in grants.items():
            await add_user(database, name.replace("_", "-"), "", hashed, granted, time.time())


class Guest:
    """One who has logged in without a browser: `async with Guest(url, user) as guest:`."""

    def __init__(self, url: URL, user: str, password: str = PASSWORD) -> None:
        self._url = url
        self._named = {"user": user, "password": password}
        self.session: dict[str, Any] = {}
        self._client: aiohttp.ClientSession

    async def __aenter__(self) -> Guest:
        jar = aiohttp.CookieJar(unsafe=True)  # it is asked by an address
        connector = aiohttp.TCPConnector(ssl=False)
        self._client = aiohttp.ClientSession(self._url, cookie_jar=jar, connector=connector)
        try:
            async with self._client.post("/api/session", json=self._named, headers=self._origin) as reply:
                self.session = await reply.json()
                if reply.status != 200:
                    raise BenchError(f"nobody could log in: {self.session}")
        except BaseException:
            await self._client.close()
            raise
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._client.close()

    @property
    def _origin(self) -> dict[str, str]:
        return {"Origin": str(self._url.origin())}

    @property
    def cookies(self) -> dict[str, str]:
        """The cookies that it has."""
        return {
            name: morsel.value for name, morsel in self._client.cookie_jar.filter_cookies(self._url).items()
        }

    async def ask(self, method: str, path: str, body: Any = None, **more: Any) -> tuple[int, Any]:
        """The status, and what is told."""
        headers = {**self._origin, CSRF: self.session["csrf"], **more.pop("headers", {})}
        async with self._client.request(method, path, json=body, headers=headers, **more) as reply:
            told = await reply.text()
            return reply.status, await reply.json() if told and "json" in reply.content_type else told

    async def listen(self) -> aiohttp.ClientWebSocketResponse:
        """The live board."""
        return await self._client.ws_connect("/api/live", headers=self._origin, max_msg_size=0)

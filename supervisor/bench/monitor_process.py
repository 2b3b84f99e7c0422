"""The monitor as it runs in service: a process of its own, beside the stage or any other engine."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import sys
import time
from pathlib import Path
from types import TracebackType
from typing import Any

import aiohttp
from yarl import URL

from store.database import Database
from store.users import add_user
from supervisor.bench.failure import BenchError
from supervisor.bench.scene import ROOT
from supervisor.users.passwords import hash_password

PAGE = ROOT / "var/page"
START_S, STOP_S = 30.0, 15.0
PASSWORD = "three blue telephones ring"  # noqa: S105 - of users that live as long as a test or a bench
CSRF = "X-Denwaban-CSRF"
_TICKS = os.sysconf("SC_CLK_TCK")
_LAST_LINES = 15


class MonitorProcess:
    """`async with MonitorProcess(site_yaml) as monitor:` answers inside at `monitor.url`, over TLS.

    `site_yaml`: the site's file, whose API need not answer. What it says is kept beside that, in monitor.log. Raises
    BenchError where it does not start.
    """

    def __init__(self, site_yaml: Path, page: Path = PAGE) -> None:
        self.url = URL()
        self.log = site_yaml.parent / "monitor.log"
        self._command = (sys.executable, "-m", "supervisor.monitor", "--site", site_yaml, "--page", page)
        self._process: asyncio.subprocess.Process | None = None

    async def __aenter__(self) -> MonitorProcess:
        await self.start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.stop()

    @property
    def pid(self) -> int:
        """Its process id."""
        assert self._process is not None, "it was not started"
        return self._process.pid

    async def start(self) -> None:
        """Until it answers."""
        with self.log.open("ab") as said:
            self._process = await asyncio.create_subprocess_exec(
                *self._command, cwd=ROOT, stdout=asyncio.subprocess.PIPE, stderr=said
            )
        assert self._process.stdout is not None
        line = b""
        with contextlib.suppress(TimeoutError):
            line = await asyncio.wait_for(self._process.stdout.readline(), START_S)
        self.url = URL(line.decode().strip())
        if not self.url.host:
            with contextlib.suppress(TimeoutError):  # it says why before it is gone
                await asyncio.wait_for(self._process.wait(), STOP_S)
            await self.stop()
            raise BenchError(f"the monitor did not start; its last words are: {self._words()}")

    async def stop(self, by: signal.Signals = signal.SIGTERM) -> int:
        """End it; its exit code."""
        process = self._process
        if process is None:
            return 0
        if process.returncode is None:
            process.send_signal(by)
            try:
                await asyncio.wait_for(process.wait(), STOP_S)
            except TimeoutError:
                process.kill()
                await process.wait()
        return process.returncode or 0

    def cpu_s(self) -> float:
        """The CPU time that it has taken so far, seconds."""
        return cpu_s(self.pid)

    def _words(self) -> str:
        return " | ".join(self.log.read_text("utf-8", "replace").splitlines()[-_LAST_LINES:]) or "none"


def cpu_s(pid: int) -> float:
    """User and system time of a process so far, seconds."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / _TICKS


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

"""`make demo` can be watched: its board in a monitor, and somebody who may log in there, made for this one demo."""

from __future__ import annotations

import asyncio
import os
import secrets
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

from store.database import Database
from store.users import add_user
from supervisor.api.beside import api_beside
from supervisor.api.live import Live
from supervisor.monitor.process import MonitorProcess
from supervisor.users.passwords import hash_password
from supervisor.users.roles import EVERY, Role
from telephony.service import Service

USER = "demo"
PASSWORD_FILE = "monitor-demo"  # noqa: S105 - its name
SITE_FILE = "site.yaml"


class DemoScreen:
    """`observe` is given every step of the demo's service; `beside(service)` is entered while it runs.

    `page`: the folder of the built page; `say` is told where to look, and how to get in.
    """

    def __init__(self, page: Path, say: Callable[[str], None]) -> None:
        self._page = page
        self._say = say
        self._live = Live()
        self.observe = self._live.observe

    @asynccontextmanager
    async def beside(self, service: Service) -> AsyncIterator[None]:
        """The API, and a monitor as a process of its own."""
        site = service.stack.site
        site_file, password_file = site.var_directory / SITE_FILE, site.secrets / PASSWORD_FILE
        site_file.write_text(site.model_dump_json(), encoding="utf-8")  # JSON is YAML
        async with api_beside(service, self._live, with_shifts=False):
            await _add_user(service.database, password_file)
            async with MonitorProcess(site_file, self._page) as monitor:
                self._say(
                    f"the monitor: {monitor.url} (a certificate of its own: go on past the browser's warning)"
                )
                self._say(f"log in there as '{USER}'; the password is in {password_file}")
                yield


async def _add_user(database: Database, password_file: Path) -> None:
    password = secrets.token_urlsafe(12)
    with os.fdopen(os.open(password_file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(f"{password}\n")
    hashed = await asyncio.to_thread(hash_password, password)
    await add_user(database, USER, "", hashed, [(EVERY, Role.SUPERVISOR)], time.time())

"""What the browser tests stand on: the stage, the monitor as a process of its own, and pages of a real browser."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp
from playwright.async_api import Browser, BrowserContext, Page
from playwright.async_api import TimeoutError as TimedOutError

from supervisor.bench.cast import Habits
from supervisor.bench.scene import ROOT, TAX, WALKING
from supervisor.bench.stage import Stage
from supervisor.bench.visitors import PAGE, PASSWORD, Guest, add_users
from supervisor.monitor.process import MonitorProcess

AXE = ROOT / "supervisor/page/node_modules/axe-core/axe.min.js"
SCREENS = ROOT / "docs/screens"
PICTURES = frozenset({"log-in", "normal", "busy", "stale", "dialog", "wall", "phone"})
"""Those of the handbook."""
WANTED = "DENWABAN_SCREENS"
"""An environment variable: where it is 1, the pictures of the handbook are made anew."""
DESK, LAPTOP, PHONE, WALL = (1920, 1080), (1366, 768), (390, 844), (1920, 1080)
"""Widths and heights of what a supervisor has on his desk or with him, and of a screen on the wall."""
USERS: Mapping[str, list[tuple[str, str]]] = {
    "sv-all": [("*", "supervisor")],
    "sv-tax": [(TAX, "supervisor")],
    "leader-tax": [(TAX, "leader")],
    "auditor-tax": [(TAX, "auditor")],
    "admin-tax": [(TAX, "administrator")],
    "admin-all": [("*", "administrator")],
    "sv-walking": [(WALKING, "supervisor")],
    "supervisor191": [(TAX, "supervisor"), (WALKING, "supervisor")],
    "nobody": [],
}
"""Everybody who may log in, with PASSWORD."""
SHOWN_MS = 20_000
EXPECTED = ("Failed to load resource", "WebSocket connection to")
SCRIPT = "<img src=x onerror=window.struck=1><script>window.struck=1</script>"
NAMES = {"leader184": SCRIPT}
"""A name that must never be more than a text."""
BOARD = """() => ({
  seats: Object.fromEntries(
    [...document.querySelectorAll("[data-seat]")].map((one) => [one.dataset.seat, one.dataset.state]),
  ),
  waiting: [...document.querySelectorAll("[data-call]")].map((one) => one.dataset.call),
})"""
"""The board as it stands on the page: the seats with their states, and who waits, in order."""
SORTED = """(board) => ({
  seats: Object.entries(board.seats).sort((a, b) => a[0] < b[0] ? -1 : 1), waiting: board.waiting,
})"""
SAME = f"(truth) => JSON.stringify(({SORTED})(({BOARD})())) === JSON.stringify(({SORTED})(truth))"
"""Whether it is the same as another one in this form, in whatever order the seats stand."""


class House:
    """The stage and its monitor. Use `page` for somebody's board, `guest` for requests without a browser."""

    def __init__(self, stage: Stage, monitor: MonitorProcess, browser: Browser) -> None:
        self.stage = stage
        self.monitor = monitor
        self.browser = browser
        self.faults: list[str] = []

    @property
    def url(self) -> str:
        """The address of the page, with a slash at its end."""
        return f"{self.monitor.url}/"

    # ---- browsers

    @asynccontextmanager
    async def context(self, size: tuple[int, int] = DESK, **more: Any) -> AsyncIterator[BrowserContext]:
        """A browser in which nobody has logged in; `more` as Playwright takes it."""
        width, height = size
        named = {"locale": "ja-JP", "timezone_id": "Asia/Tokyo", **more}
        context = await self.browser.new_context(
            ignore_https_errors=True, viewport={"width": width, "height": height}, **named
        )
        try:
            yield context
        finally:
            await context.close()

    @asynccontextmanager
    async def visitor(self, size: tuple[int, int] = DESK, **more: Any) -> AsyncIterator[Page]:
        """The page of one who has not logged in."""
        async with self.context(size, **more) as context:
            page = await self.new_page(context)
            await page.goto(self.url)
            await page.wait_for_selector("[data-test=login]", timeout=SHOWN_MS)
            yield page

    @asynccontextmanager
    async def page(
        self, user: str, size: tuple[int, int] = DESK, at: str = "", **more: Any
    ) -> AsyncIterator[Page]:
        """Somebody's board, with everything on it; `at`: what stands behind the # of the address."""
        async with self.context(size, **more) as context:
            await self.enter(context, user)
            page = await self.new_page(context)
            await page.goto(f"{self.url}#{at}" if at else self.url)
            await shown(page)
            yield page

    async def enter(self, context: BrowserContext, user: str) -> None:
        """Log in without the form."""
        reply = await context.request.post(
            f"{self.url}api/session",
            data={"user": user, "password": PASSWORD},
            headers={"Origin": str(self.monitor.url.origin())},
        )
        assert reply.ok, await reply.text()

    async def new_page(self, context: BrowserContext) -> Page:
        """A page whose faults are noted."""
        page = await context.new_page()
        page.on("pageerror", lambda error: self.faults.append(f"{error.name}: {error.message}"))
        page.on("console", lambda message: self._said(message.type, message.text))
        page.on("request", lambda request: self._looked_at(request.url))
        return page

    def _said(self, kind: str, text: str) -> None:
        """What the browser has against the page; that something was refused, or nobody answered, is no fault of it."""
        if kind == "error" and not text.startswith(EXPECTED):
            self.faults.append(text)

    def _looked_at(self, url: str) -> None:
        """A page of ours asks nobody else."""
        if not url.startswith((self.url, self.url.replace("https:", "wss:", 1), "data:", "blob:")):
            self.faults.append(f"the page has asked {url}")

    # ---- requests without a browser

    def guest(self, user: str) -> Guest:
        """Somebody who has logged in: `async with house.guest("sv-tax") as guest:`."""
        return Guest(self.monitor.url, user)

    def anybody(self, cookie: str = "") -> aiohttp.ClientSession:
        """Somebody who has not, but may have a cookie from somewhere."""
        headers = {"Origin": str(self.monitor.url.origin())}
        if cookie:
            headers["Cookie"] = f"__Host-denwaban={cookie}"
        connector = aiohttp.TCPConnector(ssl=False)
        return aiohttp.ClientSession(self.monitor.url, connector=connector, headers=headers)

    async def engine(self, path: str) -> Any:
        """What the engine's own API tells its administrator; `path` without /v1."""
        token = (self.stage.site.secrets / "api/admin").read_text().strip()
        headers = {"Authorization": f"Bearer {token}"}
        url = self.stage.api.url
        async with aiohttp.ClientSession(url, headers=headers) as client, client.get(f"/v1/{path}") as reply:
            assert reply.status == 200
            return await reply.json()

    async def truth(self, project: str = "", *, leaders: bool = True) -> dict[str, Any]:
        """What the engine's own API has of a project, or of all, in the same form as BOARD.

        `leaders`: also the seats that serve no queue of it, and from which it is supervised.
        """

        def there(seat: dict[str, Any]) -> bool:
            of = {*seat["projects"], *(seat["supervises"] if leaders else ())}
            return project in of if project else bool(of)

        seats, calls = (await self.engine("seats"))["seats"], (await self.engine("calls"))["calls"]
        line = [one for one in calls if one["state"] == "QUEUED" and project in ("", one["project"])]
        line.sort(key=lambda one: (-one["priority"], one["queued_at"], one["call"]))
        return {
            "seats": {one["seat"]: one["state"] for one in seats if there(one)},
            "waiting": [one["call"] for one in line],
        }

    async def agrees(self, page: Page, project: str = "", *, leaders: bool = True) -> dict[str, Any]:
        """Wait until the page shows exactly what the engine has, row by row; it has to be still meanwhile."""
        truth = await self.truth(project, leaders=leaders)
        try:
            await page.wait_for_function(SAME, arg=truth, timeout=SHOWN_MS)
        except TimedOutError:
            assert await page.evaluate(BOARD) == truth
        return truth

    def audited(self, what: str) -> list[dict[str, Any]]:
        """The lines of the audit log that are of this."""
        return [line for line in self.stage.audit.entries() if line["what"] == what]


@asynccontextmanager
async def house_of(
    browser: Browser, folder: Path, waiting: int = 200, habits: Habits | None = None
) -> AsyncIterator[House]:
    """The stage plays and the monitor answers inside. Afterwards no page may have made an error meanwhile."""
    async with AsyncExitStack() as up:
        stage = await up.enter_async_context(Stage(folder, waiting=waiting, habits=habits, names=NAMES))
        await add_users(stage.site.store_url, **USERS)
        monitor = await up.enter_async_context(MonitorProcess(stage.config / "site.yaml", PAGE))
        house = House(stage, monitor, browser)
        yield house
    assert house.faults == []


# ---- pages


async def shown(page: Page, seats: int = 1) -> None:
    """Wait until the board stands there with data."""
    await page.wait_for_function(
        "(count) => document.querySelectorAll('[data-seat]').length >= count", arg=seats, timeout=SHOWN_MS
    )


async def log_in(page: Page, user: str, password: str = PASSWORD) -> None:
    """Fill in the form, as by the keyboard, and send it."""
    await page.locator("#user").fill(user)
    await page.locator("#password").fill(password)
    await page.locator("#password").press("Enter")


async def violations(page: Page, *without: str) -> list[str]:
    """What axe has against the page as it is, one line each; but for some rules."""
    await page.evaluate(AXE.read_text("utf-8"))
    rules = {rule: {"enabled": False} for rule in without}
    run = "(rules) => axe.run(document, {resultTypes: ['violations'], rules})"
    found = await page.evaluate(run, rules)
    return [
        f"{one['id']}: {one['help']}: {' '.join(map(str, node['target']))}"
        for one in found["violations"]
        for node in one["nodes"]
    ]


async def shot(page: Page, name: str) -> bytes:
    """A picture of the page (PNG); it is kept for the handbook where that is wanted."""
    wanted = os.environ.get(WANTED) == "1" and name in PICTURES
    return await page.screenshot(path=SCREENS / f"{name}.png" if wanted else None)

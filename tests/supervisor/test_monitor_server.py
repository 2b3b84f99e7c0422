"""The whole monitor on its port, beside a real engine and its API: from a browser's request to the engine and back."""

from __future__ import annotations

import asyncio
import json
import ssl
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from store.users import add_user
from supervisor.api.server import Api
from supervisor.monitor.guests import COOKIE, CSRF
from supervisor.monitor.page_files import PageError
from supervisor.monitor.server import Monitor, MonitorError
from supervisor.users import passwords
from telephony.ports import free_ports
from telephony.site import Bind, MonitorSite, Ports, Site, StoreSite
from tests.supervisor import api_office
from tests.supervisor.monitor_house import Page
from tests.supervisor.monitor_site import page as built_page
from tests.supervisor.monitor_users import PASSWORD, hash_quickly, store_of_users

pytestmark = pytest.mark.unit

USERS = {"hana": ("tax", "supervisor"), "kei": ("tax", "auditor"), "mizu": ("water", "supervisor")}
WHY = "苦情の対応"


def site_of(folder: Path, api: int) -> Site:
    """A site of this folder."""
    return Site(
        var_directory=folder,
        secrets_directory=folder / "secrets",
        store=StoreSite(url=f"sqlite:///{folder}/denwaban.db"),
        ports=Ports(api=api, monitor=free_ports(1)[0]),
        bind=Bind(),
        monitor=MonitorSite(),
    )


class Browser:
    """Somebody at his browser."""

    def __init__(self, client: aiohttp.ClientSession, url: str) -> None:
        self._client = client
        self._url = url
        self._head: dict[str, str] = {}
        self.page = Page()
        self.socket: aiohttp.ClientWebSocketResponse

    async def ask(self, method: str, path: str, body: Any = None) -> tuple[int, Any]:
        """Status and what is told."""
        asked = self._client.request(method, self._url + path, json=body, headers=self._head, ssl=False)
        async with asked as reply:
            return reply.status, json.loads(await reply.read() or b"null")

    async def log_in(self, user: str) -> None:
        """He logs in, and looks on."""
        body = {"user": user, "password": PASSWORD}
        async with self._client.post(f"{self._url}/api/session", json=body, ssl=False) as reply:
            assert reply.status == 200, await reply.text()
            token = reply.headers["Set-Cookie"].partition("=")[2].partition(";")[0]
            self._head = {"Cookie": f"{COOKIE}={token}", CSRF: (await reply.json())["csrf"]}
        self.socket = await self._client.ws_connect(
            f"{self._url}/api/live", headers={**self._head, "Origin": self._url}, ssl=False
        )

    def forge(self) -> None:
        """He makes a cookie up."""
        self._head = {"Cookie": f"{COOKIE}=x"}

    async def until(self, found: Callable[[dict[str, Any]], Any]) -> dict[str, Any]:
        """The tables, once they are like this."""
        while not (self.page.tables and found(self.page.tables)):
            self.page.take(await self.socket.receive_str(timeout=20))
        return self.page.tables


class House:
    """An engine with its API, a monitor beside it, and browsers."""

    def __init__(
        self, folder: Path, office: api_office.Site, monitor: Monitor, client: aiohttp.ClientSession
    ) -> None:
        self.folder = folder
        self.office = office
        self.monitor = monitor
        self._client = client

    async def browser(self, user: str) -> Browser:
        """Somebody has logged in and looks on."""
        browser = Browser(self._client, self.monitor.url)
        await browser.log_in(user)
        await browser.until(lambda tables: tables["projects"])
        return browser


@pytest.fixture
async def house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[House]:
    hash_quickly(monkeypatch)
    async with store_of_users(tmp_path) as database:
        for user, grant in USERS.items():
            await add_user(database, user, "", passwords.hash_password(PASSWORD), (grant,), 1.0)
    async with api_office.Site(tmp_path) as office:
        site = site_of(tmp_path, office.api.port)
        monitor = Monitor(site, built_page(tmp_path / "page"), clock=lambda: office.centre.now)
        client = aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar())
        async with monitor, client:
            yield House(tmp_path, office, monitor, client)


async def test_a_call_is_seen_and_heard_and_noted(house: House) -> None:
    centre = house.office.centre
    await house.office.at("op1", "s1")
    hana, kei, mizu = [await house.browser(user) for user in USERS]
    call = centre.talks("a", "s1")
    tables = await hana.until(lambda tables: tables["calls"].get(call, {}).get("state") == "TALKING")
    row = tables["calls"][call]
    assert (row["seat"], row["project"], row["caller"]) == ("s1", "tax", "090123****")
    await hana.until(lambda tables: tables["seats"]["s1"]["call"] == call)
    body = {"mode": "listen", "seat": "desk", "reason": WHY}
    assert (await mizu.ask("POST", f"/api/calls/{call}/ear", body))[0] == 404
    assert (await kei.ask("POST", f"/api/calls/{call}/ear", body))[0] == 403
    assert await hana.ask("POST", f"/api/calls/{call}/ear", body) == (200, {"subject": call})
    tables = await hana.until(lambda tables: tables["ears"])
    ear = tables["ears"]["desk"]
    assert (ear["by"], ear["heard"], ear["mode"], ear["call"]) == ("hana", "s1", "listen", call)
    assert (await hana.ask("DELETE", "/api/seats/desk/ear"))[0] == 200
    await hana.until(lambda tables: not tables["ears"])
    status, told = await hana.ask("DELETE", "/api/seats/desk/ear")
    assert (status, told["code"]) == (409, "conflict")
    centre.hangs_up("a")
    await kei.until(lambda tables: call not in tables["calls"] or tables["calls"][call]["state"] == "WRAP_UP")
    assert not any("desk" in str(frame.get("set", {}).get("ears", "")) for frame in kei.page.frames)
    assert call not in json.dumps(mizu.page.frames)
    tables = await kei.until(lambda tables: tables["figures"]["tax"]["outcomes"])
    figures = tables["figures"]["tax"]
    assert (figures["received"], figures["outcomes"], figures["rate"]) == (1, {"answered": 1}, 1.0)
    noted = [line for line in centre.audited() if line["by"] == "hana" and line["why"]]
    assert [(line["seat"], line["call"], line["why"]) for line in noted] == [("desk", call, WHY)]
    status, told = await kei.ask("GET", "/api/audit")
    assert WHY in json.dumps(told, ensure_ascii=False)


async def test_seats_and_projects_are_told_what_to_be(house: House) -> None:
    await house.office.at("op1", "s1")
    hana, mizu = await house.browser("hana"), await house.browser("mizu")
    assert await hana.ask("POST", "/api/seats/s1/state", {"state": "break", "reason": WHY}) == (
        200,
        {"subject": "s1"},
    )
    await hana.until(
        lambda tables: (tables["seats"]["s1"]["state"], tables["seats"]["s1"]["reason"]) == ("BREAK", WHY)
    )
    assert (await hana.ask("POST", "/api/seats/s1/state", {"state": "ready", "reason": WHY}))[0] == 200
    await hana.until(lambda tables: tables["seats"]["s1"]["state"] == "READY")
    assert (await hana.ask("POST", "/api/seats/s1/state", {"state": "logged_out", "reason": WHY}))[0] == 200
    await hana.until(lambda tables: tables["seats"]["s1"]["state"] == "LOGGED_OUT")
    closing = {"kind": "closed", "until": "2026-05-07T17:15", "reason": WHY}
    assert (await mizu.ask("POST", "/api/projects/tax/switch", closing))[0] == 404
    assert await hana.ask("POST", "/api/projects/tax/switch", closing) == (
        200,
        {"project": "tax", "stored": True},
    )
    tables = await hana.until(lambda tables: not tables["projects"]["tax"]["open"])
    assert (tables["projects"]["tax"]["override"], tables["projects"]["tax"]["by"]) == ("closed", "hana")
    status, told = await hana.ask("POST", "/api/projects/tax/switch", {**closing, "until": "tomorrow"})
    assert (status, told["code"]) == (400, "bad_request")
    assert (await hana.ask("POST", "/api/projects/tax/switch", {"kind": "none", "reason": WHY}))[0] == 200
    await hana.until(lambda tables: tables["projects"]["tax"]["override"] is None)
    for what in ("w1", "nothing"):
        assert (await hana.ask("POST", f"/api/seats/{what}/state", {"state": "ready", "reason": WHY}))[
            0
        ] == 404
    whys = {
        line["why"]
        for line in house.office.centre.audited()
        if line["by"] == "hana" and line["what"] != "login"
    }
    assert whys == {WHY}


async def test_an_engine_that_goes_leaves_the_page_and_comes_back(house: House) -> None:
    centre = house.office.centre
    hana = await house.browser("hana")
    call = centre.waits("a")
    await hana.until(lambda tables: call in tables["calls"])
    port = house.office.api.port
    await house.office.api.__aexit__(None, None, None)
    tables = await hana.until(lambda tables: "engine_away" in tables["alarms"])
    assert call in tables["calls"], "what was known stays"
    status, told = await hana.ask("POST", "/api/seats/s1/state", {"state": "ready", "reason": WHY})
    assert (status, told["code"]) == (503, "engine_away")
    centre.hangs_up("a")
    later = centre.waits("b")
    async with Api(centre.office, centre.live, port):
        tables = await hana.until(
            lambda tables: "engine_away" not in tables["alarms"] and later in tables["calls"]
        )
        assert call not in tables["calls"]
        await hana.socket.close()


async def test_it_answers_before_there_is_any_engine_or_table(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    hash_quickly(monkeypatch)
    site, folder = site_of(tmp_path, free_ports(1)[0]), built_page(tmp_path / "page")
    client = aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar())
    async with Monitor(site, folder) as monitor, client:
        browser = Browser(client, monitor.url)
        status, told = await browser.ask("GET", "/api/openapi.json")
        assert (status, told["openapi"]) == (200, "3.1.0")
        browser.forge()
        while (told := (await browser.ask("GET", "/api/session"))[1])["code"] == "store_away":
            pass
        assert told["code"] == "not_logged_in"
        status, told = await browser.ask("POST", "/api/session", {"user": "hana", "password": "x"})
        assert (status, told["code"]) == (401, "bad_login")
        await _scan(monitor)
        assert "Error handling request" not in caplog.text
        with pytest.raises(MonitorError, match=r"TCP port \d+ on 127.0.0.1 cannot be used"):
            await Monitor(site, folder).__aenter__()
    with pytest.raises(PageError):
        await Monitor(site, tmp_path / "nowhere").__aenter__()


async def _scan(monitor: Monitor) -> None:
    """Somebody speaks no HTTP to it."""
    trusting = ssl.create_default_context()
    trusting.check_hostname, trusting.verify_mode = False, ssl.CERT_NONE
    port = int(monitor.url.rpartition(":")[2])
    reader, writer = await asyncio.open_connection("127.0.0.1", port, ssl=trusting)
    writer.write(b"GET / HTTP/9.9\r\nCookie: geheim\r\n\r\n")
    assert b"400" in await reader.readline()
    writer.close()
    await asyncio.gather(writer.wait_closed(), return_exceptions=True)

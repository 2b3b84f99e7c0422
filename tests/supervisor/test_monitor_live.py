"""The WebSocket of the page: who may look on, for how long, and what he is told when he may not."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from supervisor.monitor.live import SESSION_OVER
from supervisor.monitor.routes import LIVE
from supervisor.monitor.screen import Screen
from tests.supervisor import monitor_house as house
from tests.supervisor.monitor_browser import browse, refused
from tests.supervisor.monitor_house import changes, gone
from tests.supervisor.monitor_site import ABSOLUTE_S, IDLE_S, Site
from tests.supervisor.monitor_users import AT, hash_quickly
from tests.supervisor.monitor_viewers import reason

pytestmark = pytest.mark.unit


@pytest.fixture
async def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Site]:
    hash_quickly(monkeypatch)
    async with Site(tmp_path) as site:
        yield site


async def test_who_looks_on_is_shown_everything_and_then_what_changes(site: Site) -> None:
    browser = await browse(site, await site.log_in("taro"), Origin=f"http://127.0.0.1:{site.server.port}")
    page = browser.page
    assert page.frames[0]["type"] == "snapshot"
    assert (page.frames[0]["at"], page.frames[0]["data_at"]) == (AT, house.AT)
    assert set(page.tables["projects"]) == {"tax"}
    assert set(page.tables["calls"]) == {"c1"}
    assert set(page.tables["seats"]) == {"s1", "desk", "both"}
    assert page.tables["seats"]["both"]["projects"] == ["tax"]
    site.hall.hear(changes(gone("call", "c1"), gone("call", "c2"), house.call("c3")))
    await browser.until(lambda page: set(page.tables["calls"]) == {"c3"})
    site.hall.hear(changes(house.call("c9", "water")))
    site.hall.tick()
    await browser.until(lambda page: page.frames[-1]["type"] == "tick")
    assert "c9" not in json.dumps(page.frames)
    await browser.socket.close()


async def test_who_may_not_look_on(site: Site) -> None:
    session = await site.log_in()
    assert await refused(site, {}) == (401, "not_logged_in")
    assert await refused(site, {"Cookie": "__Host-denwaban=x"}) == (401, "not_logged_in")
    for origin in (
        "https://evil.example",
        "null",
        "http://[",
        f"https://127.0.0.1:{site.server.port}.evil.example",
    ):
        assert await refused(site, {**session.cookie, "Origin": origin}) == (403, "csrf")
    answer = await site.ask("GET", LIVE, session)
    assert (answer.status, answer.code) == (400, "bad_request")
    assert len(site.hall) == 0


async def test_somebody_of_no_project_sees_alarms_only(site: Site) -> None:
    browser = await browse(site, await site.log_in("nobody"))
    site.hall.away("it is gone")
    page = await browser.until(lambda page: page.tables["alarms"])
    assert {name for name, rows in page.tables.items() if rows} == {"alarms"}
    await browser.socket.close()


async def test_who_has_missed_something_asks_for_everything_but_not_all_the_time(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked, again = [], site.hall.again

    def noted(screen: Screen) -> None:
        asked.append(site.watch.now)
        again(screen)

    monkeypatch.setattr(site.hall, "again", noted)
    browser = await browse(site, await site.log_in())
    await browser.socket.send_json({"type": "snapshot"})
    await browser.until(lambda page: len(page.frames) == 2)
    site.watch.now += 1
    for _ in range(5):
        await browser.socket.send_json({"type": "snapshot"})
    page = await browser.until(lambda page: page.frames[-1]["at"] == AT + 1)
    assert {frame["type"] for frame in page.frames} == {"snapshot"}
    await browser.socket.send_str("x" * 2000)
    await browser.closed()
    assert asked == [AT, AT + 1]


async def test_what_else_a_browser_says_means_nothing(site: Site) -> None:
    browser = await browse(site, await site.log_in())
    for text in (
        "",
        "{",
        "[]",
        "7",
        '"snapshot"',
        '{"type": ["snapshot"]}',
        '{"type": "all"}',
        "[" * 1000,
        "x" * 1000,
    ):
        await browser.socket.send_str(text)
    await browser.socket.send_bytes(b'{"type": "snapshot"}')
    await browser.socket.send_json({"type": "snapshot"})
    await browser.until(lambda page: len(page.frames) == 2)
    site.hall.tick()
    await browser.until(lambda page: page.frames[-1]["type"] == "tick")
    assert len(browser.page.frames) == 3
    await browser.socket.send_str("x" * 1025)
    assert await browser.closed() == aiohttp.WSCloseCode.MESSAGE_TOO_BIG


async def test_a_session_that_is_over_ends_its_screens_and_no_others(site: Site) -> None:
    session, other = await site.log_in(), await site.log_in()
    ended, stays = await browse(site, session), await browse(site, other)
    again = await browse(site, session)
    await site.live.review()
    assert len(site.hall) == 3
    await site.ask("DELETE", "/api/session", session)
    reviewing = asyncio.create_task(site.live.review())
    assert await ended.closed() == await again.closed() == SESSION_OVER
    await reviewing
    assert len(site.hall) == 1
    site.hall.hear(reason("x"))
    await stays.until(lambda page: page.tables["seats"]["s1"]["reason"] == "x")
    assert await refused(site, session.cookie) == (401, "not_logged_in")
    await stays.socket.close()


async def test_a_session_ends_at_last_also_while_somebody_looks_on(site: Site) -> None:
    browser = await browse(site, await site.log_in())
    while site.watch.now + IDLE_S / 2 < AT + ABSOLUTE_S:
        site.watch.now += IDLE_S / 2
        await site.live.review()
    assert len(site.hall) == 1
    site.watch.now = AT + ABSOLUTE_S
    reviewing = asyncio.create_task(site.live.review())
    assert await browser.closed() == SESSION_OVER
    await reviewing


async def test_who_looks_on_stays_while_the_store_is_away_but_not_for_ever(site: Site) -> None:
    browser = await browse(site, await site.log_in())
    async with site.database.engine.begin() as connection:
        await connection.exec_driver_sql("DROP TABLE user_sessions")
    await site.live.review()
    assert len(site.hall) == 1
    site.watch.now = AT + ABSOLUTE_S
    reviewing = asyncio.create_task(site.live.review())
    assert await browser.closed() == SESSION_OVER
    await reviewing


async def test_who_cannot_be_looked_up_is_sent_away(
    site: Site, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    browser = await browse(site, await site.log_in())

    async def fails(*_: Any) -> Any:
        raise LookupError

    monkeypatch.setattr(site.live._guests.sessions, "of", fails)
    reviewing = asyncio.create_task(site.live.review())
    assert await browser.closed() == SESSION_OVER
    await reviewing
    assert "whether somebody may still look on" in caplog.text


async def test_a_new_project_is_shown_to_who_may_see_all(site: Site) -> None:
    boss, other = await browse(site, await site.log_in("boss")), await browse(site, await site.log_in())
    site.live.projects_are(frozenset(site.board.mirror.projects))
    site.hall.hear(changes(house.project(project="gas"), house.call("g1", "gas")))
    site.live.projects_are(frozenset(site.board.mirror.projects))
    page = await boss.until(lambda page: "gas" in page.tables["projects"])
    assert "g1" in page.tables["calls"]
    site.hall.tick()
    await other.until(lambda page: page.frames[-1]["type"] == "tick")
    assert "gas" not in json.dumps(other.page.frames)
    site.hall.hear(changes(gone("project", "gas")))
    site.live.projects_are(frozenset(site.board.mirror.projects))
    await boss.until(lambda page: "gas" not in page.tables["projects"] and "g1" not in page.tables["calls"])
    for browser in (boss, other):
        await browser.socket.close()

"""Texts through an HTTP gateway that refuses, is slow, or is not there."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from pydantic import ValidationError
from sqlalchemy import select

from calls.commands import SendNotice
from calls.events import TimePassed
from calls.journal import Entry
from store.database import Database
from store.journal_writer import JournalWriter
from store.migrations import upgrade
from store.models import NOTICES
from telephony.gateway import Gateways
from telephony.gateway_site import GatewaySite
from telephony.ports import free_ports

pytestmark = pytest.mark.unit

LIMIT = 20.0
NUMBER, TEXT = "0900000001", "窓口は2階です"


class Office:
    """An HTTP server that answers with these statuses in turn (the last one for ever); `hangs`: not at all."""

    def __init__(self, *statuses: int, hangs: int = 0) -> None:
        self.statuses = list(statuses)
        self.hangs = hangs
        self.requests: list[tuple[str, dict[str, str], Any]] = []
        self.url = ""
        self._changed = asyncio.Condition()

    async def serve(self, request: web.Request) -> web.Response:
        """One request."""
        json = request.content_type == "application/json"
        body = await request.json() if json else dict(await request.post())
        self.requests.append((request.method, dict(request.headers), body))
        async with self._changed:
            self._changed.notify_all()
        if len(self.requests) <= self.hangs:
            await asyncio.Event().wait()
        return web.Response(status=self.statuses.pop(0) if len(self.statuses) > 1 else self.statuses[0])

    async def until(self, requests: int) -> None:
        """Wait until so many came."""
        async with asyncio.timeout(LIMIT), self._changed:
            await self._changed.wait_for(lambda: len(self.requests) >= requests)


@asynccontextmanager
async def office(*statuses: int, hangs: int = 0) -> AsyncIterator[Office]:
    there = Office(*statuses, hangs=hangs)
    app = web.Application()
    app.router.add_route("*", "/send", there.serve)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    there.url = f"http://127.0.0.1:{runner.addresses[0][1]}/send"
    try:
        yield there
    finally:
        await runner.cleanup()


def site(url: str, **fields: Any) -> GatewaySite:
    return GatewaySite(name="sms", url=url, **({"first_pause_s": 0.01, "timeout_s": 5} | fields))


class Post:
    """A journal, and gateways that send what is put into it."""

    def __init__(self, directory: Path) -> None:
        self.database = Database(f"sqlite:///{directory}/post.db")
        self.journal = JournalWriter(self.database, "run")
        self._number = 0

    def put(self, notice: str, gateway: str = "sms", to: str = NUMBER) -> SendNotice:
        """The engine wants a text to be sent."""
        self._number += 1
        command = SendNotice(notice, "c1", "city", gateway, to, TEXT)
        self.journal.put(Entry(self._number, 1000.0 + self._number, TimePassed(), [command]))
        return command

    @asynccontextmanager
    async def gateways(self, *sites: GatewaySite, secret: str = "") -> AsyncIterator[Gateways]:
        async with Gateways(sites, {"sms": secret}, self.database, self.journal.flush) as gateways:
            yield gateways

    async def states(self, *wanted: str) -> None:
        """Wait until the texts, in their order, have come to these states."""
        async with asyncio.timeout(LIMIT):
            while await self._states() != list(wanted):  # noqa: ASYNC110
                await asyncio.sleep(0.005)  # only the database knows

    async def _states(self) -> list[str]:
        await self.journal.flush()
        async with self.database.engine.connect() as connection:
            return list(await connection.scalars(select(NOTICES.c.state).order_by(NOTICES.c.notice)))


@pytest.fixture
async def post(tmp_path: Path) -> AsyncIterator[Post]:
    await upgrade(f"sqlite:///{tmp_path}/post.db")
    made = Post(tmp_path)
    async with made.database, made.journal:
        yield made


async def test_a_text_is_sent_once_with_all_that_the_gateway_wants(post: Post) -> None:
    async with office(200) as there:
        headers = {"Authorization": "Bearer {secret}"}
        body = {"phone": "{to}", "message": "[{project}] {text}", "ref": "{id}"}
        async with post.gateways(
            site(there.url, headers=headers, body=body, method="PUT"), secret="s3"
        ) as gateways:
            gateways.carry_out(post.put("n1"))
            await post.states("sent")
    [(method, sent, said)] = there.requests
    assert (method, sent["Authorization"], sent["Idempotency-Key"]) == ("PUT", "Bearer s3", "n1")
    assert said == {"phone": NUMBER, "message": f"[city] {TEXT}", "ref": "n1"}


async def test_a_form(post: Post) -> None:
    async with office(201) as there, post.gateways(site(there.url, format="form")) as gateways:
        gateways.carry_out(post.put("n1"))
        await post.states("sent")
    assert there.requests[0][2] == {"id": "n1", "project": "city", "to": NUMBER, "text": TEXT}


@pytest.mark.parametrize("status", [500, 503, 429, 408, 302])
async def test_a_gateway_that_fails_twice_is_tried_again(post: Post, status: int) -> None:
    async with office(status, status, 200) as there, post.gateways(site(there.url)) as gateways:
        gateways.carry_out(post.put("n1"))
        await post.states("sent")
    assert {sent["Idempotency-Key"] for _, sent, _ in there.requests} == {"n1"}
    assert len(there.requests) == 3


async def test_a_text_that_the_gateway_never_takes_is_given_up(
    post: Post, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG, "telephony")
    async with office(400, 200) as there, post.gateways(site(there.url)) as gateways:
        gateways.carry_out(post.put("n1"))
        gateways.carry_out(post.put("n2"))
        await post.states("failed", "sent")
    assert "the text n1 is given up" in caplog.text
    assert NUMBER not in caplog.text
    assert TEXT not in caplog.text


async def test_tries_come_to_an_end(post: Post) -> None:
    async with office(500) as there, post.gateways(site(there.url, tries=3)) as gateways:
        gateways.carry_out(post.put("n1"))
        await post.states("failed")
    assert len(there.requests) == 3


async def test_a_gateway_that_does_not_answer_in_time(post: Post) -> None:
    async with office(200, hangs=1) as there, post.gateways(site(there.url, timeout_s=0.05)) as gateways:
        gateways.carry_out(post.put("n1"))
        await post.states("sent")
    assert len(there.requests) == 2


async def test_a_gateway_that_is_not_there_holds_up_no_other(post: Post) -> None:
    [nobody] = free_ports(1)
    away = site(f"http://127.0.0.1:{nobody}/send").model_copy(update={"name": "away", "first_pause_s": 60.0})
    async with office(200) as there, post.gateways(site(there.url), away) as gateways:
        gateways.carry_out(post.put("n1", gateway="away"))
        gateways.carry_out(post.put("n2"))
        await post.states("waiting", "sent")


async def test_what_an_earlier_life_left_is_sent_at_the_next_start_and_nothing_twice(post: Post) -> None:
    async with office(200) as there:
        async with post.gateways(site(there.url)) as gateways:
            gateways.carry_out(post.put("n1"))
            await post.states("sent")
        post.put("n2")
        async with post.gateways(site(there.url)):
            await post.states("sent", "sent")
    assert [sent["Idempotency-Key"] for _, sent, _ in there.requests] == ["n1", "n2"]


async def test_a_gateway_that_is_not_configured(post: Post, caplog: pytest.LogCaptureFixture) -> None:
    async with post.gateways() as gateways:
        gateways.carry_out(post.put("n1", gateway="fax"))
    assert "there is no gateway 'fax' in site.yaml" in caplog.text


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"url": "http://sms.example/send"}, "use https"),
        ({"url": "sms.example"}, "write the gateway's address"),
        ({"url": "https://sms.example", "name": "A B"}, "match"),
        ({"url": "https://sms.example", "tries": 0}, "greater"),
    ],
)
def test_what_a_gateway_may_not_be(fields: dict[str, Any], told: str) -> None:
    with pytest.raises(ValidationError, match=told):
        GatewaySite.model_validate({"name": "sms"} | fields)

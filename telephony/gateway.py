"""Sends texts through the HTTP gateways of the site: queued in the database, tried again, never in a caller's way.

A text is sent at least once: after a crash between the gateway's yes and our note of it, it is sent again, under
the same id. Nothing here logs a number or a text.
"""

from __future__ import annotations

import asyncio
import logging
import re
import time
from collections.abc import Awaitable, Callable, Iterable, Mapping
from types import TracebackType

import aiohttp
from sqlalchemy.exc import SQLAlchemyError

from calls.commands import SendNotice
from store.database import Database
from store.outbox import FAILED, SENT, Notice, due_notices, next_due, postpone_notice, settle_notice
from telephony.backoff import Backoff
from telephony.gateway_site import GIVEN_SECRET, GatewaySite

log = logging.getLogger(__name__)

NO_ANSWER = 0
_REPEATABLE = {408, 425, 429}
"""What a gateway says of the moment; every other 4xx is about the text itself, and stays so."""

_FIELD = re.compile(r"\{(to|text|id|project)\}")

Safe = Callable[[], Awaitable[None]]


class Gateways:
    """`async with Gateways(...) as gateways:` sends inside, beginning with what an earlier life left.

    `secrets` holds those of the gateways by name. `safe()` waits until all that was put into the journal is in
    the database, from where the texts are taken.
    """

    def __init__(
        self, sites: Iterable[GatewaySite], secrets: Mapping[str, str], database: Database, safe: Safe
    ) -> None:
        self._lines = {site.name: _Line(site, secrets.get(site.name, ""), database, safe) for site in sites}
        self._tasks: list[asyncio.Task[None]] = []

    def carry_out(self, command: SendNotice) -> None:
        """A text is in the journal and wants to be sent. Does not wait."""
        line = self._lines.get(command.gateway)
        if line is None:
            log.error(
                "there is no gateway '%s' in site.yaml: the text %s waits", command.gateway, command.notice
            )
        else:
            line.hurry()

    async def __aenter__(self) -> Gateways:
        self._tasks = [
            asyncio.create_task(line.run(), name=f"gateway {name}") for name, line in self._lines.items()
        ]
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)


class _Line:
    """The texts of one gateway. A gateway that is away holds up no other."""

    def __init__(self, site: GatewaySite, secret: str, database: Database, safe: Safe) -> None:
        self._site = site
        self._headers = {name: value.replace(GIVEN_SECRET, secret) for name, value in site.headers.items()}
        self._database = database
        self._safe = safe
        self._wanted = asyncio.Event()

    def hurry(self) -> None:
        self._wanted.set()

    async def run(self) -> None:
        timeout = aiohttp.ClientTimeout(total=self._site.timeout_s)
        trouble = Backoff(first=0.5, most=60.0)
        async with aiohttp.ClientSession(timeout=timeout, headers=self._headers) as session:
            while True:
                try:
                    await self._work(session)
                    trouble.reset()
                except (SQLAlchemyError, OSError) as error:
                    kind, pause = type(error).__name__, trouble.next()
                    log.warning("gateway %s cannot read its queue (%s)", self._site.name, kind)
                    await asyncio.sleep(pause)

    async def _work(self, session: aiohttp.ClientSession) -> None:
        """Send all that is due, then wait until something else is."""
        self._wanted.clear()
        await self._safe()
        while due := await due_notices(self._database, self._site.name, time.time(), self._site.at_once):
            await asyncio.gather(*(self._try(session, notice) for notice in due))
        until = await next_due(self._database, self._site.name)
        pause = None if until is None else max(0.0, until - time.time())
        try:
            async with asyncio.timeout(pause):
                await self._wanted.wait()
        except TimeoutError:
            pass

    async def _try(self, session: aiohttp.ClientSession, notice: Notice) -> None:
        status = await self._request(session, notice)
        tried = notice.tries + 1
        if 200 <= status < 300:
            await settle_notice(self._database, notice.id, SENT)
        elif tried >= self._site.tries or (400 <= status < 500 and status not in _REPEATABLE):
            log.error("gateway %s: the text %s is given up (%s)", self._site.name, notice.id, _said(status))
            await settle_notice(self._database, notice.id, FAILED)
        else:
            log.warning("gateway %s: the text %s has to wait (%s)", self._site.name, notice.id, _said(status))
            await postpone_notice(self._database, notice.id, time.time() + self._pause(tried))

    def _pause(self, tried: int) -> float:
        doubled: float = self._site.first_pause_s * 2 ** min(tried - 1, 40)
        return min(self._site.longest_pause_s, doubled)

    async def _request(self, session: aiohttp.ClientSession, notice: Notice) -> int:
        """The status of the answer; NO_ANSWER where none came."""
        site = self._site
        values = {"to": notice.to, "text": notice.text, "id": notice.id, "project": notice.project}
        body = {name: _FIELD.sub(lambda found: values[found[1]], form) for name, form in site.body.items()}
        json, form = (body, None) if site.format == "json" else (None, body)
        headers = {"Idempotency-Key": notice.id}
        try:
            async with session.request(
                site.method, site.url, json=json, data=form, headers=headers, allow_redirects=False
            ) as answer:
                return answer.status
        except (aiohttp.ClientError, TimeoutError):
            return NO_ANSWER


def _said(status: int) -> str:
    return f"it answered {status}" if status else "it did not answer"

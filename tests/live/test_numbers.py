"""What the dialplan tells the engine of a call: the number dialled, the caller's, whether it is withheld."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest

from telephony.asterisk import EmbeddedAsterisk
from telephony.asterisk_check import ari_headers
from tests.live.sip import SipCaller

pytestmark = pytest.mark.live

CITY = '"0488301111" <sip:0488301111@carrier.example>'
ANONYMOUS = '"Anonymous" <sip:anonymous@anonymous.invalid>'
PAI = "P-Asserted-Identity: <sip:0488301111@carrier.example>"
NAVI = "0570012229"


class StasisApp:
    """The engine's place: takes calls, notes their arguments, hangs up."""

    def __init__(self, asterisk: EmbeddedAsterisk, session: aiohttp.ClientSession) -> None:
        self.asterisk = asterisk
        self.session = session

    async def arguments_of(self, number: str, sender: str, *headers: str) -> tuple[list[str], dict[str, Any]]:
        """The arguments and the channel of the StasisStart that the INVITE leads to; the call is ended."""
        url = f"{self.asterisk.address.ari_url}/events?app={self.asterisk.plan.app}"
        async with (
            asyncio.timeout(10),
            self.session.ws_connect(url) as events,
            SipCaller(self.asterisk.plan.ports.sip) as caller,
        ):
            caller.invite(number, sender, headers)
            start = await self._event(events, "StasisStart")
            await self._hang_up(start["channel"]["id"])
            await caller.final
            await self._event(events, "StasisEnd")
        return start["args"], start["channel"]

    async def _event(self, events: aiohttp.ClientWebSocketResponse, kind: str) -> dict[str, Any]:
        while True:
            event: dict[str, Any] = await events.receive_json()
            if event["type"] == kind:
                return event

    async def _hang_up(self, channel: str) -> None:
        async with self.session.delete(f"{self.asterisk.address.ari_url}/channels/{channel}") as answer:
            assert answer.status == 204


@pytest.fixture
async def app(asterisk: EmbeddedAsterisk) -> AsyncIterator[StasisApp]:
    headers = ari_headers(asterisk.address, asterisk.secrets)
    async with aiohttp.ClientSession(headers=headers) as session:
        yield StasisApp(asterisk, session)


@pytest.mark.parametrize(
    ("dialled", "number"),
    [
        ("0570012229", "0570012229"),
        ("+81570012229", "0570012229"),
        ("81570012229", "0570012229"),
        ("+810570012229", "0570012229"),
        ("+81488301111;npdi=yes", "0488301111"),
        ("0488301111", "0488301111"),
        ("35", "35"),
    ],
)
async def test_every_form_of_a_number_dialled_is_one(app: StasisApp, dialled: str, number: str) -> None:
    arguments, _ = await app.arguments_of(dialled, CITY, PAI)
    assert arguments == ["inbound", number, "0488301111", "0"]


@pytest.mark.parametrize(
    ("identity", "caller"),
    [
        ("<sip:0488301111@carrier.example>", "0488301111"),
        ("<sip:+81488301111@carrier.example;user=phone>", "0488301111"),
        ("<sip:81488301111@carrier.example>", "0488301111"),
        ("<sip:+819012345678@carrier.example>", "09012345678"),
        ("<sip:+12125550100@carrier.example>", "+12125550100"),
        ('"Tax, (Office)" <sip:+81488301111@carrier.example>', "0488301111"),
        ("<tel:+81488301111>", "0488301111"),
    ],
)
async def test_the_caller_is_whom_the_carrier_names(app: StasisApp, identity: str, caller: str) -> None:
    sender = "<sip:0312345678@carrier.example>"
    arguments, channel = await app.arguments_of(NAVI, sender, f"P-Asserted-Identity: {identity}")
    assert arguments == ["inbound", NAVI, caller, "0"]
    assert channel["caller"]["number"] == caller


@pytest.mark.parametrize(
    ("sender", "headers"),
    [
        (CITY, (PAI, "Privacy: id")),
        (ANONYMOUS, ()),
        (ANONYMOUS, (PAI,)),
        (ANONYMOUS, (PAI, "Privacy: id")),
        (CITY, ()),
        ('"x) $[1/0] ${EXTEN}" <sip:anonymous@carrier.example>', (PAI,)),
        (CITY, ("P-Asserted-Identity: <sip:unavailable@carrier.example>",)),
    ],
    ids=["184", "anonymous", "anonymous with PAI", "both", "no PAI", "hostile name", "no number"],
)
async def test_a_withheld_number_goes_no_further(
    app: StasisApp, sender: str, headers: tuple[str, ...]
) -> None:
    arguments, channel = await app.arguments_of(NAVI, sender, *headers)
    assert arguments == ["inbound", NAVI, "", "1"]
    assert "0488301111" not in str(channel)


async def test_a_caller_meets_congestion_while_the_engine_is_away(asterisk: EmbeddedAsterisk) -> None:
    async with asyncio.timeout(10), SipCaller(asterisk.plan.ports.sip) as caller:
        caller.invite(NAVI, CITY, (PAI,))
        assert await caller.final == 503


async def test_no_number_gets_into_the_log(app: StasisApp) -> None:
    await app.arguments_of("0570012229", CITY, PAI)
    await app.arguments_of("+81488301111", ANONYMOUS, PAI, "Privacy: id")
    log = app.asterisk.plan.log.read_text()
    assert not any(digits in log for digits in ("570012229", "488301111"))

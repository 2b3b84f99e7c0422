"""What we rely on in AMI: recording by channel id, registrations, RTCP."""

from __future__ import annotations

import asyncio
import hashlib
import re
import secrets
from collections.abc import AsyncIterator
from typing import cast

import pytest

from telephony.ami import Ami, AmiError, AmiSettings
from telephony.ari import AriClient, AriSettings
from telephony.ari.events import Channel, ChannelDestroyed, Event, StasisStart
from telephony.asterisk import EmbeddedAsterisk
from tests.live.sip import SipCaller

pytestmark = pytest.mark.live


class Phone(asyncio.DatagramProtocol):
    """Registers with digest authentication (RFC 2617, MD5)."""

    def __init__(self, asterisk: EmbeddedAsterisk, name: str) -> None:
        self._name = name
        self._password = asterisk.secrets.phones[name]
        self._server = ("127.0.0.1", asterisk.plan.ports.sip)
        self._call_id = secrets.token_hex(8)
        self._number = 0
        self._expires = 0
        self.accepted: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    async def register(self, expires: int) -> None:
        self._expires = expires
        self.accepted = asyncio.get_running_loop().create_future()
        self._ask("")
        await asyncio.wait_for(self.accepted, 5)

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.DatagramTransport, transport)

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        text = data.decode()
        if text.startswith("OPTIONS"):
            kept = re.findall(r"^(?:Via|From|To|Call-ID|CSeq):.*$", text.replace("\r", ""), re.MULTILINE)
            self._send(["SIP/2.0 200 OK", *kept])
        elif text.startswith("SIP/2.0 401"):
            self._ask(self._authorization(text))
        elif text.startswith("SIP/2.0 200") and not self.accepted.done():
            self.accepted.set_result(None)

    def _authorization(self, text: str) -> str:
        realm, nonce = (re.findall(f'{key}="([^"]*)"', text)[0] for key in ("realm", "nonce"))
        who = _md5(f"{self._name}:{realm}:{self._password}")
        proof = _md5(f"{who}:{nonce}:00000001:x:auth:{_md5('REGISTER:sip:127.0.0.1')}")
        return (
            f'Authorization: Digest username="{self._name}", realm="{realm}", nonce="{nonce}",'
            f' uri="sip:127.0.0.1", response="{proof}", algorithm=MD5, qop=auth, nc=00000001, cnonce="x"'
        )

    def _ask(self, authorization: str) -> None:
        self._number += 1
        port = self._transport.get_extra_info("sockname")[1]
        identity = f"<sip:{self._name}@127.0.0.1>"
        lines = [
            "REGISTER sip:127.0.0.1 SIP/2.0",
            f"Via: SIP/2.0/UDP 127.0.0.1:{port};branch=z9hG4bK{self._call_id}{self._number}",
            f"From: {identity};tag={self._call_id}",
            f"To: {identity}",
            f"Call-ID: {self._call_id}",
            f"CSeq: {self._number} REGISTER",
            f"Contact: <sip:{self._name}@127.0.0.1:{port}>",
            "Max-Forwards: 70",
            f"Expires: {self._expires}",
        ]
        self._send([*lines, authorization] if authorization else lines)

    def _send(self, lines: list[str]) -> None:
        self._transport.sendto("\r\n".join([*lines, "Content-Length: 0", "", ""]).encode(), self._server)


def _md5(text: str) -> str:
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()


def _settings(asterisk: EmbeddedAsterisk, secret: str = "") -> AmiSettings:
    address = asterisk.address
    return AmiSettings(address.ami_user, secret or asterisk.secrets.ami, address.host, address.ami_port)


@pytest.fixture
async def ami(asterisk: EmbeddedAsterisk) -> AsyncIterator[Ami]:
    async with Ami(_settings(asterisk)) as connected:
        yield connected


@pytest.fixture
async def caller(asterisk: EmbeddedAsterisk) -> AsyncIterator[Channel]:
    """A caller, answered, who stays until the end of the test."""
    address = asterisk.address
    ari = AriClient(
        AriSettings(
            asterisk.plan.app, address.ari_user, asterisk.secrets.ari, address.host, address.http_port
        )
    )
    loop = asyncio.get_running_loop()
    started: asyncio.Future[Event] = loop.create_future()
    ended: asyncio.Future[Event] = loop.create_future()
    ari.on_event(StasisStart, started.set_result)
    ari.on_event(ChannelDestroyed, ended.set_result)
    async with ari, SipCaller(asterisk.plan.ports.sip) as sip:
        sip.invite("0570012229", "<sip:0488301111@carrier.example>")
        start = await asyncio.wait_for(started, 10)
        assert isinstance(start, StasisStart)
        await ari.channels.answer(start.channel.id)
        yield start.channel
        await ari.channels.hangup(start.channel.id)
        await asyncio.wait_for(ended, 10)


async def test_a_wrong_secret_is_told(asterisk: EmbeddedAsterisk) -> None:
    with pytest.raises(AmiError, match="secret"):
        await Ami(_settings(asterisk, "wrong")).connect()


async def test_a_recording_takes_the_channels_id_as_well_as_its_name(
    asterisk: EmbeddedAsterisk, ami: Ami, caller: Channel
) -> None:
    for channel in (caller.id, caller.name):
        await ami.mix_monitor(channel, f"by-{len(channel)}.raw")
    await ami.stop_mix_monitor(caller.id)
    await ami.stop_mix_monitor(caller.id)
    with pytest.raises(AmiError, match="Could not stop"):
        await ami.stop_mix_monitor(caller.id)


async def test_a_recording_of_a_channel_that_is_gone_is_refused(ami: Ami) -> None:
    with pytest.raises(AmiError, match="No such channel"):
        await ami.mix_monitor("gone", "gone.raw")


@pytest.fixture
async def phone(asterisk: EmbeddedAsterisk) -> AsyncIterator[Phone]:
    loop = asyncio.get_running_loop()
    transport, phone = await loop.create_datagram_endpoint(
        lambda: Phone(asterisk, "seat34"), local_addr=("127.0.0.1", 0)
    )
    yield phone
    transport.close()


async def test_a_phone_is_told_when_it_registers_and_when_it_leaves(
    asterisk: EmbeddedAsterisk, phone: Phone
) -> None:
    told: asyncio.Queue[tuple[str, bool]] = asyncio.Queue()
    first, second = Ami(_settings(asterisk)), Ami(_settings(asterisk))
    for ami in (first, second):
        ami.on_contact(lambda *contact: told.put_nowait(contact))
    async with asyncio.timeout(10), first:
        await phone.register(60)
        assert await told.get() == ("seat34", True)
        async with second:  # from the list, as after a restart of ours
            assert await told.get() == ("seat34", True)
        await phone.register(0)
        assert await told.get() == ("seat34", False)

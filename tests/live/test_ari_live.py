"""What our ARI client relies on in Asterisk; each surprise that it works around is pinned here."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import TypeVar

import pytest

from telephony.ari import AriAuthError, AriClient, AriError, AriSettings, Disconnected, Response
from telephony.ari.events import (
    Channel,
    ChannelDestroyed,
    ChannelEnteredBridge,
    Event,
    PlaybackFinished,
    PlaybackStarted,
    StasisEnd,
    StasisStart,
)
from telephony.asterisk import EmbeddedAsterisk
from tests.live.sip import SipCaller

pytestmark = pytest.mark.live

E = TypeVar("E", bound=Event)
USED: tuple[type[Event], ...] = (
    StasisStart,
    StasisEnd,
    ChannelDestroyed,
    ChannelEnteredBridge,
    PlaybackStarted,
    PlaybackFinished,
)


class Telephone:
    """A client that takes calls, and the order of everything that it hears."""

    def __init__(self, client: AriClient, asterisk: EmbeddedAsterisk) -> None:
        self.client = client
        self.asterisk = asterisk
        self.heard: list[Event] = []
        self._changed = asyncio.Event()
        for kind in USED:
            client.on_event(kind, self._take)

    def _take(self, event: Event) -> None:
        self.heard.append(event)
        self._changed.set()

    async def until(self, kind: type[E]) -> E:
        async with asyncio.timeout(10):
            while not (found := [event for event in self.heard if isinstance(event, kind)]):
                self._changed.clear()
                await self._changed.wait()
        return found[0]

    @asynccontextmanager
    async def call(self) -> AsyncIterator[Channel]:
        """A caller who stays until we hang up; nothing of the call is left afterwards."""
        async with SipCaller(self.asterisk.plan.ports.sip) as caller:
            caller.invite("0570012229", "<sip:0488301111@carrier.example>")
            channel = (await self.until(StasisStart)).channel
            try:
                yield channel
            finally:
                self.client.channels.hangup(channel.id).send()
                await self.until(ChannelDestroyed)

    def names(self) -> list[str]:
        return [type(event).__name__ for event in self.heard]


def _settings(asterisk: EmbeddedAsterisk) -> AriSettings:
    address = asterisk.address
    return AriSettings(
        app=asterisk.plan.app,
        username=address.ari_user,
        password=asterisk.secrets.ari,
        host=address.host,
        port=address.http_port,
        events=frozenset(kind.__name__ for kind in USED),
    )


@pytest.fixture
async def telephone(asterisk: EmbeddedAsterisk) -> AsyncIterator[Telephone]:
    async with AriClient(_settings(asterisk)) as client:
        yield Telephone(client, asterisk)
        assert await client.channels.list() == []
        assert await client.bridges.list() == []
        application = await client.applications.get(asterisk.plan.app)
        assert (application.channel_ids, application.bridge_ids) == ([], [])


async def test_pipelined_requests_are_carried_out_in_order(telephone: Telephone) -> None:
    results: list[Response | Disconnected] = []
    client = telephone.client
    async with telephone.call() as channel:
        client.channels.answer(channel.id).send(results.append)
        for number in range(20):
            bridge = f"pipelined-{number}"
            client.bridges.create(bridge).send(results.append)
            client.bridges.add_channel(bridge, channel.id).send(results.append)
            client.bridges.remove_channel(bridge, channel.id).send(results.append)
            client.bridges.destroy(bridge).send(results.append)
        await client.asterisk.ping()
    assert [result for result in results if isinstance(result, Disconnected) or not result.ok] == []
    assert len(results) == 81


async def test_a_callers_end_is_heard_of(telephone: Telephone) -> None:
    async with telephone.call():
        pass
    assert telephone.names() == ["StasisStart", "StasisEnd", "ChannelDestroyed"]


async def test_a_stopped_playback_finishes_as_done_and_a_lost_one_as_failed(telephone: Telephone) -> None:
    client = telephone.client
    sounds = telephone.asterisk.plan.tree / "usr/share/asterisk/sounds/en_US_f_Allison"
    async with telephone.call() as channel:
        client.channels.answer(channel.id).send()
        client.channels.play(channel.id, f"sound:{sounds}/demo-congrats", "stopped").send()
        await telephone.until(PlaybackStarted)
        await client.playbacks.stop("stopped")
        assert (await telephone.until(PlaybackFinished)).playback.state == "done"
        telephone.heard.clear()
        client.channels.play(channel.id, f"sound:{sounds}/demo-congrats", "lost").send()
        await telephone.until(PlaybackStarted)
    assert (await telephone.until(PlaybackFinished)).playback.state == "failed"


async def test_what_is_gone_is_refused(telephone: Telephone) -> None:
    client = telephone.client
    for call in (
        client.channels.answer("gone"),
        client.channels.hangup("gone"),
        client.playbacks.stop("gone"),
        client.bridges.destroy("gone"),
    ):
        with pytest.raises(AriError) as caught:
            await call
        assert caught.value.status == 404


async def test_a_phone_that_is_not_registered_is_refused_at_once(telephone: Telephone) -> None:
    with pytest.raises(AriError, match="500 Allocation failed"):
        await telephone.client.channels.originate("never", "PJSIP/seat01")


async def test_ids_with_odd_characters_arrive_as_they_are(telephone: Telephone) -> None:
    bridge = await telephone.client.bridges.create("a/b c%2F?d")
    assert bridge.id == "a/b c%2F?d"
    await telephone.client.bridges.destroy(bridge.id)


async def test_a_wrong_password_is_told(asterisk: EmbeddedAsterisk) -> None:
    with pytest.raises(AriAuthError, match="password"):
        await AriClient(replace(_settings(asterisk), password="wrong")).connect()


async def test_a_second_process_with_our_name_takes_over_once(asterisk: EmbeddedAsterisk) -> None:
    async with AriClient(_settings(asterisk)) as first, AriClient(_settings(asterisk)) as second:
        await asyncio.wait_for(first.given_up(), 10)
        assert not first.connected
        await second.asterisk.ping()


async def test_pings_are_answered(asterisk: EmbeddedAsterisk) -> None:
    lost: list[str] = []
    quick = replace(_settings(asterisk), ping_interval=0.05, dead_after=2.0)
    async with AriClient(quick) as client:
        client.on_disconnected(lost.append)
        for _ in range(200):
            await client.asterisk.ping()
        assert client.connected
    assert lost == ["closed"]

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from typing import Any

import pytest

from telephony.ari import AriBusy, AriClient, AriDisconnected, AriError, Disconnected, Response
from telephony.ari.events import ChannelDestroyed, StasisStart, UnknownEvent
from tests.telephony.fake_ari import FakeAri, fake_ari, settings

pytestmark = pytest.mark.unit

CHANNEL = {
    "id": "caller-1",
    "name": "PJSIP/trunk-1",
    "state": "Ring",
    "caller": {"name": "", "number": "0488301111"},
}


@pytest.fixture
async def fake() -> AsyncIterator[FakeAri]:
    async with fake_ari() as server:
        yield server


@pytest.fixture
async def client(fake: FakeAri) -> AsyncIterator[AriClient]:
    async with AriClient(settings(fake.port)) as connected:
        yield connected


def _next_event(client: AriClient, event: str) -> asyncio.Future[Any]:
    arrived: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
    client.on_event(event, arrived.set_result)
    return arrived


async def test_an_awaited_call_gives_a_typed_result(fake: FakeAri, client: AriClient) -> None:
    fake.answers["GET channels/caller-1"] = (200, CHANNEL)
    channel = await client.channels.get("caller-1")
    assert (channel.id, channel.state, channel.caller.number) == ("caller-1", "Ring", "0488301111")
    assert "0488301111" not in repr(channel)


async def test_an_answer_without_a_body_is_none(client: AriClient) -> None:
    assert await client.request("POST", "channels/caller-1/answer") == Response(204, "")
    await client.channels.answer("caller-1")


async def test_a_body_that_is_not_as_documented_is_an_error(fake: FakeAri, client: AriClient) -> None:
    fake.answers["GET channels/caller-1"] = (200, {"number": 1})
    with pytest.raises(AriError, match="not as documented"):
        await client.channels.get("caller-1")


async def test_a_refusal_carries_status_and_message_but_no_id(fake: FakeAri, client: AriClient) -> None:
    fake.answers["POST endpoints/PJSIP/0488301111/answer"] = (404, {"message": "Channel not found"})
    with pytest.raises(AriError, match="404 Channel not found") as caught:
        await client.request("POST", "endpoints/PJSIP/0488301111/answer")
    assert (caught.value.status, caught.value.message) == (404, "Channel not found")
    assert "0488301111" not in str(caught.value)


async def test_a_refusal_may_say_error_or_nothing(fake: FakeAri, client: AriClient) -> None:
    assert Response(500, '{"error":"Allocation failed"}').message == "Allocation failed"
    assert Response(500, "").message == ""


async def test_requests_go_out_in_the_order_of_the_calls(fake: FakeAri, client: AriClient) -> None:
    client.bridges.create("b").send()
    client.send("POST", "bridges/b/addChannel", query={"channel": "caller-1", "mute": True, "role": None})
    client.channels.originate("seat-1", "PJSIP/seat01", app_args="seat,1", variables={"A": "b"}).send()
    await fake.until(lambda: len(fake.asked()) == 3)
    assert fake.asked() == ["POST bridges/b", "POST bridges/b/addChannel", "POST channels/seat-1"]
    added, originated = fake.requests[-2:]
    assert added["query_strings"] == [
        {"name": "channel", "value": "caller-1"},
        {"name": "mute", "value": "true"},
    ]
    assert originated["message_body"] == '{"variables":{"A":"b"}}'
    assert originated["content_type"] == "application/json"


async def test_an_id_cannot_reach_another_resource(fake: FakeAri, client: AriClient) -> None:
    await client.channels.answer("../bridges?x")
    assert fake.asked() == ["POST channels/..%2Fbridges%3Fx/answer"]


async def test_events_arrive_typed_and_the_unknown_ones_apart(fake: FakeAri, client: AriClient) -> None:
    started: list[StasisStart] = []
    unknown: list[UnknownEvent] = []
    client.on_event(StasisStart, started.append)
    client.on_unknown(unknown.append)
    last = _next_event(client, "ChannelDestroyed")
    await fake.emit("StasisStart", channel=CHANNEL, args=["incoming"])
    await fake.emit("NeverHeardOf", channel=CHANNEL)
    await fake.emit("StasisEnd", channel="not as documented")
    await fake.emit_text("[not an object")
    await fake.emit("ChannelDestroyed", channel=CHANNEL, cause=16)
    destroyed: ChannelDestroyed = await asyncio.wait_for(last, 5)
    assert [event.args for event in started] == [["incoming"]]
    assert [event.type for event in unknown] == ["NeverHeardOf", "StasisEnd"]
    assert destroyed.cause == 16
    assert "0488301111" not in repr([started, unknown, destroyed])


async def test_a_channel_that_starts_is_followed_to_its_end(fake: FakeAri, client: AriClient) -> None:
    await fake.emit("StasisStart", channel=CHANNEL)
    await fake.until(lambda: fake.requests[-1]["uri"] == "applications/denwaban/subscription")
    assert fake.requests[-1]["query_strings"] == [{"name": "eventSource", "value": "channel:caller-1"}]


async def test_a_handler_that_raises_breaks_nothing(
    fake: FakeAri, client: AriClient, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(_: StasisStart) -> None:
        raise ValueError("a bug of ours")

    client.on_event(StasisStart, broken)
    after = _next_event(client, "StasisStart")
    await fake.emit("StasisStart", channel=CHANNEL)
    await asyncio.wait_for(after, 5)
    assert client.connected
    assert "ValueError: a bug of ours" in caplog.text
    assert "0488301111" not in caplog.text


async def test_too_many_outstanding_requests_are_refused(fake: FakeAri) -> None:
    async with AriClient(settings(fake.port, max_outstanding=2)) as client:
        fake.held = True
        client.channels.answer("a").send()
        client.channels.answer("b").send()
        with pytest.raises(AriBusy, match=r"2 ARI requests.*max_outstanding"):
            client.channels.answer("c").send()
        assert client.outstanding == 2


async def test_a_cancelled_caller_leaves_nothing_behind(fake: FakeAri, client: AriClient) -> None:
    fake.held = True
    waiting = asyncio.ensure_future(client.channels.answer("a"))
    await fake.until(lambda: fake.asked() == ["POST channels/a/answer"])
    waiting.cancel()
    await asyncio.gather(waiting, return_exceptions=True)
    await fake.release()
    await client.asterisk.ping()
    assert client.outstanding == 0


async def test_closing_fails_what_is_outstanding(fake: FakeAri, caplog: pytest.LogCaptureFixture) -> None:
    results: list[Response | Disconnected] = []
    with caplog.at_level(logging.INFO):
        async with AriClient(settings(fake.port)) as client:
            fake.held = True
            client.channels.answer("a").send(results.append)
            await fake.until(lambda: bool(fake.asked()))
    assert results == [Disconnected("closed")]
    assert "right" not in caplog.text
    client.channels.answer("a").send(results.append)
    assert len(results) == 1  # never from within send
    with pytest.raises(AriDisconnected, match="not connected"):
        await client.channels.answer("a")
    assert results[1:] == [Disconnected("not connected to ARI")]

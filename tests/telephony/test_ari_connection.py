from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator

import pytest

from telephony.ari import (
    AriAuthError,
    AriClient,
    AriDisconnected,
    AriError,
    AriUnreachable,
    Disconnected,
    Response,
)
from telephony.ari.events import StasisStart
from telephony.backoff import Backoff
from telephony.ports import free_ports
from tests.telephony.fake_ari import FakeAri, fake_ari, settings

pytestmark = pytest.mark.unit


@pytest.fixture
async def fake() -> AsyncIterator[FakeAri]:
    async with fake_ari() as server:
        yield server


async def test_a_wrong_password_names_the_setting(fake: FakeAri) -> None:
    with pytest.raises(AriAuthError, match=r"AriSettings\.password.*ari\.conf") as caught:
        await AriClient(settings(fake.port, password="wrong")).connect()
    assert "wrong" not in str(caught.value)


async def test_nobody_there_names_host_and_port() -> None:
    [port] = free_ports(1)
    with pytest.raises(AriUnreachable, match=f"127.0.0.1:{port}"):
        await AriClient(settings(port)).connect()


async def test_an_http_server_without_ari_is_told(fake: FakeAri) -> None:
    fake.answers["PUT applications/denwaban/eventFilter"] = (404, {"message": "Application not found"})
    with pytest.raises(AriError, match="event filter: 404 Application not found"):
        await AriClient(settings(fake.port)).connect()


async def test_the_filter_lets_the_answers_through_too(fake: FakeAri) -> None:
    chosen = settings(fake.port, events=frozenset({"StasisStart"}), subscriptions=("endpoint:PJSIP/seat01",))
    async with AriClient(chosen):
        filtered, subscribed = fake.requests
    allowed = [entry["type"] for entry in json.loads(filtered["message_body"])["allowed"]]
    assert allowed == ["ApplicationReplaced", "RESTResponse", "StasisStart"]
    assert subscribed["query_strings"] == [{"name": "eventSource", "value": "endpoint:PJSIP/seat01"}]


async def test_a_lost_connection_fails_requests_and_comes_back(fake: FakeAri) -> None:
    happened: list[str] = []
    answered: list[Response | Disconnected] = []
    again = asyncio.Event()
    client = AriClient(settings(fake.port))
    client.on_connected(lambda: happened.append("connected"))
    client.on_connected(lambda: again.set() if len(happened) > 1 else None)
    client.on_disconnected(lambda reason: happened.append(f"lost with {len(answered)} failed: {reason}"))
    async with client:
        fake.held = True
        client.channels.answer("a").send(answered.append)
        await fake.until(lambda: bool(fake.asked()))
        await fake.drop()
        await asyncio.wait_for(again.wait(), 5)
        fake.held = False
        await client.channels.answer("b")
    lost = "lost with 1 failed: Asterisk closed the connection (code 1011)"
    assert happened == ["connected", lost, "connected", "lost with 1 failed: closed"]
    assert answered == [Disconnected("Asterisk closed the connection (code 1011)")]
    assert fake.asked() == ["POST channels/a/answer", "POST channels/b/answer"]


async def test_a_request_sent_on_while_another_fails_is_failed_too(fake: FakeAri) -> None:
    again: asyncio.Future[Response | Disconnected] = asyncio.get_running_loop().create_future()
    async with AriClient(settings(fake.port)) as client:
        fake.held = True

        def on_done(_: Response | Disconnected) -> None:
            client.channels.hangup("a").send(again.set_result)

        client.channels.answer("a").send(on_done)
        await fake.until(lambda: bool(fake.asked()))
        await fake.drop()
        assert isinstance(await asyncio.wait_for(again, 5), Disconnected)
    assert fake.asked() == ["POST channels/a/answer"]


async def test_a_connection_that_answers_nothing_is_given_up(fake: FakeAri) -> None:
    fake.silent_setup = True
    with pytest.raises(AriDisconnected, match="set-up"):
        await AriClient(settings(fake.port, connect_timeout=0.05)).connect()
    assert fake.connections == 2


async def test_a_first_connection_that_answers_nothing_is_made_once_more(fake: FakeAri) -> None:
    fake.silent_setup = True
    client = AriClient(settings(fake.port, connect_timeout=0.5))
    connecting = asyncio.create_task(client.connect())
    await fake.until(lambda: fake.connections == 1 and fake.requests)
    fake.silent_setup = False
    await connecting
    assert (client.connected, fake.connections) == (True, 2)
    await client.close()


async def test_a_connection_whose_application_was_put_away_is_made_anew(fake: FakeAri) -> None:
    """It answers pings, and nothing else."""
    async with AriClient(settings(fake.port, ping_interval=0.02, dead_after=0.1)):
        fake.silent_setup = True
        await fake.until(lambda: fake.connections == 2)


async def test_what_a_hook_sends_follows_the_set_up(fake: FakeAri) -> None:
    client = AriClient(settings(fake.port))

    def hook() -> None:
        client.channels.list().send()

    client.on_connected(hook)
    async with client:
        await client.asterisk.ping()
    assert [request["uri"].split("/")[0] for request in fake.requests] == [
        "applications",
        "channels",
        "asterisk",
    ]


async def test_a_silent_asterisk_is_given_up(fake: FakeAri) -> None:
    reasons: list[str] = []
    lost = asyncio.Event()
    client = AriClient(settings(fake.port, ping_interval=0.01, dead_after=0.05))
    client.on_disconnected(reasons.append)
    client.on_disconnected(lambda _: lost.set())
    fake.mute = True
    async with client:
        await asyncio.wait_for(lost.wait(), 5)
    assert reasons[0] == "nothing heard for 0.05 s"


async def test_pongs_keep_a_quiet_connection_alive(fake: FakeAri) -> None:
    client = AriClient(settings(fake.port, ping_interval=0.01, dead_after=1.0))
    async with client:
        await asyncio.wait_for(fake.pinged.wait(), 5)
        assert client.connected
    assert fake.connections == 1


async def test_two_with_one_name_do_not_fight(fake: FakeAri, caplog: pytest.LogCaptureFixture) -> None:
    reasons: list[str] = []
    client = AriClient(settings(fake.port))
    client.on_disconnected(reasons.append)
    async with client:
        await fake.emit("ApplicationReplaced", application="denwaban")
        await asyncio.wait_for(client.given_up(), 5)
    assert reasons == ["another process took the application over"]
    assert fake.connections == 1
    assert "Stop the other one" in caplog.text


async def test_events_before_the_loss_are_not_lost(fake: FakeAri) -> None:
    seen: list[str] = []
    lost = asyncio.Event()
    client = AriClient(settings(fake.port))
    client.on_event(StasisStart, lambda event: seen.append(event.channel.id))
    client.on_disconnected(lambda _: lost.set())
    async with client:
        for number in range(100):
            await fake.emit("StasisStart", channel={"id": str(number)})
        await fake.drop()
        await asyncio.wait_for(lost.wait(), 5)
        assert seen == [str(number) for number in range(100)]


def test_the_back_off_doubles_up_to_its_most_and_starts_over() -> None:
    backoff = Backoff(first=1.0, most=5.0, jitter=lambda: 0.0)
    assert [backoff.next() for _ in range(5)] == [0.5, 1.0, 2.0, 2.5, 2.5]
    backoff.reset()
    assert backoff.next() == 0.5

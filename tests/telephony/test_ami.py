from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator

import pytest

from telephony.ami import Ami, AmiError
from telephony.ports import free_ports
from telephony.rtcp import QualityFold
from tests.telephony.fake_ami import FakeAmi, fake_ami, settings

pytestmark = pytest.mark.unit

REPORT = {"Uniqueid": "caller-1", "ReportCount": "1", "CallerIDNum": "0488301111"}


@pytest.fixture
async def fake() -> AsyncIterator[FakeAmi]:
    async with fake_ami() as server:
        yield server


class Seen:
    """What `on_contact` was told."""

    def __init__(self, ami: Ami) -> None:
        self.all: list[tuple[str, bool]] = []
        self._changed = asyncio.Event()
        ami.on_contact(self._take)

    def _take(self, endpoint: str, reachable: bool) -> None:
        self.all.append((endpoint, reachable))
        self._changed.set()

    async def until(self, count: int) -> list[tuple[str, bool]]:
        async with asyncio.timeout(5):
            while len(self.all) < count:
                self._changed.clear()
                await self._changed.wait()
        return self.all


async def test_a_wrong_secret_names_the_setting(fake: FakeAmi) -> None:
    with pytest.raises(AmiError, match=r"AmiSettings\.secret.*manager\.conf") as caught:
        await Ami(settings(fake.port, secret="wrong")).connect()
    assert "wrong" not in str(caught.value)


async def test_nobody_there_names_host_and_port() -> None:
    [port] = free_ports(1)
    with pytest.raises(AmiError, match=f"127.0.0.1:{port}"):
        await Ami(settings(port)).connect()


async def test_one_that_never_answers_is_told(fake: FakeAmi) -> None:
    fake.mute = True
    with pytest.raises(AmiError, match="does not answer"):
        await Ami(settings(fake.port, connect_timeout=0.05)).connect()


async def test_recording_starts_and_stops_by_action(fake: FakeAmi) -> None:
    async with Ami(settings(fake.port)) as ami:
        await ami.mix_monitor("caller-1", "call-1.raw")
        await ami.stop_mix_monitor("caller-1")
    [start] = fake.named("MixMonitor")
    assert (start["Channel"], start["File"], start["Options"]) == ("caller-1", "call-1.raw", "D")
    assert [action["Channel"] for action in fake.named("StopMixMonitor")] == ["caller-1"]


async def test_a_refused_action_says_why(fake: FakeAmi) -> None:
    fake.refused["MixMonitor"] = "No such channel"
    async with Ami(settings(fake.port)) as ami:
        with pytest.raises(AmiError, match="MixMonitor: No such channel"):
            await ami.mix_monitor("gone", "call-1.raw")


async def test_a_value_cannot_smuggle_a_header_in(fake: FakeAmi) -> None:
    async with Ami(settings(fake.port)) as ami:
        with pytest.raises(AmiError, match="line break"):
            await ami.mix_monitor("caller-1", "x.raw\r\nCommand: touch y")
    assert fake.named("MixMonitor") == []


async def test_contacts_are_told_at_the_start_and_at_each_change(fake: FakeAmi) -> None:
    fake.contacts = [("seat01", "sip:a", "NonQualified"), ("seat02", "sip:b", "Unreachable")]
    ami = Ami(settings(fake.port))
    seen = Seen(ami)
    async with ami:
        for uri, status in (("sip:a2", "NonQualified"), ("sip:a", "Removed"), ("sip:a2", "Removed")):
            fake.emit("ContactStatus", EndpointName="seat01", URI=uri, ContactStatus=status)
        fake.emit("ContactStatus", EndpointName="seat02", URI="sip:b", ContactStatus="Reachable")
        assert await seen.until(3) == [("seat01", True), ("seat01", False), ("seat02", True)]


async def test_what_changed_while_away_is_told_at_the_reconnect(fake: FakeAmi) -> None:
    fake.contacts = [("seat01", "sip:a", "NonQualified")]
    ami = Ami(settings(fake.port))
    seen = Seen(ami)
    async with ami:
        fake.contacts = []
        fake.drop()
        assert await seen.until(2) == [("seat01", True), ("seat01", False)]
    assert fake.logins == 2


async def test_what_was_believed_before_is_not_told_again(fake: FakeAmi) -> None:
    fake.contacts = [("seat01", "sip:a", "NonQualified"), ("seat03", "sip:c", "NonQualified")]
    ami = Ami(settings(fake.port))
    ami.believe(("seat01", "seat02"))
    seen = Seen(ami)
    async with ami:
        assert await seen.until(2) == [("seat02", False), ("seat03", True)]
        fake.emit("ContactStatus", EndpointName="seat01", URI="sip:a", ContactStatus="Removed")
        assert (await seen.until(3))[2:] == [("seat01", False)]


async def test_where_nothing_is_believed_all_are_told_anew(fake: FakeAmi) -> None:
    fake.contacts = [("seat01", "sip:a", "NonQualified")]
    ami = Ami(settings(fake.port))
    seen = Seen(ami)
    async with ami:
        ami.believe(())
        fake.drop()
        assert await seen.until(2) == [("seat01", True), ("seat01", True)]


async def test_who_wants_to_know_hears_of_each_connect_but_the_first(fake: FakeAmi) -> None:
    ami, connected = Ami(settings(fake.port)), asyncio.Semaphore(0)

    def fault() -> None:
        raise RuntimeError("whoever it was")

    ami.on_connected(fault)  # harms nobody else
    ami.on_connected(connected.release)
    async with ami:
        assert connected.locked()
        for logins in (2, 3):
            fake.drop()
            await asyncio.wait_for(connected.acquire(), 5)
            assert (ami.connected, fake.logins, connected.locked()) == (True, logins, True)
    assert not ami.connected


async def test_who_hears_that_his_action_failed_finds_it_disconnected(fake: FakeAmi) -> None:
    async with Ami(settings(fake.port)) as ami:
        fake.mute = True

        async def ask() -> bool:
            with pytest.raises(AmiError):
                await ami.action("Ping")
            return ami.connected

        asking = asyncio.create_task(ask())
        await fake.until(lambda: bool(fake.named("Ping")))
        fake.drop()
        assert await asyncio.wait_for(asking, 5) is False


async def test_outstanding_actions_fail_with_the_connection(fake: FakeAmi) -> None:
    async with Ami(settings(fake.port)) as ami:
        fake.mute = True
        waiting = asyncio.ensure_future(ami.mix_monitor("caller-1", "call-1.raw"))
        await fake.until(lambda: bool(fake.named("MixMonitor")))
        fake.drop()
        with pytest.raises(AmiError, match="connection lost"):
            await asyncio.wait_for(waiting, 5)
    assert len(fake.named("MixMonitor")) == 1  # not sent again behind our back
    with pytest.raises(AmiError, match="not connected"):
        await ami.action("Ping")


async def test_a_silent_asterisk_is_given_up(fake: FakeAmi) -> None:
    lost: asyncio.Future[str] = asyncio.get_running_loop().create_future()
    ami = Ami(settings(fake.port, ping_interval=0.01, dead_after=0.05))
    ami.on_disconnected(lost.set_result)
    async with ami:
        fake.mute = True
        assert "no answer to a ping" in await asyncio.wait_for(lost, 5)


async def test_too_many_outstanding_actions_are_refused(fake: FakeAmi) -> None:
    async with Ami(settings(fake.port, max_outstanding=1)) as ami:
        fake.mute = True
        waiting = asyncio.ensure_future(ami.action("Ping"))
        await fake.until(lambda: bool(fake.named("Ping")))
        with pytest.raises(AmiError, match="max_outstanding"):
            await ami.action("Ping")
    with pytest.raises(AmiError):
        await waiting


async def test_quality_is_kept_by_channel_and_no_number_is_logged(
    fake: FakeAmi, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        async with Ami(settings(fake.port)) as ami:
            seen = Seen(ami)
            reports: list[str] = []
            ami.on_rtcp(lambda headers: reports.append(headers["Event"]))
            fake.emit("RTCPSent", **REPORT, Report0IAJitter="80", Report0FractionLost="64")
            fake.emit("RTCPReceived", **REPORT, Report0IAJitter="not a number", Report0FractionLost="0")
            fake.emit("ContactStatus", EndpointName="seat01", URI="sip:a", ContactStatus="Reachable")
            await seen.until(1)
            quality = ami.quality("caller-1")
            assert quality is not None
            assert (quality.jitter_ms, quality.loss_percent, quality.reports) == (10.0, 25.0, 1)
            assert ami.forget_quality("caller-1") == quality
            assert ami.quality("caller-1") is None
    assert reports == ["RTCPSent", "RTCPReceived"]
    assert "a callback of AMI events failed" in caplog.text
    assert "0488301111" not in caplog.text
    assert "right" not in caplog.text


def test_quality_takes_the_worst_and_the_mean_of_both_directions() -> None:
    fold = QualityFold()
    fold.add({"ReportCount": "1", "RTT": "0.0000", "Report0IAJitter": "0", "Report0FractionLost": "0"})
    fold.add({"ReportCount": "1", "RTT": "0.0400", "Report0IAJitter": "160", "Report0FractionLost": "128"})
    quality = fold.quality()
    assert (quality.jitter_ms, quality.jitter_mean_ms) == (20.0, 10.0)
    assert (quality.loss_percent, quality.loss_mean_percent) == (50.0, 25.0)
    assert (quality.rtt_ms, quality.rtt_mean_ms) == (40.0, 40.0)


def test_a_report_without_blocks_has_no_figures() -> None:
    fold = QualityFold()
    fold.add({"ReportCount": "0"})
    assert fold.quality().reports == 0

"""One file from answer to end, though the recording is made anew in between."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from calls.event import Event
from calls.events import CommandFailed, RecordingFinished
from engine.centre import Centre
from recordings.finish import FailedRecording, FinishedRecording
from recordings.wav import HEADER_BYTES
from store.database import Database
from telephony.alarms import AlarmName, Alarms
from telephony.ami import Ami
from telephony.recorder import Recorder
from tests.telephony.fake_ami import FakeAmi, fake_ami, settings

pytestmark = pytest.mark.unit

SECOND = b"\x01\x00\x02\x00" * 8000


class House:
    """A recorder, and this test in Asterisk's place."""

    def __init__(self, root: Path, fake: FakeAmi, ami: Ami) -> None:
        self.fake = fake
        self.ami = ami
        self.incoming = root / "incoming"
        self.fed: asyncio.Queue[Event] = asyncio.Queue()
        self.alarms = Alarms()
        self.recorder = Recorder(
            ami, self.incoming, root / "done", Centre({}, ()), self.fed.put_nowait, self.alarms
        )

    @property
    def raw(self) -> Path:
        return self.incoming / "c1.raw"

    def writes(self, seconds: int) -> None:
        """What Asterisk does from a MixMonitor to its end; it closes the file then."""
        with self.raw.open("ab") as file:
            file.write(SECOND * seconds)

    async def asked(self, action: str, times: int) -> list[dict[str, str]]:
        await self.fake.until(lambda: len(self.fake.named(action)) >= times)
        return self.fake.named(action)

    def standing(self) -> list[AlarmName]:
        """The alarms."""
        return [alarm.name for alarm in self.alarms.standing()]

    async def told(self) -> Event:
        async with asyncio.timeout(5):
            return await self.fed.get()


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    async with (
        fake_ami() as fake,
        Ami(settings(fake.port)) as ami,
        Database(f"sqlite:///{tmp_path}/denwaban.db") as database,
    ):
        house = House(tmp_path, fake, ami)
        await house.recorder.start(database)
        yield house
        await house.recorder.stop()


async def test_what_asterisk_recorded_alone_is_finished_like_any_other(house: House, tmp_path: Path) -> None:
    raw = tmp_path / "degraded-1.1.raw"
    raw.write_bytes(SECOND * 3)
    house.recorder.keep(raw, "degraded-1.1", "city", 1_779_000_000.0)
    event = await house.told()
    assert isinstance(event, RecordingFinished)
    assert (event.recording, event.seconds) == ("degraded-1.1", 3.0)
    assert (tmp_path / "done" / "city" / "2026-05-17" / "degraded-1.1.wav").exists()
    assert not raw.exists()


async def test_it_goes_on_in_the_same_file(house: House) -> None:
    house.recorder.record("c1", "leg1", "city")
    [first] = await house.asked("MixMonitor", 1)
    house.recorder.renew("leg1")
    house.recorder.renew("leg1")  # twice at once is once
    await house.asked("StopMixMonitor", 1)
    house.writes(1)
    [_, second] = await house.asked("MixMonitor", 2)
    assert (first["Options"], second["Options"]) == ("D", "Da")
    assert {(each["Channel"], each["File"]) for each in (first, second)} == {("leg1", str(house.raw))}
    house.writes(2)
    finished = await house.told()
    assert isinstance(finished, RecordingFinished)
    assert (finished.recording, finished.seconds) == ("c1", 3.0)
    [wav] = house.incoming.parent.rglob("*.wav")
    assert wav.stat().st_size == HEADER_BYTES + 3 * len(SECOND)
    assert len(house.fake.named("StopMixMonitor")) == 1


async def test_a_caller_who_hangs_up_meanwhile(house: House) -> None:
    house.recorder.record("c1", "leg1", "city")
    await house.asked("MixMonitor", 1)
    house.fake.refused["MixMonitor"] = "No such channel"
    house.recorder.renew("leg1")
    house.writes(1)
    finished = await house.told()
    assert isinstance(finished, RecordingFinished)
    assert finished.seconds == 1.0


async def test_one_that_cannot_be_stopped_just_goes_on(house: House) -> None:
    house.recorder.record("c1", "leg1", "city")
    await house.asked("MixMonitor", 1)
    house.fake.refused["StopMixMonitor"] = "Could not stop monitoring channel"
    house.recorder.renew("leg1")
    await house.asked("StopMixMonitor", 1)
    await house.ami.action("Ping")  # the refusal has been read by then
    house.recorder.renew("leg1")
    await house.asked("StopMixMonitor", 2)
    await house.recorder.stop()
    assert len(house.fake.named("MixMonitor")) == 1


async def test_a_leg_that_is_not_recorded(house: House) -> None:
    house.recorder.renew("leg1")
    house.recorder.record("c1", "leg1", "city")
    await house.asked("MixMonitor", 1)
    assert house.fake.named("StopMixMonitor") == []


async def test_one_that_cannot_be_started_is_told(house: House) -> None:
    house.fake.refused["MixMonitor"] = "Could not start monitoring channel"
    house.recorder.record("c1", "leg1", "city")
    assert await house.told() == CommandFailed("StartRecording", "c1")
    assert house.standing() == [AlarmName.RECORDING_FAILED]


async def test_who_hung_up_when_he_was_answered_is_no_alarm(house: House) -> None:
    house.fake.refused["MixMonitor"] = "No such channel"
    house.recorder.record("c1", "leg1", "city")
    assert await house.told() == CommandFailed("StartRecording", "c1")
    assert house.standing() == []


async def test_what_cannot_be_asked_for_now_begins_when_ami_is_back(house: House) -> None:
    house.ami.on_disconnected(lambda reason: house.recorder.record("c1", "leg1", "city"))
    house.fake.drop()
    [begun] = await house.asked("MixMonitor", 1)
    assert (begun["Channel"], begun["File"], begun["Options"]) == ("leg1", str(house.raw), "D")
    assert house.standing() == [AlarmName.RECORDING_FAILED]
    house.writes(1)
    assert isinstance(await house.told(), RecordingFinished)  # and nothing before it


async def test_what_was_asked_for_and_not_answered_is_asked_again(house: House) -> None:
    house.fake.mute = True
    house.recorder.record("c1", "leg1", "city")
    await house.asked("MixMonitor", 1)
    house.fake.mute = False
    house.fake.drop()
    first, second = await house.asked("MixMonitor", 2)
    assert {name: first[name] for name in ("Channel", "File", "Options")}.items() <= second.items()
    assert house.fed.empty()


async def test_what_asterisk_has_begun_although_it_did_not_answer_is_not_begun_twice(house: House) -> None:
    back: asyncio.Future[None] = asyncio.get_running_loop().create_future()
    house.ami.on_connected(lambda: back.set_result(None))  # behind the recorder's own
    house.fake.mute = True
    house.recorder.record("c1", "leg1", "city")
    await house.asked("MixMonitor", 1)
    with house.raw.open("ab") as file:
        file.write(SECOND)
        house.fake.mute = False
        house.fake.drop()
        await asyncio.wait_for(back, 5)
        await house.ami.action("Ping")
        assert len(house.fake.named("MixMonitor")) == 1
    finished = await house.told()
    assert isinstance(finished, RecordingFinished)
    assert finished.seconds == 1.0


async def test_an_alarm_of_a_file_that_fails_ends_with_its_success(house: House) -> None:
    failed = FailedRecording("c1", house.raw, "the disk is full")
    house.recorder._not_finished(failed)
    house.recorder._not_finished(FailedRecording("c2", house.raw, "the disk is full"))
    assert house.standing() == [AlarmName.RECORDING_FAILED]
    for recording in ("c1", "c2"):
        house.recorder._finished(FinishedRecording(recording, house.raw, 1.0, "", 44))
    assert house.standing() == []


async def test_one_of_an_earlier_life_goes_on_unless_it_is_written_anyway(house: House) -> None:
    house.recorder.take_up("c1", "leg1", "city")
    with house.raw.open("ab") as file:
        file.write(SECOND)
        house.recorder.go_on("c1", "leg1")
    house.recorder.take_up("c2", "leg2", "city")
    house.recorder.go_on("c2", "leg2")
    [begun] = await house.asked("MixMonitor", 1)
    assert (begun["Channel"], begun["Options"]) == ("leg2", "Da")
    assert await house.told() == RecordingFinished(
        "c1",
        1.0,
        hashlib.sha256(next((house.incoming.parent / "done").rglob("c1.wav")).read_bytes()).hexdigest(),
    )

"""What Asterisk did alone comes in at the start and after each connect, whatever goes wrong meanwhile."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from calls.degraded import CALLS
from calls.event import Event
from calls.events import RecordingFinished
from calls.outages import DegradedCallEnded
from engine.centre import Centre
from store.database import Database
from store.journal_writer import JournalWriter
from store.migrations import upgrade
from telephony.after_outage import AfterOutage
from telephony.alarms import AlarmName, Alarms
from telephony.ami import Ami
from telephony.ari import AriClient
from telephony.degraded_files import write_json
from telephony.recorder import Recorder
from tests.live.degraded_house import NUMBER
from tests.telephony import fake_ami as amis
from tests.telephony import fake_ari as aris

pytestmark = pytest.mark.unit

LIMIT = 30.0
CAME = 1_779_000_000.0
WAITS = {
    "id": "7.1",
    "name": "PJSIP/trunk-00000007",
    "state": "Up",
    "dialplan": {"context": "engine-away", "exten": "s", "priority": 1, "app_name": "Queue"},
    "creationtime": "2026-05-07T12:00:00.000+0900",
}
TAKEN = WAITS | {"dialplan": {"context": "taken-over", "exten": "s", "priority": 1, "app_name": "Stasis"}}


class Heard(Alarms):
    """Alarms that a test can wait for."""

    def __init__(self) -> None:
        super().__init__()
        self.texts: asyncio.Queue[str] = asyncio.Queue()

    def sound(self, name: AlarmName, text: str) -> None:
        """As it is, and heard."""
        super().sound(name, text)
        self.texts.put_nowait(text)


class House:
    """An Asterisk with two doors, a folder of notes, and where events go."""

    def __init__(self, folder: Path, ari: aris.FakeAri, ami: amis.FakeAmi) -> None:
        self.folder = folder
        self.ari, self.ami = ari, ami
        self.alarms = Heard()
        self.fed: asyncio.Queue[Event] = asyncio.Queue()
        self.faults = 0
        self.has()

    def has(self, *channels: dict[str, Any]) -> None:
        """What is in Asterisk's lists."""
        self.ari.answers |= {"GET channels": (200, list(channels)), "GET bridges": (200, [])}

    def feed(self, event: Event) -> None:
        """Where events go; the first ones may fail."""
        if self.faults:
            self.faults -= 1
            raise RuntimeError("the engine is not there")
        self.fed.put_nowait(event)

    def leave(self, leg: str, **fields: Any) -> None:
        """A note of a call that was dealt with."""
        note = {
            "call": f"degraded-{leg}",
            "project": "tax",
            "number": NUMBER,
            "caller": "0488301111",
            "arrived_at": CAME,
            "answered_at": CAME + 10,
            "ended_at": CAME + 70,
            "way": "seats",
            "seat": "seat01",
            "by_backup": False,
        }
        write_json(self.folder / CALLS / f"degraded-{leg}.json", note | fields)

    async def told(self) -> Event:
        """The next event."""
        return await asyncio.wait_for(self.fed.get(), LIMIT)

    async def looked(self, times: int) -> None:
        """Wait until Asterisk has been asked so often what it has."""
        await self.ari.until(lambda: self.ari.asked().count("GET bridges") >= times)

    async def said(self) -> str:
        """What the alarm says next."""
        return await asyncio.wait_for(self.alarms.texts.get(), LIMIT)


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    async with aris.fake_ari() as ari, amis.fake_ami() as ami:
        (tmp_path / "degraded" / CALLS).mkdir(parents=True)
        yield House(tmp_path / "degraded", ari, ami)


@pytest.fixture
async def after(house: House, tmp_path: Path) -> AsyncIterator[AfterOutage]:
    url = f"sqlite:///{tmp_path}/denwaban.db"
    await upgrade(url)
    async with (
        AriClient(aris.settings(house.ari.port)) as ari,
        Ami(amis.settings(house.ami.port)) as ami,
        Database(url) as database,
    ):
        recorder = Recorder(ami, tmp_path / "incoming", tmp_path / "done", Centre({}, ()), house.feed)
        await recorder.start(database)
        journal = JournalWriter(database, "run")  # everything is safe in it
        yield AfterOutage(
            house.folder, ari, ami, recorder, database, journal, house.alarms, house.feed, ["seat01"]
        )
        await recorder.stop()


async def test_where_nothing_was_done_alone_nothing_is_told(house: House, after: AfterOutage) -> None:
    async with after:
        await house.looked(1)
    assert house.fed.empty()
    assert house.alarms.standing() == []


async def test_what_was_done_alone_comes_in_with_an_alarm(house: House, after: AfterOutage) -> None:
    house.leave("1.1")
    house.leave("1.2", arrived_at=CAME + 1)
    async with after:
        first, second = await house.told(), await house.told()
        assert isinstance(first, DegradedCallEnded)
        assert isinstance(second, DegradedCallEnded)
        assert (first.call, second.call) == ("degraded-1.1", "degraded-1.2")
        assert (await house.said()).startswith("2 calls were dealt with")
        await house.ari.drop()  # and after each connect
        house.leave("2.1")
        third = await house.told()
        assert isinstance(third, DegradedCallEnded)
        assert (await house.said()).startswith("3 calls were dealt with")
    assert [alarm.name for alarm in house.alarms.standing()] == [AlarmName.DEGRADED_CALLS]


async def test_after_a_fault_the_next_connect_looks_again(
    house: House, after: AfterOutage, caplog: pytest.LogCaptureFixture
) -> None:
    house.leave("1.1")
    house.faults = 1
    async with after:
        await house.looked(1)
        await house.ari.drop()
        event = await house.told()
    assert isinstance(event, DegradedCallEnded)
    assert "what Asterisk did alone is not taken in yet" in caplog.text
    assert "0488301111" not in caplog.text


async def test_who_waits_there_is_taken_over(house: House, after: AfterOutage) -> None:
    house.leave("7.1", ended_at=0.0, answered_at=0.0)
    house.has(WAITS)
    async with after:
        await house.ami.until(lambda: bool(house.ami.named("Redirect")))
        house.has(TAKEN)
        await house.looked(3)
    moved = house.ami.named("Redirect")[0]
    assert (moved["Channel"], moved["Context"]) == ("PJSIP/trunk-00000007", "taken-over")
    assert (moved["Exten"], moved["Priority"]) == ("s", "1")
    assert not [event for event in list_of(house.fed) if not isinstance(event, RecordingFinished)]


def list_of(queue: asyncio.Queue[Event]) -> list[Event]:
    """What is in a queue."""
    return [queue.get_nowait() for _ in range(queue.qsize())]

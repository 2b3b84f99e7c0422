"""The beginning of an engine: what it finds on the disk, and which alarms stand then."""

from __future__ import annotations

import hashlib
import struct
from collections.abc import AsyncIterator
from contextlib import ExitStack
from functools import partial
from pathlib import Path

import pytest

from calls.event import Event
from calls.events import CallArrived, EngineStarted, PhoneRegistered, ProjectPublished
from calls.journal import Entry
from calls.outages import EngineResumed
from calls.requests import SeatPaused
from ivr.bundle import bundle_of_file, project_of
from store.database import Database
from store.lock import SiteHeldError, SiteLock
from store.migrations import upgrade
from store.recovered import filled
from telephony import awakening
from telephony.alarms import AlarmName, Alarms
from telephony.awakening import JOURNAL, LOCK, Awakened, awaken
from telephony.revival import parts
from telephony.stack import load_stack
from tests.store.small_disk import small_disk
from tests.store.test_snapshots import flip
from tests.telephony.office import Office

pytestmark = pytest.mark.unit

NUMBER, LIMIT = "0480000001", 30.0


class Site:
    """A site on which one engine follows the other."""

    def __init__(self, folder: Path, database: Database) -> None:
        self.office = Office(folder)
        self.alarms = Alarms()
        self._database = database
        self._undo = ExitStack()
        self._at = 1778115600.0

    @property
    def directory(self) -> Path:
        """Where the memory is."""
        return self.office.config.parent / "var" / JOURNAL

    async def wakes(self) -> Awakened:
        """The next engine, by itself; `dies` ends it."""
        self.alarms = Alarms()
        stack = load_stack(self.office.config)
        return await awaken(stack, self.alarms, self._database, self._undo)

    def works(self, awake: Awakened, *events: Event, number: int = 0) -> int:
        """It is told of its beginning, and of more; the last entry."""
        memory, life = awake
        number = number or life.number
        for event in (*life.first, *events):
            number, self._at = number + 1, self._at + 1
            memory.append(Entry(number, self._at, event, life.engine.handle(event, self._at)))
        return number

    def dies(self, awake: Awakened, snapshot: int | None = None) -> None:
        """A snapshot of the state after an entry, and the end."""
        if snapshot is not None:
            awake.memory.save_snapshot(snapshot, self._at, parts(awake.life.engine))
            awake.memory.sync()
        self._undo.close()

    def standing(self) -> dict[AlarmName, str]:
        """The alarms and what they say."""
        return {alarm.name: alarm.text for alarm in self.alarms.standing()}

    def snapshots(self) -> list[Path]:
        """Those that are there."""
        return sorted(self.directory.glob("*.snapshot"))


@pytest.fixture
async def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Site]:
    monkeypatch.setattr(awakening, "filled", partial(filled, within=LIMIT))
    url = f"sqlite:///{tmp_path}/denwaban.db"
    await upgrade(url)
    async with Database(url) as database:
        site = Site(tmp_path, database)
        yield site
        site._undo.close()


async def test_at_first_there_is_nothing_to_remember(site: Site) -> None:
    memory, life = await site.wakes()
    assert not life.goes_on
    assert [type(event) for event in life.first] == [EngineStarted]
    assert site.standing() == {}
    assert (memory.recovered, memory.left) == (None, [])


async def test_the_next_one_goes_on(site: Site) -> None:
    first = await site.wakes()
    last = site.works(first, PhoneRegistered("seat01"), CallArrived("anna", NUMBER))
    site.dies(first, last)
    second = await site.wakes()
    assert (second.life.goes_on, second.life.run, second.life.number) == (True, first.life.run, last)
    assert second.life.engine.legs() == first.life.engine.legs()
    assert site.standing() == {}
    last = site.works(second, CallArrived("ben", NUMBER))
    site.dies(second)  # the snapshot of the first is the newest
    third = await site.wakes()
    assert (third.life.goes_on, third.life.number) == (True, last)
    assert third.life.engine.legs() == second.life.engine.legs()
    assert [entry.number for entry in third.life.since] == [last - 1, last]


async def test_other_code_begins_anew_with_what_stood(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    first = await site.wakes()
    site.dies(first, site.works(first, SeatPaused("seat01", "lunch")))
    monkeypatch.setattr(awakening, "CODE", "newer")
    second = await site.wakes()
    assert not second.life.goes_on
    assert second.life.first[1:] == [SeatPaused("seat01", "lunch")]
    assert [left.run for left in second.memory.left] == [first.life.run]  # for the database
    assert site.standing() == {}


async def test_a_memory_of_a_newer_version_is_put_aside(site: Site) -> None:
    first = await site.wakes()
    site.dies(first, site.works(first))
    [snapshot] = site.snapshots()
    make_newer(snapshot)
    second = await site.wakes()
    assert not second.life.goes_on
    assert "newer version" in site.standing()[AlarmName.MEMORY_DAMAGED]
    names = {file.name for file in site.directory.iterdir()}
    assert f"{snapshot.name}.unreadable" in names
    assert any(name.endswith(".spool.unreadable") for name in names)
    site.dies(second, site.works(second))
    third = await site.wakes()
    assert (third.life.goes_on, site.standing()) == (True, {})


def make_newer(file: Path) -> None:
    """As a version would have written it that does not exist yet."""
    data = bytearray(file.read_bytes())
    (length,) = struct.unpack_from("<Q", data, 16)
    struct.pack_into("<H", data, 8, 99)
    data[length : length + 32] = hashlib.sha256(data[:length]).digest()
    file.write_bytes(data)


async def test_a_damaged_snapshot_is_told(site: Site) -> None:
    first = await site.wakes()
    last = site.works(first, CallArrived("anna", NUMBER))
    assert first.memory.save_snapshot(last, 0.0, parts(first.life.engine))
    first.memory.sync()
    last = site.works(first, CallArrived("ben", NUMBER), number=last)
    site.dies(first, last)
    flip(site.snapshots()[-1], 60)
    second = await site.wakes()
    assert (second.life.goes_on, second.life.number) == (True, last)
    assert "damaged (wrong checksum)" in site.standing()[AlarmName.MEMORY_DAMAGED]


async def test_without_any_snapshot_that_can_be_read_its_whole_run_is_repeated(site: Site) -> None:
    first = await site.wakes()
    site.dies(first, site.works(first, CallArrived("anna", NUMBER)))
    flip(site.snapshots()[0], 60)
    second = await site.wakes()
    assert (second.life.goes_on, second.life.run) == (True, first.life.run)
    assert second.life.engine.legs() == first.life.engine.legs()
    assert AlarmName.MEMORY_DAMAGED in site.standing()


async def test_where_its_beginning_is_damaged_too_it_begins_anew(site: Site) -> None:
    first = await site.wakes()
    site.dies(first, site.works(first, CallArrived("anna", NUMBER)))
    flip(site.snapshots()[0], 60)
    spool = min(site.directory.glob("*.spool"))
    flip(spool, spool.read_bytes().index(b"EngineStarted"))
    second = await site.wakes()
    assert not second.life.goes_on
    assert "entry 1 cannot be read" in site.standing()[AlarmName.MEMORY_DAMAGED]


async def test_a_project_whose_file_is_another_one_now(site: Site) -> None:
    first = await site.wakes()
    site.dies(first, site.works(first))
    site.office.write("tax", queues={"main": {"wrapup_s": 99}})
    [resumed, published] = (await site.wakes()).life.first
    assert isinstance(resumed, EngineResumed)
    config = site.office.config
    assert published == ProjectPublished(
        "tax", 0, bundle_of_file(site.office.file("tax"), config / "calendars")
    )


async def test_a_project_that_was_published_meanwhile(site: Site) -> None:
    first = await site.wakes()
    site.dies(first, site.works(first))
    site.office.write("tax", queues={"main": {"wrapup_s": 99}})
    await site.office.publish("tax")
    site.office.write("tax", queues={"main": {"wrapup_s": 5}})  # and its file went on
    [_, published] = (await site.wakes()).life.first
    assert isinstance(published, ProjectPublished)
    assert (published.project, published.version) == ("tax", 1)
    assert project_of(published.bundle).queues["main"].wrapup_s == 99


async def test_a_disk_that_is_full_or_broken_is_an_alarm_until_it_is_not(site: Site) -> None:
    site.directory.mkdir(parents=True)
    with small_disk(site.directory) as disk:
        awake = await site.wakes()
        last = site.works(awake)
        disk.broken = True
        awake.memory.save_snapshot(last, 0.0, parts(awake.life.engine))
        awake.memory.sync()
        assert "could not be written" in site.standing()[AlarmName.SNAPSHOT_FAILED]
        last = site.works(awake, CallArrived("anna", NUMBER), number=last)
        assert AlarmName.SPOOL_UNWRITABLE in site.standing()
        disk.broken = False
        last = recovered(site, awake, last)
        assert site.standing() == {}


def recovered(site: Site, awake: Awakened, last: int) -> int:
    """The spool tries again, and a snapshot makes good what is missing in it."""
    while AlarmName.SPOOL_UNWRITABLE in site.standing():
        last = site.works(awake, number=last)
        awake.memory.save_snapshot(last, 0.0, parts(awake.life.engine))
        awake.memory.sync()
    return last


async def test_a_second_engine_is_told_of_the_first(site: Site) -> None:
    var = load_stack(site.office.config).site.var_directory
    with SiteLock(var / LOCK), pytest.raises(SiteHeldError, match=r"process \d+ on"):
        SiteLock(var / LOCK).take()
    with SiteLock(var / LOCK):
        pass

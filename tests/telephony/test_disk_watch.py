from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from pydantic import ValidationError

from telephony.alarms import AlarmName, Alarms
from telephony.disk_watch import MB, DiskWatch, Room, room_of
from telephony.site import DiskSite

pytestmark = pytest.mark.unit

SETTINGS = DiskSite(low_mb=1000, low_percent=10)


def stands(alarms: Alarms) -> bool:
    return any(alarm.name is AlarmName.DISK_LOW for alarm in alarms.standing())


def test_the_alarm_comes_in_time_and_does_not_flutter(tmp_path: Path) -> None:
    alarms = Alarms()
    watch = DiskWatch(tmp_path, alarms, SETTINGS)
    for free, low in ((2000, False), (1000, False), (999, True), (1050, True), (1099, True), (1101, False)):
        watch.check(Room(free * MB, 5000 * MB))
        assert stands(alarms) is low, free


def test_a_big_disk_is_low_by_its_percentage(tmp_path: Path) -> None:
    alarms = Alarms()
    watch = DiskWatch(tmp_path, alarms, SETTINGS)
    watch.check(Room(9_900 * MB, 100_000 * MB))
    assert alarms.standing()[0].text == f"9900 MB (9.9 %) are left below {tmp_path}"
    watch.check(Room(10_500 * MB, 100_000 * MB))
    assert stands(alarms)
    watch.check(Room(11_001 * MB, 100_000 * MB))
    assert not stands(alarms)


async def test_it_looks_at_once_and_again_and_again(tmp_path: Path) -> None:
    alarms, looks, enough = Alarms(), 0, asyncio.Event()
    loop = asyncio.get_running_loop()

    def look(folder: Path) -> Room:
        nonlocal looks
        looks += 1
        if looks == 3:
            raise OSError(5, "Input/output error")
        if looks == 4:
            loop.call_soon_threadsafe(enough.set)
        return Room(1, 100 * MB)

    async with DiskWatch(tmp_path, alarms, SETTINGS, every=0.0, look=look) as watch:
        assert (watch.room.free, stands(alarms)) == (1, True)
        await asyncio.wait_for(enough.wait(), 10)


def test_the_room_of_a_real_disk(tmp_path: Path) -> None:
    room = room_of(tmp_path)
    assert 0 < room.free <= room.size
    assert room_of(tmp_path / "not" / "yet").size == room.size
    assert 0 < room.percent <= 100
    assert Room(0, 0).percent == 100  # a file system that does not say is not full


def test_settings_that_make_no_sense() -> None:
    for wrong in ({"low_mb": -1}, {"low_percent": 91}, {"low": 1}):
        with pytest.raises(ValidationError):
            DiskSite.model_validate(wrong)

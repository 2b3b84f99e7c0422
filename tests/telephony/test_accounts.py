"""Asterisk's account is put aside every day, compressed and forgotten after a while; no line is lost."""

from __future__ import annotations

import asyncio
import datetime as dt
import gzip
import os
from pathlib import Path

import pytest

from store.accounts import account_files
from telephony.accounts import AccountKeeper, compress, put_aside

pytestmark = pytest.mark.unit

TOKYO = dt.timezone(dt.timedelta(hours=9))
NOON = dt.datetime(2026, 5, 7, 12, tzinfo=TOKYO)
LINE = f"CHAN_START,{NOON.timestamp():.6f},PJSIP/trunk-0,1.0,1.0,\n"


@pytest.fixture
def current(tmp_path: Path) -> Path:
    path = tmp_path / "events.csv"
    path.write_text(LINE, "utf-8")
    return path


def keeper(current: Path, now: dt.datetime, most_bytes: int = 1000) -> AccountKeeper:
    return AccountKeeper(current, keep_days=30, most_bytes=most_bytes, clock=lambda: now)


def names(current: Path) -> list[str]:
    return [path.name for path in account_files(current)]


def test_nothing_happens_on_the_same_day(current: Path) -> None:
    keeper(current, NOON.replace(hour=23)).look()
    assert names(current) == ["events.csv"]


def test_a_new_file_is_begun_the_next_day_and_the_old_one_compressed_after_that(current: Path) -> None:
    tomorrow = NOON + dt.timedelta(hours=12)
    keeper(current, tomorrow).look()
    assert names(current) == ["events-20260507T150000000000Z.csv"]
    keeper(current, tomorrow + dt.timedelta(minutes=10)).look()
    [path] = account_files(current)
    assert path.name == "events-20260507T150000000000Z.csv.gz"
    assert gzip.decompress(path.read_bytes()).decode() == LINE
    assert sorted(current.parent.iterdir()) == [path]


def test_a_file_that_is_too_long_is_put_aside_at_once(current: Path) -> None:
    keeper(current, NOON, most_bytes=10).look()
    assert names(current) == ["events-20260507T030000000000Z.csv"]


def test_old_ones_are_forgotten(current: Path) -> None:
    old = current.with_name("events-20260101T000000000000Z.csv.gz")
    old.write_bytes(b"")
    os.utime(old, (NOON.timestamp() - 31 * 86400,) * 2)
    young = current.with_name("events-20260501T000000000000Z.csv.gz")
    young.write_bytes(b"")
    os.utime(young, (NOON.timestamp() - 6 * 86400,) * 2)
    keeper(current, NOON).look()
    assert names(current) == [young.name, "events.csv"]


def test_an_empty_or_missing_file_stays_as_it_is(tmp_path: Path) -> None:
    current = tmp_path / "events.csv"
    keeper(current, NOON).look()
    assert put_aside(current, NOON) is None
    current.touch()
    keeper(current, NOON).look()
    assert put_aside(current, NOON) is None


def test_a_first_line_that_cannot_be_read_does_not_matter(current: Path) -> None:
    current.write_text(f"TORN\nX,y\n{LINE}", "utf-8")
    keeper(current, NOON + dt.timedelta(days=1)).look()
    assert names(current) != ["events.csv"]


def test_compressing_again_after_a_crash(current: Path) -> None:
    aside = put_aside(current, NOON)
    assert aside is not None
    aside.with_name(f".{aside.name}.gz.part").write_bytes(b"half")
    compress(aside)
    assert [path.suffix for path in current.parent.iterdir()] == [".gz"]


async def test_it_looks_by_itself(current: Path) -> None:
    looked, loop = asyncio.Event(), asyncio.get_running_loop()

    class Watched(AccountKeeper):
        def look(self) -> None:
            super().look()
            loop.call_soon_threadsafe(looked.set)

    async with Watched(current, clock=lambda: NOON + dt.timedelta(days=1)):
        await asyncio.wait_for(looked.wait(), 30)
    assert names(current) != ["events.csv"]

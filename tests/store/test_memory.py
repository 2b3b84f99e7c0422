"""The durable memory of an engine: what one life leaves, the next one finds."""

from __future__ import annotations

import asyncio
import hashlib
import struct
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from calls.journal import Entry
from store.database import Database
from store.journal_resume import Frozen
from store.left_runs import hand_over
from store.memory import Memory, put_aside
from store.memory_errors import NewerMemoryError
from store.migrations import upgrade
from store.recovered import filled
from store.spool_state import SpoolSettings, SpoolState
from tests.store.helpers import LIMIT, plain, read, write
from tests.store.resume_behaviour import Life
from tests.store.small_disk import small_disk
from tests.store.test_snapshots import files, flip

pytestmark = pytest.mark.unit

ROOT = Path(__file__).parents[2]
SMALL = SpoolSettings(segment_bytes=2048, segments=2, most=50, retry=0.0)
PARTS = {"engine": b"frozen", "driver": b"too"}

ENGINE = """
import sys
from pathlib import Path
from store.journal_resume import Frozen
from store.memory import Memory
from tests.store.helpers import plain
memory = Memory.open(Path(sys.argv[1]), "code")
memory.begin("run")
for entry in plain(1_000_000):
    memory.append(entry)
    print(entry.number, flush=True)
    if entry.number % 100 == 0:
        memory.save_snapshot(entry.number, entry.at, {"engine": b"%d" % entry.number}, Frozen(entry.number - 3, b""))
        memory.release(entry.number)
"""


def opened(directory: Path, code: str = "code") -> Memory:
    """A memory with small segments."""
    return Memory.open(directory, code, settings=SMALL)


def lived(
    directory: Path, entries: list[Entry], *snapshots: int, run: str = "run", released: int = 0
) -> None:
    """A life with snapshots behind some entries; the database has everything up to `released` at its end."""
    memory = opened(directory)
    memory.begin(run)
    for entry in entries:
        memory.append(entry)
        if entry.number in snapshots:
            assert memory.save_snapshot(entry.number, entry.at, PARTS, Frozen(entry.number - 2, b"folds"))
            memory.sync()
            memory.release(released)
    memory.close()


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    """An empty database with its tables."""
    url = f"sqlite:///{tmp_path}/denwaban.db"
    await upgrade(url)
    async with Database(url) as database:
        yield database


def test_at_first_there_is_nothing(tmp_path: Path) -> None:
    memory = opened(tmp_path / "var" / "journal")
    assert (memory.recovered, memory.left, memory.damages) == (None, [], [])
    assert (memory.state, memory.room) == (SpoolState.OK, 1.0)
    memory.close()


def test_the_newest_snapshot_and_what_came_after_it(tmp_path: Path) -> None:
    lived(tmp_path, plain(100), 40, 90)
    memory = opened(tmp_path, "newer code")
    found = memory.recovered
    assert found is not None
    assert (found.run, found.number, found.at, found.code) == ("run", 90, 1090.0, "code")
    assert found.parts == PARTS
    assert found.entries == plain(10, 91)
    assert found.next_number == 101
    assert found.resumed.frozen == Frozen(88, b"folds")
    assert found.resumed.entries == plain(12, 89)
    assert found.resumed.next_number == 101
    assert (found.beyond, found.damages) == ([], [])
    memory.close()


def test_a_run_without_a_snapshot_begins_at_its_beginning(tmp_path: Path) -> None:
    lived(tmp_path, plain(30), 20, run="first")
    lived(tmp_path, plain(10), run="second")
    memory = opened(tmp_path)
    found = memory.recovered
    assert found is not None
    assert (found.run, found.number, found.parts) == ("second", 0, {})
    assert found.entries == plain(10)
    assert found.resumed == (None, plain(10), 11)
    memory.begin("second")
    assert [left.run for left in memory.left] == ["first"]
    memory.close()


def test_lives_follow_each_other_in_one_run(tmp_path: Path) -> None:
    for first in range(1, 400, 40):
        lived(tmp_path, plain(40, first), first + 20, released=first + 39)
        memory = opened(tmp_path)
        assert memory.recovered is not None
        assert memory.recovered.entries == plain(19, first + 21)
        assert memory.damages == []
        memory.close()
    assert len(list(tmp_path.glob("*.spool"))) <= 8


def test_only_what_the_older_snapshot_and_the_database_have_is_released(tmp_path: Path) -> None:
    lived(tmp_path, plain(300), 100, 200, 290, released=250)
    flip(tmp_path / "00000003.snapshot", 60)
    memory = opened(tmp_path)
    found = memory.recovered
    assert found is not None
    assert (found.number, found.entries) == (200, plain(100, 201))
    assert found.resumed.entries == plain(102, 199)
    assert memory.damages == ["00000003.snapshot is damaged (wrong checksum)"]
    memory.close()
    assert "00000003.snapshot.unreadable" in files(tmp_path)


def test_without_any_snapshot_that_can_be_used_the_entries_are_still_to_be_handed_over(
    tmp_path: Path,
) -> None:
    lived(tmp_path, plain(300), 100, 200, 290, released=250)
    for name in ("00000002.snapshot", "00000003.snapshot"):
        flip(tmp_path / name, 60)
    memory = opened(tmp_path)
    assert memory.recovered is None
    assert "no snapshot of the last run is left" in memory.damages
    assert memory.left[0].entries[-1].number == 300
    memory.close()


def test_a_gap_ends_what_can_be_replayed(tmp_path: Path) -> None:
    lived(tmp_path, plain(30), 10)
    file = min(tmp_path.glob("*.spool"))
    data = file.read_bytes()
    places = [at for at in range(len(data)) if data.startswith(b"TimePassed", at)]
    flip(file, places[14], 1)
    memory = opened(tmp_path)
    found = memory.recovered
    assert found is not None
    assert (found.entries, found.next_number) == (plain(4, 11), 15)
    assert found.beyond[0].number == 16
    assert any("entry 15 cannot be read" in text for text in memory.damages)
    assert any("entries 15 to 15 are missing" in text for text in found.damages)
    memory.close()


async def test_a_gap_is_filled_from_the_database(tmp_path: Path, database: Database) -> None:
    directory = tmp_path / "journal"
    lived(directory, plain(14), 10)
    lived(directory, plain(5, 17))
    await write(database, "run", plain(16))
    memory = opened(directory)
    found = memory.recovered
    assert found is not None
    assert found.entries == plain(4, 11)
    found = await filled(database, found)
    assert (found.entries, found.next_number, found.beyond) == (plain(11, 11), 22, [])
    assert found.resumed == (Frozen(8, b"folds"), plain(13, 9), 22)
    assert found.damages[-1] == "entries 15 to 16 were taken from the database"
    memory.close()


async def test_where_the_database_is_away_nothing_is_filled(tmp_path: Path) -> None:
    lived(tmp_path, plain(14), 10)
    memory = opened(tmp_path)
    assert memory.recovered is not None
    async with Database(f"sqlite:///{tmp_path}/empty.db") as without_tables:
        assert await filled(without_tables, memory.recovered) == memory.recovered
    memory.close()


async def test_what_earlier_runs_left_gets_into_the_database(tmp_path: Path, database: Database) -> None:
    directory = tmp_path / "journal"
    lived(directory, plain(50), run="first")
    lived(directory, plain(30), run="second")
    await write(database, "first", plain(20))
    memory = opened(directory)
    memory.begin("third")
    assert [left.run for left in memory.left] == ["first", "second"]
    await asyncio.wait_for(hand_over(database, memory), LIMIT)
    assert memory.left == []
    memory.close()
    assert await read(database, "first") == plain(50)
    assert await read(database, "second") == plain(30)
    again = opened(directory)
    assert (again.left, again.recovered) == ([], None)
    again.close()


async def test_two_lives_with_a_database_that_was_away(tmp_path: Path, database: Database) -> None:
    directory = tmp_path / "journal"
    memory = opened(directory)
    memory.begin("run")
    async with Life(database, "run") as life:
        for entry in plain(40):
            memory.append(entry)
            life.writer.put(entry)
        memory.save_snapshot(40, 1040.0, PARTS, life.writer.freeze())
        memory.sync()
    memory.close()
    memory = opened(directory)
    assert memory.recovered is not None
    assert memory.recovered.entries == []
    async with Life(database, "run", memory.recovered.resumed) as life:
        await life.put(plain(1, 41))
    memory.close()
    assert await read(database, "run") == plain(41)


# ---- snapshots, disks


def test_when_a_snapshot_is_wanted(tmp_path: Path) -> None:
    memory = Memory.open(tmp_path, "code", settings=SMALL, every=10)
    memory.begin("run")
    wanted = []
    for entry in plain(12):
        memory.append(entry)
        wanted.append(memory.wants_snapshot)
    assert wanted == [False] * 9 + [True] * 3
    memory.save_snapshot(12, 1012.0, PARTS)
    memory.sync()
    assert not memory.wants_snapshot
    memory.close()


def test_a_snapshot_that_fails_is_told_and_the_old_ones_stay(tmp_path: Path) -> None:
    told: list[str] = []
    with small_disk(tmp_path) as disk:
        memory = Memory.open(tmp_path, "code", settings=SMALL, on_snapshot=told.append)
        memory.begin("run")
        for entry in plain(20):
            memory.append(entry)
            if entry.number in (5, 10):
                memory.save_snapshot(entry.number, entry.at, PARTS)
                memory.sync()
        disk.broken = True
        memory.save_snapshot(20, 1020.0, PARTS)
        memory.sync()
        disk.broken = False
        memory.close()
    assert told == ["", "", "the snapshot up to entry 20 could not be written: Input/output error"]
    again = opened(tmp_path)
    assert again.recovered is not None
    assert (again.recovered.number, again.recovered.entries) == (10, plain(10, 11))
    again.close()


def test_a_full_spool_takes_entries_again_after_one_snapshot(tmp_path: Path) -> None:
    told: list[SpoolState] = []
    memory = Memory.open(
        tmp_path, "code", settings=SMALL._replace(most=3), on_state=lambda state, _text: told.append(state)
    )
    memory.begin("run")
    for entry in plain(100):
        memory.append(entry)
    assert memory.wants_snapshot
    memory.save_snapshot(100, 1100.0, PARTS)
    memory.sync()
    memory.release(100)
    for entry in plain(5, 101):
        memory.append(entry)
    memory.close()
    assert told == [SpoolState.FULL, SpoolState.OK]
    again = opened(tmp_path)
    assert again.recovered is not None
    assert (again.recovered.number, again.recovered.entries) == (100, plain(5, 101))
    again.close()


async def test_what_happens_in_the_thread_is_told_in_the_loop(tmp_path: Path) -> None:
    told: asyncio.Queue[SpoolState] = asyncio.Queue()
    with small_disk(tmp_path) as disk:
        memory = Memory.open(
            tmp_path, "code", settings=SMALL, on_state=lambda state, _text: told.put_nowait(state)
        )
        memory.begin("run")
        memory.append(plain(1)[0])
        disk.broken = True
        assert await asyncio.wait_for(told.get(), LIMIT) is not SpoolState.OK
        disk.broken = False
        memory.close()


def test_a_newer_schema_changes_nothing_and_can_be_put_aside(tmp_path: Path) -> None:
    lived(tmp_path, plain(3), 2)
    file = tmp_path / "00000001.snapshot"
    _make_newer(file)
    before = files(tmp_path)
    with pytest.raises(NewerMemoryError, match="newer version"):
        opened(tmp_path)
    assert files(tmp_path) == before
    put_aside(tmp_path)
    memory = opened(tmp_path)
    assert (memory.recovered, memory.damages) == (None, [])
    memory.close()
    lived(tmp_path, plain(3), 2)
    put_aside(tmp_path)
    assert "00000001.snapshot.2.unreadable" in files(tmp_path)


def _make_newer(file: Path) -> None:
    data = bytearray(file.read_bytes())
    (length,) = struct.unpack_from("<Q", data, 16)
    struct.pack_into("<H", data, 8, 2)
    data[length : length + 32] = hashlib.sha256(data[:length]).digest()
    file.write_bytes(data)


@settings(max_examples=150, deadline=None)
@given(data=st.data())
def test_wherever_a_byte_is_flipped_what_is_recovered_is_true(data: st.DataObject) -> None:
    entries = plain(60)
    with TemporaryDirectory() as name:
        directory = Path(name)
        lived(directory, entries, 20, 40)
        file = data.draw(st.sampled_from(sorted(directory.iterdir())))
        flip(
            file,
            data.draw(st.integers(0, min(2047, file.stat().st_size - 1))),
            data.draw(st.integers(1, 255)),
        )
        memory = opened(directory)
        found = memory.recovered
        assert found is not None
        assert found.number in (20, 40)
        assert found.parts == PARTS
        assert found.entries == entries[found.number : found.next_number - 1]
        assert found.next_number == 61 or memory.damages
        memory.close()


async def test_a_killed_engine_is_found_as_it_was(tmp_path: Path) -> None:
    child = await asyncio.create_subprocess_exec(
        sys.executable, "-c", ENGINE, str(tmp_path), stdout=asyncio.subprocess.PIPE, cwd=ROOT
    )
    assert child.stdout is not None
    said = [await asyncio.wait_for(child.stdout.readline(), LIMIT) for _ in range(2000)]
    child.kill()
    rest, _ = await asyncio.wait_for(child.communicate(), LIMIT)
    last = int((said + [line for line in rest.splitlines(keepends=True) if line.endswith(b"\n")])[-1])
    memory = opened(tmp_path)
    found = memory.recovered
    assert memory.damages == []
    assert found is not None
    assert found.parts == {"engine": b"%d" % found.number}
    assert found.next_number - 1 in (last, last + 1)
    assert found.entries == plain(found.next_number - 1 - found.number, found.number + 1)
    assert found.resumed.entries[0].number == found.number - 2
    memory.close()

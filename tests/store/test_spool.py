"""The spool: what was appended is there after whatever happened, and nothing else is."""

from __future__ import annotations

import asyncio
import shutil
import struct
import sys
import zlib
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from calls.events import CallArrived
from calls.journal import Entry
from store.memory_errors import NewerMemoryError, OlderMemoryError
from store.spool import Spool
from store.spool_format import COPIES, HEADER_BYTES, RECORDS_AT
from store.spool_reader import damages_of, decoded, read_spool, runs_of
from store.spool_state import SpoolSettings, SpoolState
from tests.store.helpers import LIMIT, plain
from tests.store.small_disk import small_disk
from tests.store.strategies import journals

pytestmark = pytest.mark.unit

ROOT = Path(__file__).parents[2]
SMALL = SpoolSettings(segment_bytes=2048, segments=2, most=4, retry=0.0)
PER_SEGMENT = 21  # so many entries without anything in them

APPENDER = """
import sys
from pathlib import Path
from store.spool import Spool
from store.spool_reader import read_spool
from store.spool_state import SpoolSettings
from tests.store.helpers import plain
directory = Path(sys.argv[1])
spool = Spool(directory, read_spool(directory), SpoolSettings(segment_bytes=20_000, most=1000))
spool.begin("run")
for entry in plain(1_000_000):
    spool.append(entry)
    print(entry.number, flush=True)
"""


class States:
    """Takes what the spool says of itself."""

    def __init__(self) -> None:
        self.seen: list[SpoolState] = []
        self.texts: list[str] = []

    def __call__(self, state: SpoolState, text: str) -> None:
        self.seen.append(state)
        self.texts.append(text)


def opened(directory: Path, run: str = "run", settings: SpoolSettings = SMALL) -> Spool:
    """A spool that goes on with what is there."""
    spool = Spool(directory, read_spool(directory) if directory.exists() else (), settings)
    spool.begin(run)
    return spool


def state_of(spool: Spool) -> SpoolState:
    """How it is at this moment."""
    return spool.state


def spooled(
    directory: Path, entries: Sequence[Entry], run: str = "run", settings: SpoolSettings = SMALL
) -> None:
    """One life of an engine."""
    spool = opened(directory, run, settings)
    for entry in entries:
        spool.append(entry)
    spool.close()


def found(directory: Path, run: str = "run") -> tuple[list[Entry], list[str]]:
    """What there is of a run, and what is damaged."""
    files = read_spool(directory)
    entries = next((one.entries for one in runs_of(files) if one.run == run), [])
    known, texts = decoded(entries)
    return known, [*damages_of(files), *texts]


def flip(file: Path, at: int, mask: int) -> None:
    """Flip bits of one byte."""
    with file.open("r+b") as opened:
        opened.seek(at)
        before = opened.read(1)[0]
        opened.seek(at)
        opened.write(bytes([before ^ mask]))


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(journals())
def test_every_kind_of_entry_comes_back_as_it_was(entries: list[Entry]) -> None:
    with TemporaryDirectory() as name:
        spooled(Path(name), entries, settings=SMALL._replace(segment_bytes=1 << 16))
        assert found(Path(name)) == (entries, [])


def test_an_odd_caller_does_not_stop_it(tmp_path: Path) -> None:
    spooled(tmp_path, [Entry(1, 1.0, CallArrived("leg", "0570", "a\ud800b"), []), *plain(1, 2)])
    entries, damages = found(tmp_path)
    assert (len(entries), damages) == (2, [])
    assert isinstance(entries[0].event, CallArrived)
    assert entries[0].event.caller == "a?b"


def test_it_goes_on_over_many_segments_and_lives(tmp_path: Path) -> None:
    many = SMALL._replace(most=100)
    spooled(tmp_path, plain(70), settings=many)
    spooled(tmp_path, plain(70, 71), settings=many)
    assert found(tmp_path) == (plain(140), [])


def test_what_is_released_makes_room_and_never_comes_back(tmp_path: Path) -> None:
    spool = opened(tmp_path)
    for entry in plain(1000):
        spool.append(entry)
        spool.release(entry.number)
    spool.close()
    entries, damages = found(tmp_path)
    assert damages == []
    assert entries == plain(len(entries), 1001 - len(entries))
    assert len(entries) <= PER_SEGMENT
    assert len(list(tmp_path.iterdir())) == 2


def test_old_records_behind_new_ones_are_never_taken_for_new(tmp_path: Path) -> None:
    # The same file, the same places, the very numbers that would come next.
    one = SMALL._replace(segments=1, most=1)
    spooled(tmp_path, plain(20), settings=one)
    spool = opened(tmp_path, "run", one)
    spool.release(20)
    for entry in plain(5):
        spool.append(entry)
    spool.close()
    assert found(tmp_path) == (plain(5), [])


def test_a_run_that_went_on_earlier_than_it_ended_has_its_later_past(tmp_path: Path) -> None:
    spooled(tmp_path, plain(20))
    later = [Entry(number, 5000.0, CallArrived("leg", "0570"), []) for number in range(11, 15)]
    spooled(tmp_path, later)
    assert found(tmp_path) == ([*plain(10), *later], [])


def test_runs_are_kept_apart(tmp_path: Path) -> None:
    spooled(tmp_path, plain(3), "first")
    spooled(tmp_path, plain(2), "second")
    assert [(run.run, len(run.entries)) for run in runs_of(read_spool(tmp_path))] == [
        ("first", 3),
        ("second", 2),
    ]
    spool = opened(tmp_path, "second")
    spool.release_run("first")
    spool.close()
    assert [run.run for run in runs_of(read_spool(tmp_path))] == ["second"]


@settings(max_examples=300, deadline=None)
@given(data=st.data())
def test_wherever_a_byte_is_flipped_nothing_wrong_is_accepted(data: st.DataObject) -> None:
    entries = plain(60)
    with TemporaryDirectory() as name:
        directory = Path(name)
        spooled(directory, entries)
        file = data.draw(st.sampled_from(sorted(directory.iterdir())))
        at = data.draw(st.integers(0, 2047))
        flip(file, at, data.draw(st.integers(1, 255)))
        known, damages = found(directory)
        assert all(entry in entries for entry in known)
        missing = {entry.number for entry in entries} - {entry.number for entry in known}
        assert len(missing) <= 1
        if missing:
            assert any(f"entry {min(missing)} " in text for text in damages)


@settings(max_examples=100, deadline=None)
@given(data=st.data())
def test_a_damaged_stretch_is_told_and_what_follows_is_there(data: st.DataObject) -> None:
    entries = plain(60)
    with TemporaryDirectory() as name:
        directory = Path(name)
        spooled(directory, entries)
        file = min(directory.iterdir())
        at = data.draw(st.integers(RECORDS_AT, 2047))
        junk = data.draw(st.binary(min_size=1, max_size=300))[: 2048 - at]
        with file.open("r+b") as opened:
            opened.seek(at)
            opened.write(junk)
        known, _ = found(directory)
        numbers = [entry.number for entry in known]
        lost = sorted(set(range(1, 61)) - set(numbers))
        assert all(entry in entries for entry in known)
        assert lost == list(range(lost[0], lost[-1] + 1)) if lost else True
        assert len(lost) <= 2 + len(junk) // 20


def test_both_headers_damaged_one_segment_is_lost_and_put_aside(tmp_path: Path) -> None:
    spooled(tmp_path, plain(60))
    file = min(tmp_path.iterdir())
    for copy in range(COPIES):
        flip(file, copy * HEADER_BYTES + 30, 1)
    known, damages = found(tmp_path)
    assert [entry.number for entry in known] == list(range(PER_SEGMENT + 1, 61))
    assert damages == [f"{file.name}: its header is damaged, so nothing of it is used"]
    opened(tmp_path).close()
    assert file.with_name(f"{file.name}.unreadable").exists()


def test_the_last_record_may_be_torn_anywhere(tmp_path: Path) -> None:
    whole, torn = tmp_path / "whole", tmp_path / "torn"
    spooled(whole, plain(3), settings=SMALL._replace(segments=1))
    [file] = whole.iterdir()
    spooled(torn, plain(2), settings=SMALL._replace(segments=1))
    [before] = torn.iterdir()
    old, new = before.read_bytes(), file.read_bytes()
    places = [at for at in range(len(new)) if old[at] != new[at]]
    for at in range(places[0], places[-1] + 1):
        before.write_bytes(new[:at] + old[at:])
        known, damages = found(torn)
        assert known == plain(2)
        assert damages in ([], [f"{before.name}: entry 3 at its end is torn"])
        assert damages or at - places[0] < 4  # it can be seen as soon as its mark is there
    before.write_bytes(new)
    assert found(torn) == (plain(3), [])


@pytest.mark.parametrize(("schema", "error"), [(2, NewerMemoryError), (0, OlderMemoryError)])
def test_another_schema_is_said(tmp_path: Path, schema: int, error: type[Exception]) -> None:
    spooled(tmp_path, plain(3))
    file = min(tmp_path.iterdir())
    data = bytearray(file.read_bytes())
    for start in range(0, HEADER_BYTES * COPIES, HEADER_BYTES):
        struct.pack_into("<H", data, start + 8, schema)
        struct.pack_into("<I", data, start + 508, zlib.crc32(data[start : start + 508]))
    file.write_bytes(data)
    with pytest.raises(error, match=f"schema {schema}"):
        read_spool(tmp_path)


def test_an_entry_of_an_unknown_kind_is_told(tmp_path: Path) -> None:
    spooled(tmp_path, plain(1))
    [run] = runs_of(read_spool(tmp_path))
    [stored] = run.entries
    known, texts = decoded([stored._replace(data=stored.data.replace(b"TimePassed", b"TimeStands"))])
    assert known == []
    assert texts == ["entry 1 is of a kind that this version does not know"]


# ---- disks


def test_a_full_disk_does_not_stop_it_as_long_as_it_has_room_of_its_own(tmp_path: Path) -> None:
    with small_disk(tmp_path) as disk:
        spool = opened(tmp_path)
        disk.fill()
        for entry in plain(2 * PER_SEGMENT):
            spool.append(entry)
        assert state_of(spool) is SpoolState.OK
        spool.close()
    assert found(tmp_path) == (plain(2 * PER_SEGMENT), [])


def test_without_room_it_says_so_and_a_snapshot_makes_it_whole_again(tmp_path: Path) -> None:
    states = States()
    with small_disk(tmp_path) as disk:
        spool = Spool(tmp_path, (), SMALL, on_state=states)
        spool.begin("run")
        disk.fill()
        for entry in plain(80):
            spool.append(entry)
        assert states.seen == [SpoolState.FULL]
        assert states.texts == ["No space left on device"]
        disk.size += 10_000
        for entry in plain(5, 81):
            spool.append(entry)
        assert states.seen == [SpoolState.FULL, SpoolState.GAP]
        spool.covered(79)
        assert state_of(spool) is SpoolState.GAP
        spool.covered(80)
        spool.append(plain(1, 86)[0])
        assert states.seen == [SpoolState.FULL, SpoolState.GAP, SpoolState.OK]
        spool.close()
    entries, _ = found(tmp_path)
    assert entries == [*plain(2 * PER_SEGMENT), *plain(6, 81)]


def test_it_is_bounded_and_goes_on_when_segments_are_released(tmp_path: Path) -> None:
    states = States()
    spool = Spool(tmp_path, (), SMALL, on_state=states)
    spool.begin("run")
    for entry in plain(5 * PER_SEGMENT):
        spool.append(entry)
    assert states.seen == [SpoolState.FULL]
    assert states.texts == ["all 4 segments of the spool are in use"]
    assert spool.room == 0.0
    spool.covered(5 * PER_SEGMENT)
    spool.release(5 * PER_SEGMENT)
    spool.append(plain(1, 5 * PER_SEGMENT + 1)[0])
    assert states.seen == [SpoolState.FULL, SpoolState.OK]
    assert spool.room >= 0.5
    spool.close()


def test_in_trouble_it_tries_again_after_a_while_only(tmp_path: Path) -> None:
    now = 0.0
    with small_disk(tmp_path) as disk:
        spool = Spool(tmp_path, (), SMALL._replace(retry=10.0), clock=lambda: now)
        spool.begin("run")
        disk.broken = True
        spool.append(plain(1)[0])
        assert state_of(spool) is SpoolState.UNWRITABLE
        disk.broken = False
        spool.append(plain(1, 2)[0])
        assert state_of(spool) is SpoolState.UNWRITABLE
        now = 10.0
        spool.append(plain(1, 3)[0])
        assert state_of(spool) is SpoolState.GAP
        spool.close()
    assert found(tmp_path)[0] == plain(1, 3)


def test_a_disk_that_fails_and_recovers(tmp_path: Path) -> None:
    with small_disk(tmp_path) as disk:
        spool = opened(tmp_path)
        for number in range(1, 61):
            disk.broken = 20 <= number < 40
            spool.append(plain(1, number)[0])
        assert state_of(spool) is SpoolState.GAP
        spool.covered(60)
        assert state_of(spool) is SpoolState.OK
        spool.close()
    entries, _ = found(tmp_path)
    assert entries == [*plain(19), *plain(21, 40)]


def test_what_could_not_be_made_durable_is_in_doubt_until_a_snapshot_covers_it(tmp_path: Path) -> None:
    states = States()
    with small_disk(tmp_path) as disk:
        spool = Spool(tmp_path, (), SMALL._replace(sync_within=1000.0), on_state=states)
        spool.begin("run")
        spool.append(plain(1)[0])
        disk.broken = True
        spool.sync()
        disk.broken = False
        assert states.seen == [SpoolState.GAP]
        spool.append(plain(1, 2)[0])
        spool.covered(1)
        assert states.seen == [SpoolState.GAP, SpoolState.OK]
        spool.close()
    assert found(tmp_path) == (plain(2), [])


def test_an_entry_that_no_segment_can_hold_stops_nobody(tmp_path: Path) -> None:
    spool = opened(tmp_path)
    spool.append(plain(1)[0])
    spool.append(Entry(2, 2.0, CallArrived("leg", "9" * 5000), []))
    spool.append(plain(1, 3)[0])
    assert state_of(spool) is SpoolState.GAP
    spool.close()
    assert found(tmp_path)[0] == [*plain(1), *plain(1, 3)]


def test_files_of_another_size_than_wanted_are_made_anew(tmp_path: Path) -> None:
    spooled(tmp_path, plain(3))
    spooled(tmp_path, plain(3, 4), settings=SMALL._replace(segment_bytes=4096))
    assert found(tmp_path) == (plain(6), [])
    assert sorted(file.stat().st_size for file in tmp_path.iterdir()) == [2048, 4096]


async def test_a_killed_process_leaves_everything_that_it_said_it_had_appended(tmp_path: Path) -> None:
    pipe = asyncio.subprocess.PIPE
    child = await asyncio.create_subprocess_exec(
        sys.executable, "-c", APPENDER, str(tmp_path), stdout=pipe, cwd=ROOT
    )
    assert child.stdout is not None
    said = [await asyncio.wait_for(child.stdout.readline(), LIMIT) for _ in range(3000)]
    child.kill()
    rest, _ = await asyncio.wait_for(child.communicate(), LIMIT)
    last = int((said + [line for line in rest.splitlines(keepends=True) if line.endswith(b"\n")])[-1])
    entries, damages = found(tmp_path)
    assert damages == []
    assert len(entries) in (last, last + 1)
    assert entries == plain(len(entries))


def test_a_copy_of_a_spool_in_use_can_be_read(tmp_path: Path) -> None:
    spool = opened(tmp_path / "spool")
    for entry in plain(40):
        spool.append(entry)
        if entry.number % 10 == 0:
            shutil.copytree(tmp_path / "spool", tmp_path / f"copy{entry.number}")
            assert found(tmp_path / f"copy{entry.number}") == (plain(entry.number), [])
    spool.close()

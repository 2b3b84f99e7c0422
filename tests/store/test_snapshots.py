"""Snapshot files: whole or not at all."""

from __future__ import annotations

import hashlib
import struct
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from store.memory_errors import NewerMemoryError, OlderMemoryError
from store.snapshots import DamagedSnapshotError, SnapshotHeader, Snapshots, read_snapshot
from tests.store.small_disk import small_disk

pytestmark = pytest.mark.unit

PARTS = {"engine": bytes(range(256)), "journal folds": b"", "third": b"abc"}


def header(number: int, run: str = "run") -> SnapshotHeader:
    """Of the state after an entry."""
    return SnapshotHeader("1.2", run, number, 1000.5 + number, number - 1, 7, {})


def saved(directory: Path, *numbers: int, parts: Mapping[str, bytes] = PARTS) -> Snapshots:
    """A directory with some snapshots."""
    snapshots = Snapshots(directory)
    for number in numbers:
        snapshots.save(header(number), parts)
    return snapshots


def files(directory: Path) -> list[str]:
    """The names in a directory."""
    return sorted(file.name for file in directory.iterdir())


def flip(file: Path, at: int, mask: int = 0x10) -> None:
    """Flip bits of one byte."""
    data = bytearray(file.read_bytes())
    data[at] ^= mask
    file.write_bytes(data)


def test_the_newest_comes_back_and_two_are_kept(tmp_path: Path) -> None:
    snapshots = saved(tmp_path, 10, 20, 30, 40)
    newest, troubles = snapshots.newest()
    assert newest is not None
    assert (newest.header.number, newest.header.at, newest.header.code) == (40, 1040.5, "1.2")
    assert newest.parts == PARTS
    assert troubles == []
    assert [one.number for one in snapshots.headers()] == [40, 30]
    assert files(tmp_path) == ["00000003.snapshot", "00000004.snapshot", "snapshot.spare"]


def test_nothing_is_there_at_first(tmp_path: Path) -> None:
    assert Snapshots(tmp_path).newest() == (None, [])


def test_a_damaged_one_is_skipped_told_and_put_aside(tmp_path: Path) -> None:
    snapshots = saved(tmp_path, 10, 20)
    flip(tmp_path / "00000002.snapshot", 300)
    newest, troubles = snapshots.newest()
    assert newest is not None
    assert newest.header.number == 10
    assert troubles == ["00000002.snapshot is damaged (wrong checksum)"]
    snapshots.put_damaged_aside()
    snapshots.save(header(30), PARTS)
    assert [one.number for one in snapshots.headers()] == [30, 10]
    assert "00000002.snapshot.unreadable" in files(tmp_path)


@settings(max_examples=200, deadline=None)
@given(st.data())
def test_any_flipped_byte_is_found(data: st.DataObject) -> None:
    with TemporaryDirectory() as name:
        saved(Path(name), 10)
        file = Path(name, "00000001.snapshot")
        length = struct.unpack_from("<Q", file.read_bytes(), 16)[0] + 32
        flip(file, data.draw(st.integers(0, length - 1)), data.draw(st.integers(1, 255)))
        with pytest.raises(DamagedSnapshotError):
            read_snapshot(file)


def test_one_that_is_cut_off_is_found(tmp_path: Path) -> None:
    saved(tmp_path, 10)
    file = tmp_path / "00000001.snapshot"
    whole = file.read_bytes()
    length = struct.unpack_from("<Q", whole, 16)[0] + 32
    for end in range(length):
        file.write_bytes(whole[:end])
        with pytest.raises(DamagedSnapshotError):
            read_snapshot(file)


@pytest.mark.parametrize(
    ("schema", "error", "advice"),
    [
        (2, NewerMemoryError, "start that version again"),
        (0, OlderMemoryError, "once more and end it in good order"),
    ],
)
def test_another_schema_is_said_and_left_alone(
    tmp_path: Path, schema: int, error: type[Exception], advice: str
) -> None:
    snapshots = saved(tmp_path, 10)
    file = tmp_path / "00000001.snapshot"
    data = bytearray(file.read_bytes())
    (length,) = struct.unpack_from("<Q", data, 16)
    struct.pack_into("<H", data, 8, schema)
    data[length : length + 32] = hashlib.sha256(data[:length]).digest()
    file.write_bytes(data)
    with pytest.raises(error, match=advice):
        snapshots.newest()
    assert file.read_bytes() == data


def test_on_a_full_disk_snapshots_go_on_in_the_room_they_have(tmp_path: Path) -> None:
    with small_disk(tmp_path) as disk:
        snapshots = saved(tmp_path, 10, 20, 30)
        disk.fill()
        snapshots.save(header(40), PARTS)
        with pytest.raises(OSError, match="No space left"):
            snapshots.save(header(50), {"engine": bytes(2 << 20)})
        assert [one.number for one in snapshots.headers()] == [40, 30]
        snapshots.save(header(60), PARTS)
        assert [one.number for one in snapshots.headers()] == [60, 40]

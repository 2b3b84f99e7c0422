"""Snapshot files: what an engine knew at one moment, whole or not at all.

A file keeps its room on the disk for the next snapshot but two, so that a full disk does not stop them: the oldest one
becomes the spare that the next is written to. It may therefore be longer than what it holds.
"""

from __future__ import annotations

import hashlib
import os
import struct
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

import msgspec

from store.durable import sync_directory
from store.memory_errors import aside, check_schema

SCHEMA = 1
PATTERN = "*.snapshot"
KEPT = 2
ROOM = 1 << 20
"""The least that a file takes on the disk, in bytes; a larger snapshot takes more."""

_MAGIC = b"DENWASNP"
_FRONT = struct.Struct("<8sHHIQ")
"""Magic, schema, nothing, length of the header, length of everything but the checksum."""
_SUM_BYTES = 32


class SnapshotHeader(msgspec.Struct, frozen=True):
    """`number`, `at`: the last entry that is in it, and its time; `folded`: the last in the journal writer's folds.

    `code`: the program that wrote it. `sequence`: how far the spool was. `parts`: the length of each.
    """

    code: str
    run: str
    number: int
    at: float
    folded: int
    sequence: int
    parts: dict[str, int]

    @property
    def needs(self) -> int:
        """Every entry behind this one is needed with it."""
        return min(self.number, self.folded)


class Snapshot(NamedTuple):
    """One that was read."""

    header: SnapshotHeader
    parts: dict[str, bytes]


class DamagedSnapshotError(ValueError):
    """A snapshot is not what was written."""


class Snapshots:
    """The snapshot files of one directory, the newest two."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self._spare = directory / "snapshot.spare"

    def save(self, header: SnapshotHeader, parts: Mapping[str, bytes]) -> None:
        """Write one, durably; the lengths in `header.parts` are seen to. Raises OSError; the old ones stay then."""
        self._directory.mkdir(parents=True, exist_ok=True)
        data = _encoded(header, parts)
        _fill(self._spare, data)
        files = self._files()
        number = int(files[-1].name.partition(".")[0]) + 1 if files else 1
        self._spare.rename(self._directory / f"{number:08}.snapshot")
        sync_directory(self._directory)
        self._forget(files[: 1 - KEPT])

    def newest(self) -> tuple[Snapshot | None, list[str]]:
        """The newest whole one, and what is wrong with newer ones.

        Raises NewerMemoryError or OlderMemoryError where that is of another schema, OSError.
        """
        troubles: list[str] = []
        for file in reversed(self._files()):
            try:
                return read_snapshot(file), troubles
            except DamagedSnapshotError as error:
                troubles.append(str(error))
        return None, troubles

    def headers(self) -> list[SnapshotHeader]:
        """Of those that are whole, the newest first."""
        headers = []
        for file in reversed(self._files()):
            with suppress(DamagedSnapshotError):
                headers.append(read_snapshot(file).header)
        return headers

    def put_damaged_aside(self) -> None:
        """Rename those that are damaged, so that a whole one is never forgotten for their sake. Raises OSError."""
        for file in self._files():
            try:
                read_snapshot(file)
            except DamagedSnapshotError:
                aside(file)

    def _files(self) -> list[Path]:
        return sorted(file for file in self._directory.glob(PATTERN) if file.name.partition(".")[0].isdigit())

    def _forget(self, files: list[Path]) -> None:
        for file in files:
            with suppress(OSError):
                file.rename(self._spare)


def read_snapshot(file: Path) -> Snapshot:
    """Raises DamagedSnapshotError, NewerMemoryError, OlderMemoryError, OSError."""
    data = file.read_bytes()
    if len(data) < _FRONT.size or not data.startswith(_MAGIC):
        raise DamagedSnapshotError(f"{file.name}: this is no snapshot, or its beginning is damaged")
    _, schema, _, header_bytes, length = _FRONT.unpack_from(data)
    # The place of the checksum is the same in every version.
    checked, checksum = data[:length], data[length : length + _SUM_BYTES]
    if hashlib.sha256(checked).digest() != checksum:
        raise DamagedSnapshotError(f"{file.name} is damaged (wrong checksum)")
    check_schema(file, schema, SCHEMA)
    at = _FRONT.size + header_bytes
    try:
        header = msgspec.json.decode(checked[_FRONT.size : at], type=SnapshotHeader)
    except msgspec.DecodeError as error:
        raise DamagedSnapshotError(f"{file.name} has a header that cannot be read") from error
    parts: dict[str, bytes] = {}
    for name, size in header.parts.items():
        parts[name] = checked[at : at + size]
        at += size
    return Snapshot(header, parts)


def _encoded(header: SnapshotHeader, parts: Mapping[str, bytes]) -> bytes:
    described = msgspec.structs.replace(header, parts={name: len(part) for name, part in parts.items()})
    head, body = msgspec.json.encode(described), b"".join(parts.values())
    length = _FRONT.size + len(head) + len(body)
    data = _FRONT.pack(_MAGIC, SCHEMA, 0, len(head), length) + head + body
    return data + hashlib.sha256(data).digest()


def _fill(file: Path, data: bytes) -> None:
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT, 0o600)
    try:
        os.posix_fallocate(descriptor, 0, max(len(data), ROOM))
        written = os.pwrite(descriptor, data, 0)
        if written != len(data):
            raise OSError(f"{file.name} took only {written} of {len(data)} bytes")
        os.fsync(descriptor)
    finally:
        os.close(descriptor)

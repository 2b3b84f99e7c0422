"""How the spool lies on disk.

A segment begins with its header, twice, and goes on with records. A record begins with the segment's own mark (the
checksum of its header, which no other segment has, nor the same file in an earlier use), so that old records behind
the new ones are never taken for new, and so that records behind a damaged one are found again.
"""

from __future__ import annotations

import struct
import zlib
from pathlib import Path
from typing import NamedTuple

from store.memory_errors import check_schema

SCHEMA = 1
MAGIC = b"DENWABAN"
HEADER_BYTES = 512
COPIES = 2
RECORDS_AT = HEADER_BYTES * COPIES
RECORD = struct.Struct("<IIIQ")
"""Mark, checksum, length of the data, number of the entry; the checksum is of all that follows it."""
CHECKED_FROM = 8
LONGEST_RUN = 200

_HEADER = struct.Struct("<8sHHQQ")
_SUM = struct.Struct("<I")
_SUM_AT = HEADER_BYTES - _SUM.size


class Header(NamedTuple):
    """Of a segment in use. `sequence` counts the uses of segments, all runs together; `mark` is its checksum."""

    run: str
    sequence: int
    first: int
    mark: int


class DamagedHeaderError(ValueError):
    """No copy of a header is whole."""


def make_header(run: str, sequence: int, first: int) -> tuple[Header, bytes]:
    """The header of a segment that begins with the entry `first`, and its bytes, copies and all.

    Raises ValueError for a run id of more than 200 bytes.
    """
    name = run.encode()
    if len(name) > LONGEST_RUN:
        raise ValueError(f"the run id {run!r} is too long; take one of up to {LONGEST_RUN} bytes")
    data = (_HEADER.pack(MAGIC, SCHEMA, len(name), sequence, first) + name).ljust(_SUM_AT, b"\0")
    mark = zlib.crc32(data)
    return Header(run, sequence, first, mark), (data + _SUM.pack(mark)) * COPIES


def read_header(file: Path, data: bytes) -> tuple[Header | None, bool]:
    """The header of a segment (None: it is free), and whether all copies of it are whole.

    Raises DamagedHeaderError, NewerMemoryError, OlderMemoryError.
    """
    copies = [data[start : start + HEADER_BYTES] for start in range(0, RECORDS_AT, HEADER_BYTES)]
    if not any(data[:RECORDS_AT]):
        return None, True
    headers = [header for copy in copies if (header := _header(file, copy)) is not None]
    if not headers:
        raise DamagedHeaderError
    return max(headers, key=lambda header: header.sequence), len(set(headers)) == 1 and len(headers) == COPIES


def _header(file: Path, data: bytes) -> Header | None:
    # The place of the checksum, and of the schema, is the same in every version.
    if len(data) < HEADER_BYTES or not data.startswith(MAGIC):
        return None
    (mark,) = _SUM.unpack_from(data, _SUM_AT)
    if zlib.crc32(data[:_SUM_AT]) != mark:
        return None
    _, schema, length, sequence, first = _HEADER.unpack_from(data)
    check_schema(file, schema, SCHEMA)
    return Header(data[_HEADER.size : _HEADER.size + length].decode(), sequence, first, mark)


def seal_record(buffer: bytearray, mark: int, number: int) -> None:
    """Complete a record whose data are in `buffer` behind the room for its head."""
    RECORD.pack_into(buffer, 0, mark, 0, len(buffer) - RECORD.size, number)
    _SUM.pack_into(buffer, 4, zlib.crc32(memoryview(buffer)[CHECKED_FROM:], mark))


class Record(NamedTuple):
    """A whole record: its entry's number and bytes, and where the next one begins."""

    number: int
    data: bytes
    end: int


def read_record(data: bytes, at: int, mark: int) -> Record | None:
    """The record that begins at `at`; None where there is no whole one of this segment."""
    start = at + RECORD.size
    if start > len(data):
        return None
    found, checksum, length, number = RECORD.unpack_from(data, at)
    end = start + length
    if found != mark or end > len(data):
        return None
    if zlib.crc32(memoryview(data)[at + CHECKED_FROM : end], mark) != checksum:
        return None
    return Record(number, data[start:end], end)


def next_record_at(data: bytes, after: int, mark: int) -> int | None:
    """Where the first whole record behind `after` begins."""
    wanted = _SUM.pack(mark)
    at = data.find(wanted, after)
    while at >= 0:
        if read_record(data, at, mark) is not None:
            return at
        at = data.find(wanted, at + 1)
    return None


def was_begun(data: bytes, at: int, mark: int, number: int) -> bool:
    """Whether the record of this number was begun at `at`: it is torn then, or damaged."""
    if at + RECORD.size > len(data):
        return False
    found, _, _, numbered = RECORD.unpack_from(data, at)
    # The mark itself may be what is damaged; that of an earlier use of the file has other bytes.
    alike = sum(one == other for one, other in zip(_SUM.pack(found), _SUM.pack(mark), strict=True))
    return alike == _SUM.size or (alike >= 2 and numbered == number)

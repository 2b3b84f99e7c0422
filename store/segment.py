"""One file of the spool, as it is written."""

from __future__ import annotations

import os
from pathlib import Path

from store.spool_format import RECORDS_AT, Header, make_header, seal_record
from store.spool_reader import SegmentFile

FREE = bytes(RECORDS_AT)


class Segment:
    """A file of fixed size whose room on the disk is taken when it is made, so that a full disk does not stop it.

    `header` None: it is free. `last`: the newest entry in it. `failed`: nothing more is written to it.
    """

    __slots__ = ("descriptor", "dirty", "failed", "header", "last", "path", "position", "size")

    def __init__(self, path: Path, size: int) -> None:
        """Make the file, or open it. Raises OSError where there is no room."""
        self.path = path
        self.size = size
        self.header: Header | None = None
        self.last = 0
        self.position = RECORDS_AT
        self.dirty = False
        self.failed = False
        self.descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            os.posix_fallocate(self.descriptor, 0, size)
        except OSError:
            os.close(self.descriptor)
            raise

    @classmethod
    def found(cls, file: SegmentFile) -> Segment:
        """One that is there already. It keeps what it holds, and is not written to before it is free."""
        segment = cls(file.path, max(file.path.stat().st_size, RECORDS_AT))
        segment.header = file.header
        if file.header is not None:
            segment.last = file.entries[-1].number if file.entries else file.header.first - 1
        return segment

    def use(self, run: str, sequence: int, first: int) -> None:
        """Begin to use it, from the entry `first` on. Raises OSError."""
        header, data = make_header(run, sequence, first)
        self._write(data, 0)
        self.header, self.position, self.last, self.failed = header, RECORDS_AT, first - 1, False

    def free(self) -> None:
        """What is in it is not needed any more."""
        self.header = None
        self._write(FREE, 0)

    def fits(self, record: bytearray, number: int) -> bool:
        """Whether the record of this entry may be written to it."""
        return self.position + len(record) <= self.size and number == self.last + 1 and not self.failed

    def append(self, record: bytearray, number: int) -> None:
        """Seal the record of an entry and write it. Raises OSError, and is `failed` then."""
        assert self.header is not None
        seal_record(record, self.header.mark, number)
        try:
            self._write(record, self.position)
        except OSError:
            self.failed = True
            raise
        self.position += len(record)
        self.last = number

    def sync(self) -> None:
        """Make durable what was written. Raises OSError."""
        if self.dirty:
            self.dirty = False
            os.fdatasync(self.descriptor)

    def close(self) -> None:
        """Close the file."""
        os.close(self.descriptor)

    def _write(self, data: bytes | bytearray, at: int) -> None:
        written = os.pwrite(self.descriptor, data, at)
        self.dirty = True
        if written != len(data):
            raise OSError(f"{self.path.name} took only {written} of {len(data)} bytes")

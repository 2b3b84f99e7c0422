"""A disk that is full, or broken, without one: what the system would say to this process about one directory."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest


class SmallDisk:
    """The files of a directory get `size` bytes in all; `broken`: every write and sync fails (EIO)."""

    def __init__(self, directory: Path, size: int) -> None:
        self.directory = directory
        self.size = size
        self.broken = False
        self._fallocate, self._pwrite, self._fdatasync = os.posix_fallocate, os.pwrite, os.fdatasync

    def posix_fallocate(self, descriptor: int, at: int, length: int) -> None:
        """As the system's."""
        self._take(descriptor, at + length)
        self._fallocate(descriptor, at, length)

    def pwrite(self, descriptor: int, data: bytes, at: int) -> int:
        """As the system's."""
        self._take(descriptor, at + len(data))
        return self._pwrite(descriptor, data, at)

    def fdatasync(self, descriptor: int) -> None:
        """As the system's."""
        self._take(descriptor, 0)
        self._fdatasync(descriptor)

    def fill(self) -> None:
        """Nothing more than what is taken already."""
        self.size = self._taken()

    def _take(self, descriptor: int, until: int) -> None:
        if self.broken:
            raise OSError(errno.EIO, os.strerror(errno.EIO))
        more = until - os.fstat(descriptor).st_blocks * 512
        if more > 0 and self._taken() + more > self.size:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    def _taken(self) -> int:
        return sum(file.stat().st_blocks * 512 for file in self.directory.iterdir())


@contextmanager
def small_disk(directory: Path, size: int = 1 << 40) -> Iterator[SmallDisk]:
    """Inside, a directory lies on a disk of so many bytes."""
    disk = SmallDisk(directory, size)
    with pytest.MonkeyPatch.context() as patch:
        for name in ("posix_fallocate", "pwrite", "fdatasync"):
            patch.setattr(os, name, getattr(disk, name))
        yield disk

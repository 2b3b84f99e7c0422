"""The files of one spool: which are in use, which are free, and new ones up to a bound."""

from __future__ import annotations

import errno
import logging
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path

from store.durable import sync_directory
from store.memory_errors import aside
from store.segment import Segment
from store.spool_reader import SegmentFile
from store.spool_state import SpoolSettings

logger = logging.getLogger(__name__)


class Segments:
    """Takes over what was `found` in a directory, and makes what is missing, as far as the disk has room."""

    def __init__(self, directory: Path, found: Sequence[SegmentFile], settings: SpoolSettings) -> None:
        """Raises OSError where what was found cannot be opened."""
        self.sequence = max((file.header.sequence for file in found if file.header), default=0)
        self.used: list[Segment] = []
        self.free: list[Segment] = []
        self._directory = directory
        self._settings = settings
        directory.mkdir(parents=True, exist_ok=True)
        self._take_over(found)
        self._prepare()

    @property
    def all(self) -> list[Segment]:
        """Used or free."""
        return [*self.used, *self.free]

    @property
    def room(self) -> float:
        """How much of all that there may be is not in use, 0 to 1."""
        return max(0.0, 1.0 - len(self.used) / self._settings.most)

    @property
    def used_bytes(self) -> int:
        """Those in use, in bytes."""
        return len(self.used) * self._settings.segment_bytes

    def fresh(self, run: str, first: int) -> Segment:
        """One more in use. Raises OSError."""
        if not self.free:
            self._enlarge()
        segment = self.free.pop(0)
        try:
            segment.use(run, self.sequence + 1, first)
        except OSError:
            self.free.append(segment)  # behind the others: they may be better
            raise
        self.sequence += 1
        self.used.append(segment)
        return segment

    def give_back(self, segment: Segment) -> None:
        """What is in a segment is not needed any more, or nothing is."""
        self.used.remove(segment)
        with suppress(OSError):  # then its old entries are found once more: no harm
            segment.free()
        self.free.append(segment)

    def give_back_all(self, is_done: Callable[[Segment], bool]) -> int:
        """Give back those of which this is true; how many."""
        done = [segment for segment in self.used if is_done(segment)]
        for segment in done:
            self.give_back(segment)
        return len(done)

    def close(self) -> None:
        """Close all files."""
        for segment in self.all:
            segment.close()

    def _take_over(self, found: Sequence[SegmentFile]) -> None:
        for file in sorted(found, key=lambda file: file.header.sequence if file.header else 0):
            if file.header is not None:
                self.used.append(Segment.found(file))
            elif file.trouble:
                aside(file.path)
            elif file.path.stat().st_size != self._settings.segment_bytes:
                file.path.unlink()  # of another size than is wanted now
            else:
                self.free.append(Segment.found(file))

    def _prepare(self) -> None:
        try:
            while len(self.used) + len(self.free) < self._settings.segments:
                self._make()
            sync_directory(self._directory)
        except OSError as error:
            logger.warning("the spool could not be made as large as it should be: %s", error.strerror)

    def _enlarge(self) -> None:
        if len(self.used) >= self._settings.most:
            raise OSError(errno.ENOSPC, f"all {self._settings.most} segments of the spool are in use")
        self._make()
        sync_directory(self._directory)

    def _make(self) -> None:
        path = self._unused_path()
        try:
            self.free.append(Segment(path, self._settings.segment_bytes))
        except OSError:
            path.unlink(missing_ok=True)
            raise

    def _unused_path(self) -> Path:
        number = len(self.used) + len(self.free)
        while True:
            number += 1
            path = self._directory / f"segment-{number:06}.spool"
            if not path.exists():
                return path

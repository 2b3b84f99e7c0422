"""The spool: every entry on the local disk before its commands are carried out."""

from __future__ import annotations

import errno
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from calls.journal import Entry
from store.entry_codec import encode_entry_into
from store.segment import Segment
from store.segments import Segments
from store.spool_format import RECORD, RECORDS_AT
from store.spool_reader import SegmentFile
from store.spool_state import Condition, SpoolSettings, SpoolState, Told, log_state, state_of
from store.spool_sync import Syncer


class Spool:
    """Takes the entries of one run, in their order, and holds those that are not safe elsewhere yet.

    `append` never raises and never waits for the disk to be ready. `on_state(state, text)` is told of every change of
    the state, also from the spool's own thread; the other methods belong to one thread.

    Where the disk does not take an entry, it is missing here: the spool goes on with the next one that it can take, in
    a segment of its own, and is whole again as soon as a snapshot covers what is missing. Until then only the database
    has it.
    """

    def __init__(
        self,
        directory: Path,
        found: Sequence[SegmentFile] = (),
        settings: SpoolSettings | None = None,
        *,
        on_state: Told = log_state,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """`found`: what `read_spool` says of the directory. Raises OSError where that cannot be opened."""
        self._settings = settings or SpoolSettings()
        self._segments = Segments(directory, found, self._settings)
        self._condition = Condition(on_state)
        self._clock = clock
        self._run = ""
        self._current: Segment | None = None
        self._record = bytearray(RECORD.size)
        self._retry_at = 0.0
        self._closed = False
        self._syncer = Syncer(self.sync, self._settings.sync_within)

    @property
    def state(self) -> SpoolState:
        """How it is."""
        return self._condition.state

    @property
    def room(self) -> float:
        """How much of all that it may take is not in use, 0 to 1."""
        return self._segments.room

    @property
    def used_bytes(self) -> int:
        """What is in use of it."""
        return self._segments.used_bytes

    @property
    def sequence(self) -> int:
        """Counts the uses of segments: what is later has more."""
        return self._segments.sequence

    def begin(self, run: str) -> None:
        """The entries that come now are of this run. Those that were found stay until they are released."""
        self._run, self._current = run, None
        self._condition.begin()

    def append(self, entry: Entry) -> None:
        """Take an entry over. What the disk does not take is missing here, and the state says so."""
        record, number, segment = self._record, entry.number, self._current
        try:
            encode_entry_into(entry, record, RECORD.size)
        except (TypeError, ValueError, OverflowError) as error:
            text = f"entry {number} cannot be written: {type(error).__name__}"
            self._condition.missed(number, SpoolState.GAP, text)
            self._record = bytearray(RECORD.size)
            return
        if segment is not None and segment.fits(record, number) and self.state is SpoolState.OK:
            try:
                segment.append(record, number)
            except OSError:
                self._append_in_trouble(number)
        else:
            self._append_in_trouble(number)
        self._syncer.touch()

    def covered(self, number: int) -> None:
        """A snapshot of everything up to this number is on the disk: what is missing before it is not missed."""
        self._condition.covered(number)

    def release(self, number: int) -> None:
        """Everything of this run up to this number is safe elsewhere."""
        self._release(lambda run, last: run == self._run and last <= number)

    def release_run(self, run: str) -> None:
        """Everything of another run is safe elsewhere."""
        self._release(lambda of, _last: of == run)

    def sync(self) -> None:
        """Wait until everything that was written is durable."""
        for segment in self._segments.all:
            try:
                segment.sync()
            except OSError as error:
                # What was written since the last good one may be gone, whatever the next one says.
                segment.failed = True
                self._condition.missed(
                    segment.last, SpoolState.GAP, error.strerror or "it could not be made durable"
                )

    def close(self) -> None:
        """Make everything durable and close the files."""
        if not self._closed:
            self._closed = True
            self._syncer.close()
            self._segments.close()

    def _append_in_trouble(self, number: int) -> None:
        # Also at the beginning of a run, and where a segment is full.
        if self.state.takes_nothing and self._clock() < self._retry_at:
            self._condition.missed(number, self.state, "")
            return
        try:
            self._append_anywhere(number)
        except OSError as error:
            self._retry_at = self._clock() + self._settings.retry
            self._condition.missed(number, state_of(error), error.strerror or str(error))
        else:
            self._condition.found_well()

    def _append_anywhere(self, number: int) -> None:
        if len(self._record) > self._settings.segment_bytes - RECORDS_AT:
            raise OSError(errno.EFBIG, f"entry {number} is larger than a segment")
        segment = self._current
        if segment is not None and segment.fits(self._record, number) and self._try(segment, number) is None:
            return
        self._current = None
        segment = self._segments.fresh(self._run, number)
        if (error := self._try(segment, number)) is not None:
            self._segments.give_back(segment)
            raise error
        self._current = segment

    def _try(self, segment: Segment, number: int) -> OSError | None:
        try:
            segment.append(self._record, number)
        except OSError as error:
            return error
        return None

    def _release(self, is_done: Callable[[str, int], bool]) -> None:
        def done(segment: Segment) -> bool:
            header = segment.header
            return segment is not self._current and header is not None and is_done(header.run, segment.last)

        if self._segments.give_back_all(done):
            self._retry_at = 0.0

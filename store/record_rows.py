"""The records behind the journal writer: entries in, rows of the changed calls out."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from calls.events import RecordingFinished
from calls.journal import Entry
from calls.record import CallRecord, RecordFold
from store.rows import Row, call_row, recording_row

# A recording or a quality report may come after the call is closed, but not as late as this (seconds).
AFTERWARDS = 300.0


class RecordRows:
    """The fold of one run. It forgets a call some minutes after it is closed, so that it stays small."""

    def __init__(self, run: str) -> None:
        self._run = run
        self._fold = RecordFold()
        self._closed: dict[str, float] = {}

    def feed(self, entries: Sequence[Entry]) -> list[Row]:
        """Take the next entries in; the rows of the calls that they changed, each once."""
        for entry in entries:
            self._fold.feed(entry)
        changed = self._fold.take_changed()
        rows = [call_row(self._run, record) for record in changed]
        self._remember_closed(changed)
        if entries:
            self._forget(entries[-1].at - AFTERWARDS)
        return rows

    def late_recordings(self, entries: Sequence[Entry]) -> list[Row]:
        """Rows for recordings whose calls are not held in memory: of an earlier run, or long forgotten.

        To be asked after `feed` of the same entries.
        """
        finished = [entry.event for entry in entries if isinstance(entry.event, RecordingFinished)]
        return [recording_row(event) for event in finished if event.recording not in self._fold.records]

    @property
    def held(self) -> Collection[str]:
        """The calls that are held in memory."""
        return self._fold.records.keys()

    def __len__(self) -> int:
        """How many calls are held in memory."""
        return len(self._fold.records)

    def _remember_closed(self, records: Sequence[CallRecord]) -> None:
        for record in records:
            if record.closed_at is not None:
                self._closed.setdefault(record.call, record.closed_at)

    def _forget(self, before: float) -> None:
        while self._closed:
            call, closed_at = next(iter(self._closed.items()))
            if closed_at >= before:
                return
            del self._closed[call]
            self._fold.forget(call)

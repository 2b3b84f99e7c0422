"""The records behind the journal writer: entries in, changed records out."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from calls.journal import Entry
from calls.record import CallRecord, RecordFold

# A recording or a quality report may come after the call is closed, but not as late as this (seconds).
AFTERWARDS = 300.0


class HeldRecords:
    """The fold of one run. It forgets a call some minutes after it is closed, so that it stays small."""

    def __init__(self) -> None:
        self._fold = RecordFold()
        self._closed: dict[str, float] = {}

    def feed(self, entries: Sequence[Entry]) -> list[CallRecord]:
        """Take the next entries in; the records that they changed, each once, as they are now."""
        for entry in entries:
            self._fold.feed(entry)
        changed = self._fold.take_changed()
        self._remember_closed(changed)
        if entries:
            self._forget(entries[-1].at - AFTERWARDS)
        return changed

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

"""The records behind the journal writer: entries in, changed records out."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

import msgspec

from calls.journal import Entry
from calls.lifecycle import STATE
from calls.record import CallRecord, RecordFold

# A recording or a quality report may come after the call is closed, but not as late as this (seconds).
AFTERWARDS = 300.0

_FIELDS = CallRecord.__struct_fields__


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

    def open(self) -> list[CallRecord]:
        """The records of the calls that are not over."""
        return [record for record in self._fold.records.values() if record.state is not STATE.CLOSED]

    def __len__(self) -> int:
        """How many calls are held in memory."""
        return len(self._fold.records)

    def __getstate__(self) -> dict[str, Any]:
        # The fold's tables are of its own methods, and made by itself. As tuples thousands of records are pickled in
        # a third of the time: calls must not wait for it.
        fold = {name: value for name, value in vars(self._fold).items() if not _is_table(value)}
        records = [msgspec.structs.astuple(record) for record in fold.pop("records").values()]
        return {"closed": self._closed, "fold": fold, "records": records}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self._closed = state["closed"]
        self._fold = RecordFold()
        vars(self._fold).update(state["fold"])
        for values in state["records"]:
            record = CallRecord(**dict(zip(_FIELDS, values, strict=True)))
            self._fold.records[record.call] = record

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


def _is_table(value: object) -> bool:
    return isinstance(value, dict) and any(isinstance(key, type) for key in value)

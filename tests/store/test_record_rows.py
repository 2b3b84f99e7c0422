"""The fold behind the journal writer."""

from __future__ import annotations

import pytest

from calls.commands import Command, NoteArrived, NoteMoved
from calls.events import Event, RecordingFinished, TimePassed
from calls.journal import Entry
from calls.lifecycle import Move, State
from store.record_rows import AFTERWARDS, RecordRows

pytestmark = pytest.mark.unit


def _entry(at: float, *commands: Command, event: Event | None = None) -> Entry:
    return Entry(1, at, event or TimePassed(), list(commands))


def _arrived(call: str) -> NoteArrived:
    return NoteArrived(call, f"leg-{call}", "tax", "0570012229", "")


def _closed(call: str) -> NoteMoved:
    return NoteMoved(call, Move.HUNG_UP, State.CLOSED)


def test_only_changed_calls_come_out_each_once() -> None:
    rows = RecordRows("run")
    assert [
        row["call"] for row in rows.feed([_entry(1, _arrived("a"), _arrived("b")), _entry(2, _closed("a"))])
    ] == [
        "a",
        "b",
    ]
    assert [row["call"] for row in rows.feed([_entry(3, _closed("b"))])] == ["b"]
    assert rows.feed([_entry(4)]) == []
    assert rows.feed([]) == []


def test_a_recording_that_is_late_still_gets_into_its_record() -> None:
    rows = RecordRows("run")
    rows.feed([_entry(1, _arrived("a"), _closed("a"))])
    [row] = rows.feed([_entry(AFTERWARDS, event=RecordingFinished("a", 9.5, "ab"))])
    assert row["recording_seconds"] == 9.5


def test_closed_calls_are_forgotten_and_open_ones_kept() -> None:
    rows = RecordRows("run")
    rows.feed([_entry(1, _arrived("open"), *(_arrived(str(index)) for index in range(100)))])
    rows.feed([_entry(2, *(_closed(str(index)) for index in range(100)))])
    assert len(rows) == 101
    rows.feed([_entry(3 + AFTERWARDS)])
    assert len(rows) == 1

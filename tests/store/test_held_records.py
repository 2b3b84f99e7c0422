"""The fold behind the journal writer."""

from __future__ import annotations

import copy

import pytest

from calls.command import Command
from calls.event import Event
from calls.events import QualityMeasured, RecordingFinished, TimePassed
from calls.journal import Entry
from calls.lifecycle import Move, State
from calls.notes import NoteArrived, NoteMoved
from store.held_records import AFTERWARDS, HeldRecords

pytestmark = pytest.mark.unit


def _entry(at: float, *commands: Command, event: Event | None = None) -> Entry:
    return Entry(1, at, event or TimePassed(), list(commands))


def _arrived(call: str) -> NoteArrived:
    return NoteArrived(call, f"leg-{call}", "tax", "0570012229", "")


def _closed(call: str) -> NoteMoved:
    return NoteMoved(call, Move.HUNG_UP, State.CLOSED)


def test_only_changed_calls_come_out_each_once() -> None:
    held = HeldRecords()
    assert [
        record.call
        for record in held.feed([_entry(1, _arrived("a"), _arrived("b")), _entry(2, _closed("a"))])
    ] == [
        "a",
        "b",
    ]
    assert [record.call for record in held.feed([_entry(3, _closed("b"))])] == ["b"]
    assert held.feed([_entry(4)]) == []
    assert held.feed([]) == []


def test_a_recording_that_is_late_still_gets_into_its_record() -> None:
    held = HeldRecords()
    held.feed([_entry(1, _arrived("a"), _closed("a"))])
    [record] = held.feed([_entry(AFTERWARDS, event=RecordingFinished("a", 9.5, "ab"))])
    assert record.recording_seconds == 9.5


def test_closed_calls_are_forgotten_and_open_ones_kept() -> None:
    held = HeldRecords()
    held.feed([_entry(1, _arrived("open"), *(_arrived(str(index)) for index in range(100)))])
    held.feed([_entry(2, *(_closed(str(index)) for index in range(100)))])
    assert len(held) == 101
    held.feed([_entry(3 + AFTERWARDS)])
    assert len(held) == 1


def test_frozen_it_goes_on_as_if_nothing_had_been() -> None:
    held = HeldRecords()
    held.feed([_entry(1, _arrived("a"), _arrived("b")), _entry(2, _closed("a"))])
    again = copy.deepcopy(held)
    late = [
        _entry(3, _closed("b"), event=RecordingFinished("a", 9.5, "ab")),
        _entry(4, event=QualityMeasured("leg-b", 1.5, 0.25, 20.0)),
    ]
    expected = held.feed(late)
    assert [record.call for record in expected] == ["a", "b"]
    assert again.feed(late) == expected
    end = [_entry(5 + AFTERWARDS)]
    assert again.feed(end) == held.feed(end) == []
    assert len(again) == 0

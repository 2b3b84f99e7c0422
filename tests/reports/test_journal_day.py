"""The journal of a day, folded anew: across lives of the engine, with all that bears on comparing it."""

from __future__ import annotations

import pytest

from calls.command import Command
from calls.commands import StartRecording
from calls.event import Event
from calls.events import CommandFailed, EngineStarted, MessageStored, RecordingFinished, TimePassed
from calls.journal import Entry
from calls.lifecycle import Move, State
from calls.notes import NoteArrived, NoteClass, NoteMoved
from calls.outages import AsteriskEnded, ClockStepped, EngineResumed
from reports.journal_day import NOTICED_S, DayFold, Sound

pytestmark = pytest.mark.unit


def entry(at: float, *commands: Command, event: Event | None = None) -> Entry:
    return Entry(1, at, event or TimePassed(), list(commands))


def arrived(call: str) -> NoteArrived:
    return NoteArrived(call, f"leg-{call}", "tax", "0480000001", "")


def closed(call: str) -> NoteMoved:
    return NoteMoved(call, Move.HUNG_UP, State.CLOSED)


def folded(*runs: list[Entry]) -> DayFold:
    fold = DayFold()
    for run in runs:
        fold.begin_run()
        for one in run:
            fold.feed(one)
    return fold


def test_what_a_later_life_says_of_an_earlier_ones_calls() -> None:
    day = folded(
        [entry(1, arrived("a"), arrived("b")), entry(2, closed("a"))],
        [
            entry(9, event=RecordingFinished("a", 3.5, "ab")),
            entry(9, event=MessageStored("a-message2", 1.5, "cd")),
            entry(9, NoteClass("a", "seat01", "refund")),
            entry(9, event=RecordingFinished("nobody", 1.0, "ef")),
        ],
    ).result()
    assert (day.records["a"].recording_seconds, day.records["a"].message_sha256) == (3.5, "cd")
    assert set(day.records) == {"a", "b"}
    assert day.files["a"] == [Sound(3.5, "ab")]
    assert day.records["a"].inquiry_class == "refund"
    assert day.entries == 6


def test_recordings_that_were_begun_and_those_that_could_not_be() -> None:
    day = folded(
        [
            entry(1, arrived("a"), StartRecording("a", "leg-a", "tax"), StartRecording("b", "leg-b", "tax")),
            entry(2, event=CommandFailed("StartRecording", "b")),
            entry(2, event=CommandFailed("RingSeat", "c", 500)),
        ]
    ).result()
    assert (day.recorded, day.unrecorded) == ({"a", "b"}, {"b"})


def test_when_somebody_was_away() -> None:
    day = folded(
        [entry(100, event=EngineStarted("x", "y")), entry(200), entry(300, event=EngineResumed(40.0))],
        [entry(500, event=EngineStarted("x", "z")), entry(600, event=AsteriskEnded("crashed"))],
    ).result()
    assert [(one.since, one.back, one.until) for one in day.breaks] == [
        (99, 100, 100 + NOTICED_S),
        (259, 300, 300 + NOTICED_S),
        (299, 500, 500 + NOTICED_S),
        (569, 600, 600 + NOTICED_S),
    ]
    away = day.breaks[1]
    assert away.explains(10.0, 262.0, 310.0)
    assert not away.explains(10.0, 250.0, 310.0)
    assert not away.explains(301.0, 305.0)
    assert not away.explains(10.0)


def test_each_step_of_the_clock_says_where_it_is_then() -> None:
    day = folded(
        [entry(1, event=ClockStepped(3600.0)), entry(2, event=ClockStepped(-60.0))],
        [entry(3, event=ClockStepped(5.0))],
    ).result()
    assert day.steps == [(1, 3600.0), (2, -60.0), (3, 5.0)]


def test_whether_a_call_goes_on() -> None:
    fold = folded([entry(1, arrived("a")), entry(5, arrived("b"))])
    assert fold.still_open(3.0)
    fold.feed(entry(6, closed("a")))
    assert not fold.still_open(3.0)

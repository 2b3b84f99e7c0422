from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from calls.command import Command
from calls.commands import PlayGuidance
from calls.event import Event
from calls.events import DigitPressed, QualityMeasured, RecordingFinished, TimePassed
from calls.journal import Entry
from calls.lifecycle import LIFECYCLE, Move, Outcome, State
from calls.notes import NoteArrived, NoteMoved, NoteOutcome
from calls.record import CallRecord, RecordFold, fold
from calls.talks import Talk
from tests.calls.journals import ARRIVED, journal, moved

pytestmark = pytest.mark.unit


def changed_fields(record: CallRecord) -> dict[str, Any]:
    """The fields that are not what they were at the call's arrival."""
    plain = CallRecord(
        call="c1", leg="leg1", project="tax", number="0570012229", caller="0488301111", arrived_at=10.0
    )
    names = record.__struct_fields__
    return {name: getattr(record, name) for name in names if getattr(record, name) != getattr(plain, name)}


QUEUED = moved(Move.QUEUED, State.QUEUED, queue="tax/main")
REFUSED = moved(Move.REFUSED, State.IVR, queue="tax/main")


def test_an_answered_call() -> None:
    (record,) = fold(
        journal(
            (10.0, ARRIVED),
            (10.0, moved(Move.ENTERED, State.IVR)),
            (10.0, PlayGuidance("leg1", "c1.p1", "tax", "notice", "ja", version=3)),
            (15.0, QUEUED),
            (15.0, moved(Move.OFFERED, State.RINGING, seat="seat01")),
            (35.0, moved(Move.RETURNED, State.QUEUED, seat="seat01")),
            (36.0, moved(Move.OFFERED, State.RINGING, seat="seat02")),
            (40.0, NoteOutcome("c1", Outcome.ANSWERED)),
            (40.0, moved(Move.ANSWERED, State.TALKING, seat="seat02")),
            (100.0, moved(Move.FINISHED, State.WRAP_UP, seat="seat02")),
            (101.0, QualityMeasured("leg1", 2.0, 0.5, 30.0)),
            (102.0, RecordingFinished("c1", 60.0, "ab12")),
            (130.0, moved(Move.WRAPPED_UP, State.CLOSED, seat="seat02")),
        )
    )
    assert changed_fields(record) == {
        "queue": "tax/main",
        "queued_at": 15.0,
        "offers": 2,
        "rang_at": 36.0,
        "answered_at": 40.0,
        "seat": "seat02",
        "ended_at": 100.0,
        "closed_at": 130.0,
        "state": State.CLOSED,
        "outcome": "answered",
        "heard": ("notice@3.ja",),
        "recording_seconds": 60.0,
        "recording_sha256": "ab12",
        "jitter_ms": 2.0,
        "loss_percent": 0.5,
        "rtt_ms": 30.0,
        "talks": (Talk("seat:seat02", "operator", 40.0, 100.0),),
    }
    assert (record.wait, record.talk, record.wrapup) == (25.0, 60.0, 30.0)


def test_a_caller_who_gave_up_the_line() -> None:
    (record,) = fold(
        journal((10.0, ARRIVED), (11.0, QUEUED), (18.0, moved(Move.HUNG_UP, State.CLOSED, queue="tax/main")))
    )
    assert (record.wait, record.talk, record.wrapup, record.seat) == (7.0, None, None, "")
    assert record.ended_at == record.closed_at == 18.0


def test_a_caller_in_the_flow_and_one_still_waiting() -> None:
    (record,) = fold(
        journal(
            (10.0, ARRIVED),
            (10.0, moved(Move.ENTERED, State.IVR)),
            (12.0, DigitPressed("leg1", "2")),
            (13.0, DigitPressed("leg1", "#")),
        )
    )
    assert (record.keys, record.wait, record.state) == ("2#", None, State.IVR)
    (record,) = fold(journal((10.0, ARRIVED), (11.0, QUEUED)))
    assert record.wait is None


def test_keys_are_collected_in_the_flow_only() -> None:
    records = RecordFold()
    for entry in journal(
        (10.0, ARRIVED),
        (10.0, moved(Move.ENTERED, State.IVR)),
        (11.0, DigitPressed("leg1", "1")),
        (12.0, QUEUED),
        (13.0, DigitPressed("leg1", "2")),
        (14.0, REFUSED),
        (15.0, DigitPressed("leg1", "3")),
        (16.0, QUEUED),
        (17.0, moved(Move.OFFERED, State.RINGING, seat="seat01")),
        (18.0, DigitPressed("leg1", "4")),
        (19.0, moved(Move.ANSWERED, State.TALKING, seat="seat01")),
    ):
        records.feed(entry)
    records.take_changed()
    records.feed(Entry(20, 20.0, DigitPressed("leg1", "5"), []))
    assert records.records["c1"].keys == "13"
    assert records.take_changed() == []


def test_the_wait_of_who_is_refused_ends_with_his_leaving_the_line() -> None:
    steps = ((10.0, ARRIVED), (11.0, QUEUED), (20.0, REFUSED))
    (record,) = fold(journal(*steps))
    assert (record.left_line_at, record.wait) == (20.0, 9.0)
    (record,) = fold(journal(*steps, (27.0, moved(Move.ENDED, State.CLOSED))))
    assert (record.left_line_at, record.wait, record.ended_at) == (20.0, 9.0, 27.0)


def test_who_comes_back_to_the_line_waits_since_the_first_time() -> None:
    steps = ((10.0, ARRIVED), (11.0, QUEUED), (20.0, REFUSED), (30.0, QUEUED))
    (record,) = fold(journal(*steps))
    assert (record.queued_at, record.left_line_at, record.wait) == (11.0, None, None)
    (record,) = fold(journal(*steps, (35.0, moved(Move.HUNG_UP, State.CLOSED))))
    assert record.wait == 24.0
    (record,) = fold(journal(*steps, (40.0, REFUSED), (45.0, moved(Move.HUNG_UP, State.CLOSED))))
    assert (record.left_line_at, record.wait) == (40.0, 29.0)


def test_what_concerns_no_known_call_is_passed_over() -> None:
    entries = journal(
        (1.0, moved(Move.ENTERED, State.IVR)),
        (1.0, NoteOutcome("c9", Outcome.ANSWERED)),
        (1.0, DigitPressed("leg1", "1")),
        (1.0, RecordingFinished("c1", 1.0, "")),
        (1.0, QualityMeasured("leg1", 0, 0, 0)),
        (1.0, PlayGuidance("leg1", "c1.p1", "tax", "notice", "ja")),
    )
    assert list(fold(entries)) == []


def test_the_records_that_changed_are_handed_over_once() -> None:
    records = RecordFold()
    for entry in journal((10.0, ARRIVED), (10.0, moved(Move.ENTERED, State.IVR))):
        records.feed(entry)
    assert [record.state for record in records.take_changed()] == [State.IVR]
    assert records.take_changed() == []
    records.feed(Entry(3, 12.0, DigitPressed("leg1", "1"), []))
    assert [record.keys for record in records.take_changed()] == ["1"]


def test_a_record_that_is_stored_is_forgotten() -> None:
    records = RecordFold()
    records.feed(Entry(1, 10.0, TimePassed(), [ARRIVED]))
    records.forget("c1")
    records.forget("c1")
    records.feed(Entry(2, 11.0, DigitPressed("leg1", "1"), []))
    assert records.records == {}


@st.composite
def lives(draw: st.DrawFn) -> list[tuple[float, Event | Command]]:
    """Any life that the table allows, with the time going on."""
    at, state = 10.0, State.ARRIVED
    steps: list[tuple[float, Event | Command]] = [(at, ARRIVED)]
    while state is not State.CLOSED and len(steps) < 30:
        move = draw(st.sampled_from(sorted(LIFECYCLE[state])))
        state, at = LIFECYCLE[state][move], at + draw(st.floats(0, 1000))
        steps.append((at, moved(move, state, queue="tax/main", seat="seat01")))
    return steps


@settings(deadline=None)
@given(lives())
def test_any_life_gives_times_in_their_order(steps: list[tuple[float, Event | Command]]) -> None:
    (record,) = fold(journal(*steps))
    last = steps[-1][1]
    assert isinstance(last, NoteArrived) or (isinstance(last, NoteMoved) and record.state is last.state)
    assert (record.closed_at is not None) == (record.state is State.CLOSED)
    assert record.closed_at is None or record.ended_at is not None
    times = [record.arrived_at, record.queued_at, record.left_line_at, record.ended_at, record.closed_at]
    known = [time for time in times if time is not None]
    assert known == sorted(known)
    assert all(figure is None or figure >= 0 for figure in (record.wait, record.wrapup))

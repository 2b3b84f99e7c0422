"""Who talked in a call, and what became of it, through hold, consultation, transfer and a supervisor's hands."""

from __future__ import annotations

import pytest

from calls.events import QualityMeasured
from calls.lifecycle import Move, Outcome, SeatState, State
from calls.notes import (
    NoteArrived,
    NoteCallbackState,
    NoteClass,
    NoteEar,
    NoteOutcome,
    NoteSeat,
    NoteTalk,
)
from calls.talks import Talk
from tests.calls.journals import ARRIVED, Step, moved, record, rung

pytestmark = pytest.mark.unit

QUEUED: Step = (10.0, moved(Move.QUEUED, State.QUEUED, queue="tax/main"))
SATO: Step = (5.0, NoteSeat("s1", SeatState.READY, operator="sato"))
ABE: Step = (5.0, NoteSeat("s2", SeatState.READY, operator="abe"))
TALKING_TO_S1: tuple[Step, ...] = (
    SATO,
    ABE,
    (10.0, ARRIVED),
    QUEUED,
    (10.0, moved(Move.OFFERED, State.RINGING, seat="s1")),
    (20.0, NoteOutcome("c1", Outcome.ANSWERED)),
    (20.0, moved(Move.ANSWERED, State.TALKING, seat="s1")),
)
HELD, RETRIEVED = moved(Move.HELD, State.HELD, seat="s1"), moved(Move.RETRIEVED, State.TALKING, seat="s1")
CONSULTED = moved(Move.CONSULTED, State.CONSULTING, seat="s1")
TRANSFERRED = moved(Move.TRANSFERRED, State.TRANSFERRED)
FIRST = Talk("seat:s1", "operator", 20.0, 50.0)


def ended(at: float, seat: str = "", wrapup: float = 0.0) -> tuple[Step, Step]:
    """The conversation ends, and after the wrap-up the call."""
    finished = moved(Move.FINISHED, State.WRAP_UP, seat=seat)
    return (at, finished), (at + wrapup, moved(Move.WRAPPED_UP, State.CLOSED, seat=seat))


def test_holding_does_not_end_the_operators_talk_but_is_counted() -> None:
    found = record(
        *TALKING_TO_S1,
        (30.0, HELD),
        (35.0, CONSULTED),
        (41.0, moved(Move.HELD, State.HELD)),
        (42.0, RETRIEVED),
        (50.0, HELD),
        *ended(53.0, "s1", wrapup=4.0),
    )
    assert found.hold_seconds == 12 + 3
    assert found.talks == (Talk("seat:s1", "operator", 20.0, 53.0),)
    assert (found.talk, found.wrapup, found.seat, found.operator) == (33.0, 4.0, "s1", "sato")


@pytest.mark.parametrize("rung_first", [True, False])
def test_a_blind_transfer_to_a_telephone_without_a_seat(rung_first: bool) -> None:
    ring = rung("extension", "35")
    both = (ring, TRANSFERRED) if rung_first else (TRANSFERRED, ring)
    found = record(
        *TALKING_TO_S1,
        *((50.0, each) for each in both),
        (60.0, moved(Move.ANSWERED, State.TALKING)),
        *ended(90.0),
    )
    assert found.talks == (FIRST, Talk("extension:35", "transferred", 60.0, 90.0))
    assert (found.transfers, found.transferred_to) == (("extension:35",), "extension:35")
    assert (found.seat, found.operator, found.talk, found.wait) == ("s1", "sato", 60.0, 10.0)
    assert found.wrapup is None


def test_an_attended_transfer_to_a_seat() -> None:
    found = record(
        *TALKING_TO_S1,
        (30.0, CONSULTED),
        (30.0, rung("seat", "s2")),
        (34.0, NoteTalk("c1", "seat:s2", "consulted", True)),
        (50.0, TRANSFERRED),
        (50.0, moved(Move.ANSWERED, State.TALKING, seat="s2")),
        (50.0, NoteTalk("c1", "seat:s2", "consulted", False)),
        *ended(90.0, "s2", wrapup=10.0),
    )
    assert found.talks == (
        FIRST,
        Talk("seat:s2", "consulted", 34.0, 50.0),
        Talk("seat:s2", "transferred", 50.0, 90.0),
    )
    assert (found.seat, found.operator, found.hold_seconds) == ("s2", "abe", 20.0)
    assert (found.transfers, found.talk, found.wrapup) == (("seat:s2",), 70.0, 10.0)


def test_a_transfer_that_reaches_nobody_comes_back() -> None:
    back = (
        *TALKING_TO_S1,
        (50.0, TRANSFERRED),
        (50.0, rung("extension", "35")),
        (70.0, moved(Move.RETURNED, State.QUEUED, queue="tax/main")),
        (70.0, moved(Move.OFFERED, State.RINGING, seat="s2")),
    )
    found = record(*back, (75.0, moved(Move.HUNG_UP, State.CLOSED)))
    assert (found.seat, found.operator, found.transferred_to, found.transfers) == ("s1", "sato", "", ())
    assert (found.talks, found.talk, found.wait, found.wrapup) == ((FIRST,), 30.0, 10.0, None)
    found = record(*back, (75.0, moved(Move.ANSWERED, State.TALKING, seat="s2")), *ended(80.0, "s2"))
    assert found.talks == (FIRST, Talk("seat:s2", "operator", 75.0, 80.0))
    assert (found.seat, found.operator, found.offers, found.wait) == ("s2", "abe", 2, 10.0)


def test_who_takes_back_the_caller_whom_he_had_sent_away() -> None:
    found = record(
        *TALKING_TO_S1,
        (50.0, TRANSFERRED),
        (50.0, rung("outside", "0481234567")),
        (70.0, moved(Move.ANSWERED, State.TALKING, seat="s1")),
        *ended(80.0, "s1"),
    )
    assert found.talks == (FIRST, Talk("seat:s1", "operator", 70.0, 80.0))
    assert found.transfers == ()


def test_the_flow_transfers_from_one_to_the_next() -> None:
    steps = (
        (10.0, ARRIVED),
        (10.0, moved(Move.ENTERED, State.IVR)),
        (11.0, moved(Move.TRANSFERRED, State.TRANSFERRED, seat="s2")),
        (11.0, rung("seat", "s2")),
        (20.0, moved(Move.REFUSED, State.IVR)),
        (20.0, TRANSFERRED),
        (20.0, rung("extension", "1200")),
    )
    found = record(*steps)
    assert (found.seat, found.transferred_to, found.talks) == ("", "extension:1200", ())
    found = record(*steps, (25.0, moved(Move.ANSWERED, State.TALKING)), *ended(60.0))
    assert found.talks == (Talk("extension:1200", "transferred", 25.0, 60.0),)
    assert (found.transfers, found.talk, found.wait, found.seat) == (("extension:1200",), 35.0, None, "")


def test_others_join_and_leave_and_end_with_the_call() -> None:
    found = record(
        *TALKING_TO_S1,
        (30.0, NoteTalk("c1", "extension:7000", "consulted", True)),
        (40.0, NoteTalk("c1", "extension:7000", "joined", True)),
        (45.0, NoteTalk("c1", "seat:sv", "supervisor", True)),
        (46.0, NoteTalk("c1", "seat:s1", "joined", True)),  # he is in charge: this is nothing new
        (60.0, NoteTalk("c1", "seat:sv", "supervisor", False)),
        *ended(90.0, "s1"),
        (91.0, NoteTalk("c1", "extension:7000", "joined", False)),
        (92.0, NoteTalk("c1", "seat:sv", "supervisor", True)),
    )
    assert found.talks == (
        Talk("seat:s1", "operator", 20.0, 90.0),
        Talk("extension:7000", "consulted", 30.0, 40.0),
        Talk("extension:7000", "joined", 40.0, 90.0),
        Talk("seat:sv", "supervisor", 45.0, 60.0),
    )
    assert found.talk == 70.0


def test_a_supervisor_takes_the_call_over() -> None:
    found = record(
        *TALKING_TO_S1,
        (15.0, NoteSeat("sv", SeatState.READY, operator="mori")),
        (45.0, NoteTalk("c1", "seat:sv", "supervisor", True)),
        (45.0, CONSULTED),
        (45.0, rung("extension", "35")),
        (50.0, NoteEar("c1", "tax", "sv", "s1", "take_over", "mori")),
        (50.0, TRANSFERRED),
        (50.0, moved(Move.ANSWERED, State.TALKING, seat="sv")),
        *ended(90.0, "sv"),
    )
    assert found.talks == (
        FIRST,
        Talk("seat:sv", "supervisor", 45.0, 50.0),
        Talk("seat:sv", "operator", 50.0, 90.0),
    )
    assert (found.seat, found.operator, found.transfers, found.talk) == ("sv", "mori", (), 70.0)
    assert found.transferred_to == ""


def test_a_conversation_that_the_system_loses_has_no_wrapup() -> None:
    found = record(*TALKING_TO_S1, (30.0, HELD), (50.0, moved(Move.LOST, State.CLOSED)))
    assert (found.talks, found.talk, found.wrapup, found.hold_seconds) == ((FIRST,), 30.0, None, 20.0)


def test_an_operators_own_call() -> None:
    found = record(
        SATO,
        (10.0, NoteArrived("c1", "", "tax", "0570012229", "0481234567", "out")),
        (10.0, moved(Move.DIALLED, State.RINGING, seat="s1")),
        (10.0, rung("outside", "0481234567", "p1")),
        (20.0, moved(Move.ANSWERED, State.TALKING, seat="s1")),
        (50.0, QualityMeasured("p1", 1.0, 0.0, 20.0)),
        *ended(50.0, "s1"),
    )
    assert (found.direction, found.leg, found.offers, found.rang_at) == ("out", "p1", 0, 10.0)
    assert (found.talks, found.operator, found.talk, found.jitter_ms) == ((FIRST,), "sato", 30.0, 1.0)
    assert (found.transferred_to, found.transfers, found.wait) == ("", (), None)


def test_a_call_that_serves_a_callback_has_no_wait() -> None:
    found = record(
        (10.0, NoteArrived("c1", "", "tax", "0570012229", "0481234567", "callback")),
        QUEUED,
        (10.0, NoteCallbackState("c0.k1", "ringing", "c1", 1)),
        (99.0, moved(Move.OFFERED, State.RINGING, seat="s1")),
        (110.0, rung("outside", "0481234567", "p1")),
        (140.0, NoteOutcome("c1", Outcome.NOT_REACHED)),
        (140.0, moved(Move.ENDED, State.CLOSED)),
    )
    assert (found.callback, found.leg, found.wait, found.talk) == ("c0.k1", "p1", None, None)
    assert (found.seat, found.operator, found.outcome) == ("s1", "", Outcome.NOT_REACHED)


def test_the_inquiry_class_is_the_one_that_was_given_last() -> None:
    given_twice = (NoteClass("c1", "s1", "refund"), NoteClass("c1", "s1", "notice"))
    found = record(*TALKING_TO_S1, *ended(50.0), *((60.0, each) for each in given_twice))
    assert found.inquiry_class == "notice"

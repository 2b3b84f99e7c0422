"""Star codes of operators: done, said, and never a telephone that sticks."""

from __future__ import annotations

import pytest

from calls.events import CommandFailed, GuidanceFinished, LegEnded
from calls.notes import NoteClass, NoteSeat
from calls.requests import SeatLoggedIn, SeatPaused, TransferAsked
from engine.phone_calls import LONGEST_TEXT_S
from engine.star_codes import BREAKS
from tests.engine.dialling_town import said, state, town, wraps_up

pytestmark = pytest.mark.unit


def test_a_break_and_its_end() -> None:
    tax = town()
    leg = tax.dials(1, "s1", "*132")
    assert state(tax, "s1") == ("TALKING", "")
    tax.hears(3, leg)
    assert state(tax, "s1") == ("BREAK", BREAKS[1])
    assert tax.done(1) == [(1, f"answer {leg}"), (1, f"play break to {leg}"), (3, "hang up s1")]
    assert said(tax, 5, "s1", "*14") == "ready"
    assert state(tax, "s1") == ("READY", "")


@pytest.mark.parametrize(
    ("code", "reason"), [("*13", "休憩"), ("*131", "休憩"), ("*133", "研修"), ("*134", "その他")]
)
def test_the_reasons_of_a_break(code: str, reason: str) -> None:
    tax = town()
    assert said(tax, 1, "s1", code) == "break"
    assert state(tax, "s1") == ("BREAK", reason)


@pytest.mark.parametrize(
    "code", ["*135", "*130", "*", "*1", "*17", "*25201", "*9", "**", "*13*", "*1#", "*11１"]
)
def test_codes_that_are_none(code: str) -> None:
    tax = town()
    assert said(tax, 1, "s1", code) in ("unknown_code", "no_such_person")
    assert state(tax, "s1") == ("READY", "")


def test_his_telephone_is_not_rung_while_he_hears_it() -> None:
    tax = town()
    for seat in ("s2", "hot", "own", "sv"):
        tax.happens(0, SeatPaused(seat, "x"))
    leg = tax.dials(1, "s1", "*14")
    tax.waits(2, "anna")
    assert tax.life("anna")[-1] == (2, "QUEUED")
    tax.hears(3, leg)
    assert tax.done(3) == [(3, "hang up s1"), (3, "ring s1 for anna")]


@pytest.mark.parametrize("how", ["hangs up", "fails", "is never told", "cannot be answered"])
def test_the_text_ends_otherwise(how: str) -> None:
    tax = town()
    leg = tax.dials(1, "s1", "*13")
    match how:
        case "hangs up":
            tax.happens(2, LegEnded(leg), GuidanceFinished(f"{leg}.said", ok=False))
        case "fails":
            tax.happens(2, CommandFailed("PlayGuidance", f"{leg}.said", 500))
        case "cannot be answered":
            tax.happens(2, CommandFailed("AnswerLeg", leg, 404))
        case _:
            tax.time_passes(1 + LONGEST_TEXT_S)
    assert state(tax, "s1") == ("BREAK", "休憩")
    assert tax.engine.legs() == set()
    assert tax.engine.next_deadline() is None


# ---- who sits there


def test_logging_in_and_out() -> None:
    tax = town()
    assert said(tax, 1, "hot", "*11101") == "logged_in"
    assert state(tax, "hot") == ("READY", "")
    assert tax.engine.floor.seats["hot"].operator == "mori"
    tax.waits(5, "anna")
    assert said(tax, 6, "hot", "*12") == "logged_out"
    assert state(tax, "hot") == ("LOGGED_OUT", "")
    assert tax.engine.floor.operators == {}


def test_another_person_at_a_seat_that_is_free() -> None:
    tax = town()
    assert said(tax, 1, "s1", "*11101") == "logged_in"
    assert said(tax, 5, "s1", "*11102") == "logged_in"
    notes = [note for entry in tax.entries for note in entry.commands if isinstance(note, NoteSeat)]
    assert [(note.state, note.operator) for note in notes if note.seat == "s1"][1:] == [
        ("TALKING", "mori"), ("READY", "mori"), ("TALKING", "abe"), ("READY", "abe"),
    ]  # fmt: skip


def test_a_person_moves_to_another_seat() -> None:
    tax = town()
    tax.happens(0, SeatLoggedIn("s1", "mori"))
    assert said(tax, 1, "s2", "*11101") == "logged_in"
    assert (state(tax, "s1")[0], state(tax, "s2")[0]) == ("LOGGED_OUT", "READY")


def test_the_seat_itself_logs_in() -> None:
    tax = town()
    assert said(tax, 1, "s1", "*12") == "logged_out"
    assert said(tax, 5, "s1", "*14") == "not_logged_in"
    assert said(tax, 9, "s1", "*13") == "not_logged_in"
    assert state(tax, "s1") == ("LOGGED_OUT", "")
    assert said(tax, 13, "s1", "*11") == "logged_in"
    assert state(tax, "s1") == ("READY", "")


@pytest.mark.parametrize(
    ("phone", "code", "text"),
    [
        ("hot", "*11", "no_such_person"),
        ("s1", "*11999", "no_such_person"),
        ("own", "*11101", "does_not_fit"),
    ],
)
def test_not_logged_in(phone: str, code: str, text: str) -> None:
    tax = town()
    before = state(tax, phone)
    assert said(tax, 1, phone, code) == text
    assert state(tax, phone) == before


def test_nobody_changes_seats_in_a_call() -> None:
    tax = town()
    tax.happens(0, SeatLoggedIn("s2", "mori"), SeatPaused("s1", "x"))
    tax.waits(1, "anna")
    tax.picks_up(2, "s2")
    assert said(tax, 3, "s1", "*11101") == "not_now"
    assert said(tax, 6, "s2", "*11102") == "not_now"
    assert state(tax, "s2") == ("TALKING", "")


# ---- the record


def test_the_class_of_the_last_call_ends_its_record() -> None:
    tax = town(wrapup_s=None)
    wraps_up(tax)
    assert said(tax, 12, "s1", "*153") == "classified"
    assert state(tax, "s1") == ("READY", "")
    notes = [note for entry in tax.entries for note in entry.commands if isinstance(note, NoteClass)]
    assert [note.inquiry_class for note in notes] == ["還付"]
    assert tax.life("anna")[-1] == (12, "CLOSED")


@pytest.mark.parametrize("code", ["*154", "*150", "*15"])
def test_no_such_class(code: str) -> None:
    tax = town(wrapup_s=None)
    wraps_up(tax)
    assert said(tax, 12, "s1", code) == "no_such_class"
    assert state(tax, "s1") == ("WRAP_UP", "")


def test_the_end_of_the_record() -> None:
    tax = town(wrapup_s=None)
    wraps_up(tax)
    assert said(tax, 12, "s1", "*16") == "wrapped_up"
    assert state(tax, "s1") == ("READY", "")
    assert said(tax, 20, "s1", "*16") == "not_now"
    assert said(tax, 30, "s1", "*151") == "not_now"


def test_the_time_for_the_record_ends_while_he_dials() -> None:
    tax = town(wrapup_s=5)
    wraps_up(tax)
    leg = tax.dials(14, "s1", "*99")
    tax.time_passes(15.5)
    assert tax.engine.floor.seats["s1"].busy
    tax.hears(16, leg)
    assert state(tax, "s1") == ("READY", "")


def test_a_caller_who_comes_back_does_not_ring_at_a_telephone_in_use() -> None:
    tax = town(wrapup_s=None)
    tax.waits(1, "anna")
    tax.picks_up(2, "s1")
    tax.happens(5, TransferAsked("s1", "extension", "35"))
    leg = tax.dials(6, "s1", "*99")
    tax.hangs_up(7, "35", 17)
    assert tax.done(7) == [(7, "ring s2 for anna")]
    tax.hears(8, leg)
    assert state(tax, "s1") == ("WRAP_UP", "")


@pytest.mark.parametrize("wrapup_s", [None, 0])
def test_he_dials_before_the_end_of_his_call_is_told(wrapup_s: float | None) -> None:
    tax = town(wrapup_s=wrapup_s)
    tax.waits(1, "anna")
    tax.picks_up(2, "s1")
    old = tax.leg("s1")
    tax.happens(10, LegEnded(tax.leg("anna")))
    leg = tax.dials(10, "s1", "*132")
    tax.happens(10, LegEnded(old))
    assert tax.engine.floor.seats["s1"].busy
    tax.hears(12, leg)
    assert state(tax, "s1") == (("WRAP_UP", "") if wrapup_s is None else ("BREAK", "食事"))
    tax.check()

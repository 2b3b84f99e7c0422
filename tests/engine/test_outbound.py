"""What an operator dials himself."""

from __future__ import annotations

import pytest

from calls.commands import RingSeat, RingTelephone
from calls.events import PhoneDialled, PhoneUnregistered
from calls.notes import NoteArrived
from calls.record import fold
from calls.requests import (
    CompleteAsked,
    ConferenceAsked,
    ConsultAsked,
    DialAsked,
    HoldAsked,
    RetrieveAsked,
    SeatLoggedIn,
    SeatPaused,
    TransferAsked,
    WrapUpFinished,
)
from tests.engine.city import TAX, WATER
from tests.engine.outbound_town import ANNA, OUT, dials, refused, town

pytestmark = pytest.mark.unit


# ---- as it should be


def test_his_own_telephone_first_and_then_the_number() -> None:
    tax = town()
    dials(tax, 1)
    tax.picks_up(9, ANNA)
    tax.hangs_up(60, ANNA)
    tax.happens(70, WrapUpFinished("s1"))
    assert tax.done(1) == [
        (1, f"ring s1 for {OUT}"),
        (2, "ringback to s1"),
        (2, f"ring {ANNA} for {OUT}"),
        (9, "no ringback to s1"),
        (9, f"connect {ANNA} s1"),
        (9, f"record {ANNA}"),
        (60, f"part {OUT}"),
        (60, "hang up s1"),
    ]
    assert tax.life(OUT) == [
        (2, "RINGING"),
        (9, "answered"),
        (9, "TALKING"),
        (60, "WRAP_UP"),
        (70, "CLOSED"),
    ]
    assert [state for _, state in tax.life("s1", 1)] == ["RINGING", "TALKING", "WRAP_UP", "READY"]
    tax.check()


def test_the_record_and_what_the_telephones_show() -> None:
    tax = town()
    dials(tax, 1, "048-123-4567")
    tax.picks_up(9, ANNA)
    tax.hangs_up(60, "s1")
    tax.time_passes(91)
    [record] = fold(tax.entries)
    assert (record.direction, record.project, record.number, record.caller) == ("out", "tax", TAX, ANNA)
    assert (record.outcome, record.talk, record.wrapup, record.wait) == ("answered", 51, 30, None)
    assert (record.seat, record.queue, record.offers) == ("s1", "", 0)
    sent = [command for entry in tax.entries for command in entry.commands]
    [seat] = [command for command in sent if isinstance(command, RingSeat)]
    assert (seat.caller_leg, seat.caller, seat.title, seat.auto_answer) == ("", ANNA, "tax", True)
    [out] = [command for command in sent if isinstance(command, RingTelephone)]
    assert (out.kind, out.caller_leg, out.caller, out.title) == ("outside", "", TAX, "tax")
    tax.check()


def test_the_project_that_is_asked_for() -> None:
    tax = town()
    tax.happens(0, SeatLoggedIn("s2"))
    dials(tax, 1, seat="s2", project="water")
    [arrived] = [note for entry in tax.entries for note in entry.commands if isinstance(note, NoteArrived)]
    assert (arrived.project, arrived.number) == ("water", WATER)


def test_he_dials_at_his_telephone() -> None:
    tax = town()
    tax.happens(1, PhoneDialled("own leg", "s1", ANNA))
    tax.picks_up(9, ANNA)
    tax.hangs_up(60, "own leg")
    assert tax.done(1)[:3] == [
        (1, "answer own leg"),
        (1, "ringback to own leg"),
        (1, f"ring {ANNA} for {OUT}"),
    ]
    assert [what for _, what in tax.life(OUT)] == ["RINGING", "answered", "TALKING", "WRAP_UP"]
    assert tax.engine.floor.seats["s1"].state == "WRAP_UP"
    tax.check()


def test_he_takes_no_caller_meanwhile() -> None:
    tax = town()
    tax.happens(1, DialAsked("s1", ANNA))
    tax.waits(1.5, "ben")
    tax.picks_up(2, "s1")
    tax.picks_up(3, ANNA)
    tax.hangs_up(10, ANNA)
    assert (10, "ring s1 for ben") not in tax.done()
    tax.happens(12, WrapUpFinished("s1"))
    assert tax.done(12) == [(12, "ring s1 for ben")]
    tax.check()


def test_all_that_may_be_done_in_a_conversation() -> None:
    tax = town()
    dials(tax, 1)
    tax.picks_up(3, ANNA)
    tax.happens(4, HoldAsked("s1", ask="hold"), RetrieveAsked("s1", ask="back"))
    tax.happens(5, ConsultAsked("s1", "extension", "35", ask="consult"))
    tax.picks_up(6, "35")
    tax.happens(7, ConferenceAsked("s1", ask="all"), CompleteAsked("s1", ask="done"))
    assert [tax.answers[ask].refusal for ask in ("hold", "back", "consult", "all", "done")] == [""] * 5
    tax.hangs_up(20, ANNA)
    tax.happens(21, WrapUpFinished("s1"))
    [record] = fold(tax.entries)
    assert (record.transfers, record.talk) == (("extension:35",), 17)
    tax.check()


def test_a_transfer_that_nobody_takes_comes_back() -> None:
    tax = town()
    dials(tax, 1)
    tax.picks_up(3, ANNA)
    tax.happens(4, TransferAsked("s1", "extension", "35"))
    tax.time_passes(35)
    assert (34, f"ring s1 for {OUT}") in tax.done(34)
    tax.picks_up(36, "s1")
    assert tax.life(OUT, 36) == [(36, "TALKING")]
    tax.check()


def test_a_break_goes_on_afterwards() -> None:
    tax = town()
    tax.happens(0, SeatPaused("s1", "lunch"))
    dials(tax, 1)
    tax.picks_up(3, ANNA)
    tax.hangs_up(10, ANNA)
    tax.happens(11, WrapUpFinished("s1"))
    assert [what for _, what in tax.life("s1", 1)] == ["RINGING", "TALKING", "WRAP_UP", "BREAK"]
    tax.check()


def test_a_record_that_was_being_written_is_finished_by_it() -> None:
    tax = town()
    tax.waits(0, "ben")
    tax.picks_up(0, "s1")
    tax.hangs_up(5, "ben")
    tax.waits(6, "cora")
    dials(tax, 7)
    assert tax.life("ben", 7) == [(7, "CLOSED")]
    assert [what for _, what in tax.life("s1", 5)] == ["WRAP_UP", "RINGING"]
    assert (7, "ring s1 for cora") not in tax.done(7)
    tax.check()


def test_a_project_without_a_queue_has_no_wrap_up() -> None:
    flow = {"gate": {"type": "hangup", "guidance": "bye"}}
    tax = town(queues={}, flow={"start": "gate", "nodes": flow})
    dials(tax, 1)
    tax.picks_up(3, ANNA)
    tax.hangs_up(10, ANNA)
    assert tax.life(OUT, 10) == [(10, "WRAP_UP"), (10, "CLOSED")]
    tax.check()


# ---- refused


def test_who_may_not_call() -> None:
    tax = town()
    tax.happens(0, SeatLoggedIn("s5", "boss"))
    assert refused(tax, 1, seat="s9") == ("unknown", "")
    assert refused(tax, 1, number="999") == ("unknown", "")
    assert refused(tax, 1, number="") == ("unknown", "")
    assert refused(tax, 1, project="gas") == ("unknown", "")
    assert refused(tax, 1, project="water") == ("forbidden", "")
    assert refused(tax, 1, seat="s4") == ("forbidden", "")
    assert refused(tax, 1, seat="s4", number="35") == ("forbidden", "")
    assert refused(tax, 1, seat="s5") == ("forbidden", "")
    assert refused(tax, 1, number="201") == ("conflict", "READY")
    assert refused(tax, 1, number="202") == ("conflict", "LOGGED_OUT")
    assert refused(tax, 1, seat="s2") == ("conflict", "LOGGED_OUT")
    tax.happens(2, PhoneUnregistered("s1"))
    assert refused(tax, 2) == ("conflict", "LOGGED_OUT")
    tax.check()


def test_who_looks_after_a_project_may_call_his_colleagues() -> None:
    tax = town()
    tax.happens(0, SeatLoggedIn("s5", "boss"))
    dials(tax, 1, "35", "s5")
    tax.picks_up(3, "35")
    assert tax.life("internal 35")[-1] == (3, "TALKING")
    tax.check()


def test_who_is_in_a_call_may_not_call() -> None:
    tax = town()
    tax.waits(1, "ben")
    assert refused(tax, 1) == ("conflict", "RINGING")
    tax.picks_up(2, "s1")
    assert refused(tax, 3) == ("conflict", "TALKING")
    tax.hangs_up(4, "ben")
    dials(tax, 5)
    assert refused(tax, 7) == ("conflict", "RINGING")
    tax.check()


def test_an_extension_in_use() -> None:
    tax = town()
    tax.happens(0, SeatLoggedIn("s2"))
    dials(tax, 1, "35")
    assert refused(tax, 3, number="35", seat="s2") == ("conflict", "TALKING")
    tax.picks_up(4, "35")
    tax.waits(5, "ben")
    tax.picks_up(5, "s2")
    tax.happens(6, TransferAsked("s2", "extension", "35", ask="t"))
    assert tax.answers["t"].refusal == "conflict"
    tax.check()


def test_a_refusal_at_the_telephone_leaves_it_to_who_speaks_to_him() -> None:
    tax = town()
    tax.happens(1, PhoneDialled("own leg", "s1", "999"))
    assert not tax.engine.floor.calls
    assert tax.done(1)[0] == (1, "answer own leg")  # he is told
    tax.hangs_up(3, "own leg")
    assert tax.life("s1", 3) == [(3, "READY")]
    tax.check()

"""What is dialled at the wrong moment or by whom it is not for, and the star codes of a supervisor."""

from __future__ import annotations

import pytest

from calls.events import GuidanceFinished, LegEnded, PhoneDialled
from tests.engine.dialling_town import said, state, town

pytestmark = pytest.mark.unit


# ---- at the wrong moment


def test_while_his_telephone_rings() -> None:
    tax = town()
    tax.waits(1, "anna")
    leg = tax.dials(2, "s1", "*12")
    assert tax.done(2)[-1] == (2, f"hang up {leg} (busy)")
    assert state(tax, "s1") == ("RINGING", "")
    tax.picks_up(3, "s1")
    assert state(tax, "s1") == ("TALKING", "")


def test_on_a_second_line_in_a_conversation() -> None:
    tax = town(wrapup_s=None)
    tax.waits(1, "anna")
    tax.picks_up(2, "s1")
    assert said(tax, 3, "s1", "*152") == "classified"
    assert said(tax, 6, "s1", "*16") == "not_now"
    assert said(tax, 9, "s1", "*21202") == "not_now"
    assert said(tax, 12, "s1", "202") == "not_now"
    assert said(tax, 15, "s1", "*132") == "break"
    assert state(tax, "s1") == ("TALKING", "")
    leg = tax.dials(20, "s1", "*99")
    tax.hangs_up(21, "anna")
    tax.hears(22, leg)
    tax.happens(30, PhoneDialled("again", "s1", "*16"), LegEnded("again"))
    assert state(tax, "s1") == ("BREAK", "食事")


def test_twice_the_same_leg() -> None:
    tax = town()
    leg = tax.dials(1, "s1", "*13")
    before = len(tax.log)
    tax.happens(1, PhoneDialled(leg, "s1", "*14"), PhoneDialled(leg, "s2", "*14"))
    assert len(tax.log) == before


def test_telephones_that_are_no_seats() -> None:
    tax = town()
    assert said(tax, 1, "ext35", "*13") == "forbidden"
    assert said(tax, 5, "ext35", "201") == "forbidden"
    leg = tax.dials(9, "nobody", "*13")
    assert tax.done(9) == [(9, f"hang up {leg} (unknown_number)")]
    assert tax.engine.legs() == set()


@pytest.mark.parametrize("number", ["999", "", "#", "12*", "0", "+81312345678"])
def test_numbers_that_are_nobodys(number: str) -> None:
    tax = town()
    assert said(tax, 1, "s1", number) == "unknown_number"
    assert state(tax, "s1") == ("READY", "")


def test_who_is_logged_out_calls_nobody() -> None:
    tax = town()
    assert said(tax, 1, "s1", "*12") == "logged_out"
    assert said(tax, 5, "s1", "202") == "not_logged_in"
    assert state(tax, "s1") == ("LOGGED_OUT", "")


# ---- the supervisor


@pytest.mark.parametrize(
    ("code", "text", "mode"),
    [
        ("*21201", "listening", "listen"),
        ("*22201", "whispering", "whisper"),
        ("*23201", "barging", "barge"),
        ("*24201", "taken_over", "take_over"),
    ],
)
def test_the_ear(code: str, text: str, mode: str) -> None:
    tax = town(wrapup_s=0)
    tax.waits(1, "anna")
    tax.picks_up(2, "s1")
    leg = tax.dials(5, "sv", code)
    assert tax.done(5) == [(5, f"answer {leg}"), (5, f"play {text} to {leg}")]
    assert tax.life("sv")[-1] == (5, "TALKING")
    tax.hears(7, leg)
    last = [what for _, what in tax.log if what.startswith("ear of sv")][-1]
    assert last == f"ear of sv at s1 in anna: {mode}"
    assert any("sv" in what for _, what in tax.done(7))
    tax.hangs_up(30, "sv")
    assert state(tax, "sv") == ("READY", "")
    assert tax.engine.legs() == ({"anna", tax.leg("s1")} if mode != "take_over" else set())


@pytest.mark.parametrize(
    ("phone", "code", "text"),
    [
        ("sv", "*21202", "no_call_there"),
        ("sv", "*21999", "no_such_seat"),
        ("sv", "*21", "no_such_seat"),
        ("s2", "*21201", "forbidden"),
    ],
)
def test_no_ear(phone: str, code: str, text: str) -> None:
    tax = town()
    tax.waits(1, "anna")
    tax.picks_up(2, "s1")
    assert said(tax, 5, phone, code) == text
    assert state(tax, phone) == ("READY", "")


def test_one_ear_at_a_time_by_star_codes() -> None:
    tax = town()
    tax.waits(1, "anna")
    tax.picks_up(2, "s1")
    tax.hears(5, tax.dials(4, "sv", "*21201"))
    assert said(tax, 6, "sv", "*22201") == "not_now"
    tax.hangs_up(9, "anna")
    assert state(tax, "sv") == ("READY", "")


def test_the_call_ends_while_he_hears_the_text() -> None:
    tax = town()
    tax.waits(1, "anna")
    tax.picks_up(2, "s1")
    leg = tax.dials(5, "sv", "*21201")
    tax.hangs_up(6, "anna")
    assert tax.done(6)[-1] == (6, "hang up sv")
    tax.happens(7, GuidanceFinished(f"{leg}.said", ok=False))
    tax.time_passes(60)
    assert state(tax, "sv") == ("READY", "")
    assert tax.engine.legs() == set()


def test_he_hangs_up_while_he_hears_the_text() -> None:
    tax = town()
    tax.waits(1, "anna")
    tax.picks_up(2, "s1")
    tax.dials(5, "sv", "*23201")
    tax.hangs_up(6, "sv")
    assert state(tax, "sv") == ("READY", "")
    assert tax.done(6) == []

"""Seats come and go: by log-in, by telephone, with and without a call in hand."""

from __future__ import annotations

import pytest

from calls.event import Event
from calls.events import CommandFailed, LegsConnected, PhoneRegistered, PhoneUnregistered
from calls.requests import SeatLoggedIn, SeatLoggedOut, WrapUpFinished
from tests.engine.conftest import MakeCity

pytestmark = pytest.mark.unit

GONE = [SeatLoggedOut("s1"), PhoneUnregistered("s1")]


@pytest.mark.parametrize("gone", GONE)
def test_a_free_seat_that_goes_gets_no_call(city: MakeCity, gone: Event) -> None:
    tax = city()
    tax.happens(1, gone, gone)
    tax.waits(2, "anna")
    assert tax.life("s1") == [(0, "READY"), (1, "LOGGED_OUT")]
    assert tax.done(2)[-1] == (2, "play nobody to anna")


def test_a_seat_that_comes_takes_who_waits(city: MakeCity) -> None:
    tax = city(seats=2)
    tax.happens(1, PhoneUnregistered("s2"))
    tax.waits(2, "anna")
    tax.waits(3, "ben")
    tax.happens(4, PhoneRegistered("s2"))
    assert tax.done(4) == [(4, "ring s2 for ben")]
    assert tax.life("s2", 1) == [(1, "LOGGED_OUT"), (4, "RINGING")]


def test_a_seat_told_twice_that_it_is_there_keeps_its_turn(city: MakeCity) -> None:
    tax = city(seats=2)
    tax.happens(1, PhoneRegistered("s1"), SeatLoggedIn("s1"))
    tax.waits(2, "anna")
    assert tax.done(2)[2] == (2, "ring s1 for anna")


@pytest.mark.parametrize("gone", GONE)
def test_a_seat_that_goes_while_it_rings(city: MakeCity, gone: Event) -> None:
    tax = city()
    tax.waits(1, "anna")
    tax.happens(3, gone)
    assert tax.done(3) == []
    tax.time_passes(21)
    assert tax.done(3) == [(21, "hang up s1 (no_answer)")]
    assert tax.life("s1", 2) == [(21, "LOGGED_OUT")]


@pytest.mark.parametrize("gone", GONE)
def test_a_seat_that_goes_while_it_talks_finishes_its_call(city: MakeCity, gone: Event) -> None:
    tax = city()
    tax.waits(1, "anna")
    tax.picks_up(2, "s1")
    tax.happens(3, gone)
    tax.hangs_up(60, "anna")
    tax.time_passes(90)
    assert tax.life("s1", 3) == [(60, "WRAP_UP"), (90, "LOGGED_OUT")]
    assert tax.life("anna", 60) == [(60, "WRAP_UP"), (90, "CLOSED")]


def test_a_seat_that_goes_during_the_record(city: MakeCity) -> None:
    tax = city()
    tax.waits(1, "anna")
    tax.picks_up(2, "s1")
    tax.hangs_up(3, "anna")
    tax.happens(4, SeatLoggedOut("s1"))
    tax.waits(5, "ben")
    tax.happens(6, WrapUpFinished("s1"), SeatLoggedIn("s1"))
    assert tax.life("s1", 4) == [(6, "LOGGED_OUT"), (6, "READY")]


@pytest.mark.parametrize(
    ("gone", "back"),
    [(SeatLoggedOut("s1"), SeatLoggedIn("s1")), (PhoneUnregistered("s1"), PhoneRegistered("s1"))],
)
def test_whoever_sits_down_has_missed_nothing(city: MakeCity, gone: Event, back: Event) -> None:
    tax = city(queue={"misses": 1})
    tax.waits(1, "anna")
    tax.happens(30, gone, back)
    tax.time_passes(49)
    assert tax.life("s1", 2) == [(21, "NOT_ANSWERING"), (30, "LOGGED_OUT"), (30, "RINGING")]
    tax.time_passes(109)  # a second rest, which the end of the first one (at 81) does not cut short
    assert tax.life("s1", 31) == [(50, "NOT_ANSWERING")]
    tax.time_passes(110)
    assert tax.life("s1", 51) == [(110, "RINGING")]


def test_who_logs_in_again_is_tried_again_at_once(city: MakeCity) -> None:
    tax = city(queue={"misses": 1})
    tax.waits(1, "anna")
    tax.happens(30, PhoneRegistered("s1"))  # its telephone was there all the time: that is no return
    assert tax.life("s1", 2) == [(21, "NOT_ANSWERING")]
    tax.happens(40, SeatLoggedIn("s1"))
    assert tax.life("s1", 30) == [(40, "RINGING")]


@pytest.mark.parametrize("back", [[SeatLoggedIn("s1")], [PhoneUnregistered("s1"), PhoneRegistered("s1")]])
def test_a_miss_before_the_return_does_not_count(city: MakeCity, back: list[Event]) -> None:
    tax = city(seats=2)
    tax.happens(0, PhoneUnregistered("s2"))
    tax.waits(1, "anna")
    tax.hangs_up(5, "s1", 21)  # one miss, and rung again
    tax.hangs_up(6, "anna")
    tax.happens(7, *back)
    tax.waits(8, "ben")
    tax.hangs_up(9, "s1", 21)
    assert tax.life("s1", 9) == []  # another one would have put it to rest: it rings
    tax.hangs_up(10, "s1", 21)
    assert tax.life("s1", 10) == [(10, "NOT_ANSWERING")]


def test_seats_that_nobody_knows(city: MakeCity) -> None:
    tax = city()
    before = len(tax.log)
    tax.happens(1, SeatLoggedIn("x"), SeatLoggedOut("x"), PhoneRegistered("x"), WrapUpFinished("x"))
    assert tax.log[before:] == []


@pytest.mark.parametrize("name", ["HangUp", "AnswerLeg"])
def test_a_command_on_a_leg_that_is_gone_is_its_end(city: MakeCity, name: str) -> None:
    tax = city()
    tax.arrives(1, "anna")
    tax.happens(2, CommandFailed(name, "anna", 500), CommandFailed(name, "anna", 0))
    assert tax.life("anna", 2) == []
    tax.happens(3, CommandFailed(name, "anna", 404))
    assert tax.life("anna", 3) == [(3, "abandoned_ivr"), (3, "CLOSED")]


def test_a_seat_whose_hang_up_found_nothing_is_free(city: MakeCity) -> None:
    tax = city()
    tax.waits(1, "anna")
    tax.confirms = False
    tax.hangs_up(2, "anna")
    tax.happens(3, CommandFailed("HangUp", tax.leg("s1"), 404))
    assert tax.life("s1", 2) == [(3, "READY")]


@pytest.mark.parametrize(
    "name", ["StartMusic", "StopMusic", "StartRecording", "StopGuidance", "CloseBridge", "Unheard"]
)
def test_a_command_whose_failure_changes_nothing(city: MakeCity, name: str) -> None:
    tax = city()
    tax.waits(1, "anna")
    tax.picks_up(2, "s1")
    before = len(tax.log)
    tax.happens(
        3, *(CommandFailed(name, subject, 404) for subject in ("anna", tax.leg("s1"), tax.bridge("anna")))
    )
    assert tax.log[before:] == []


def test_a_seat_cannot_finish_the_record_of_another(city: MakeCity) -> None:
    tax = city(seats=2)
    tax.confirms = False
    tax.waits(1, "anna")
    tax.time_passes(21)  # s1 missed the call; its telephone is slow to go on the hook
    tax.picks_up(22, "s2")
    tax.happens(22, LegsConnected(tax.bridge("anna")))
    tax.hangs_up(30, "anna")
    tax.happens(31, WrapUpFinished("s1"))
    assert tax.life("anna", 31) == []
    tax.hangs_up(32, "s1")
    tax.hangs_up(32, "s2")
    tax.time_passes(60)
    assert tax.life("anna", 31) == [(60, "CLOSED")]
    assert tax.life("s2", 31) == [(60, "READY")]

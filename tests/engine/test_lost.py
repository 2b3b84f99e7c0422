"""Asterisk dies: every call ends as lost, and whatever is not in Asterisk goes on."""

from __future__ import annotations

import pytest

from calls.events import GuidanceFinished, PhoneRegistered
from calls.lifecycle import State
from calls.notes import AnyNote
from calls.outages import AsteriskEnded
from calls.record import CallRecord, fold
from calls.requests import CallbackOrdered, ConsultAsked, EarAsked, HoldAsked, SeatLoggedOut, SeatPaused
from tests.engine.callback_town import ANNA, BEN, queues, states, town, wishes
from tests.engine.city import City
from tests.engine.conftest import MakeCity

pytestmark = pytest.mark.unit


def dies(tax: City, at: float) -> None:
    """Asterisk is gone, and is told nothing any more."""
    tax.happens(at, AsteriskEnded("crashed"))
    assert all(isinstance(command, AnyNote) for command in tax.entries[-1].commands)
    assert tax.engine.legs() == set()
    assert tax.engine.floor.bridges == {}


def back(tax: City, at: float, *seats: str) -> None:
    """Telephones can be reached again."""
    tax.happens(at, *map(PhoneRegistered, seats or tax.engine.floor.seats))


def record(tax: City, caller: str) -> CallRecord:
    return next(each for each in fold(tax.entries) if each.leg == caller)


def test_whoever_waits_rings_or_listens_is_lost(city: MakeCity) -> None:
    tax = city()
    for at, caller in enumerate(("anna", "ben"), 1):
        tax.waits(at, caller)
    tax.arrives(3, "carl")
    dies(tax, 9)
    for caller in ("anna", "ben", "carl"):
        told = record(tax, caller)
        assert (told.outcome, told.state, told.lost_at) == ("lost_system", State.CLOSED, tax.start + 9)
    assert tax.engine.floor.calls == {}
    assert tax.engine.floor.lines["tax"] == 0


def test_a_conversation_stays_answered_and_its_record_says_that_it_was_cut(city: MakeCity) -> None:
    tax = city()
    tax.waits(1, "anna")
    tax.picks_up(3, "s1")
    dies(tax, 60)
    told = record(tax, "anna")
    assert (told.outcome, told.lost_at, told.talk) == ("answered", tax.start + 60, 57)
    assert tax.life("s1", since=60) == [(60, "WRAP_UP")]
    tax.time_passes(91)
    assert tax.life("s1", since=61) == [(90, "LOGGED_OUT")]
    back(tax, 95)
    assert tax.life("s1", since=91) == [(95, "READY")]


def test_who_writes_a_record_goes_on_writing(city: MakeCity) -> None:
    tax = city()
    tax.waits(1, "anna")
    tax.picks_up(3, "s1")
    tax.hangs_up(60, "anna")
    dies(tax, 70)
    assert tax.life("s1", since=61) == []
    tax.time_passes(91)
    told = record(tax, "anna")
    assert (told.outcome, told.lost_at, told.wrapup) == ("answered", None, 30)


def test_hold_and_consultation_are_lost_with_everybody_in_them(city: MakeCity) -> None:
    tax = city(seats=2)
    tax.waits(1, "anna")
    tax.picks_up(2, "s1")
    tax.happens(3, ConsultAsked("s1", "seat", "s2"))
    tax.picks_up(4, "s2")
    dies(tax, 9)
    assert [(each.who, each.seconds) for each in record(tax, "anna").talks] == [
        ("seat:s1", 7),
        ("seat:s2", 5),
    ]
    assert tax.life("s2", since=9) == [(9, "LOGGED_OUT")]


def test_seats_keep_who_is_there_breaks_and_log_outs(city: MakeCity) -> None:
    tax = city(seats=3)
    tax.happens(1, SeatPaused("s2", "lunch"), SeatLoggedOut("s3"))
    dies(tax, 9)
    assert {seat.state for seat in tax.engine.floor.seats.values()} == {"LOGGED_OUT"}
    back(tax, 20)
    assert [seat.state for seat in tax.engine.floor.seats.values()] == ["READY", "BREAK", "LOGGED_OUT"]


def test_star_codes_second_lines_and_ears_are_forgotten(city: MakeCity) -> None:
    tax = city(seats=3)
    tax.waits(1, "anna")
    tax.picks_up(2, "s1")
    tax.happens(3, HoldAsked("s1"))
    tax.dials(3, "s1", "35")
    tax.happens(4, EarAsked("s2", "listen", "s1", by="boss"))
    tax.picks_up(5, "s2")
    leg = tax.dials(6, "s3", "*13")
    dies(tax, 9)
    assert tax.engine.next_deadline() == tax.start + 39  # the record of the operator, and nothing else
    tax.happens(10, GuidanceFinished(f"{leg}.said"))
    assert tax.entries[-1].commands == []


def test_a_second_time_and_late_news_of_it_mean_nothing(city: MakeCity) -> None:
    tax = city()
    tax.waits(1, "anna")
    dies(tax, 9)
    tax.hangs_up(10, "anna")
    tax.picks_up(10, "s1")
    dies(tax, 11)
    assert tax.log[-1][0] == 9


def test_callbacks_keep_their_places_and_are_tried_again(city: MakeCity) -> None:
    tax = town(city)
    wishes(tax, 1, "anna", ANNA)
    wishes(tax, 2, "ben", BEN)
    tax.picks_up(3, "s1")  # anna is being dialled
    dies(tax, 9)
    assert states(tax)[-1] == (9, "waiting", 0)
    line = [tax.engine.floor.calls[call].caller for call in tax.engine.floor.router.in_line("tax/main")]
    assert line == [ANNA, BEN]
    back(tax, 20)
    tax.picks_up(22, "s1")
    assert states(tax)[-1] == (22, "ringing", 1)


def test_who_asked_to_be_called_back_and_was_lost_in_that_call_is_called(city: MakeCity) -> None:
    tax = town(city)
    queues(tax, 0, "carl")
    tax.picks_up(0, "s1")
    wishes(tax, 1, "anna", ANNA)
    dies(tax, 1.5)
    assert states(tax)[-1][1] == "waiting"


def lost_and_back(city: MakeCity) -> City:
    """Anna and Ben waited, and were lost; now Carl waits, and the only operator is talking."""
    tax = town(city)
    queues(tax, 0, "zoe")
    tax.picks_up(0, "s1")
    queues(tax, 1, "anna", ANNA)
    queues(tax, 2, "ben", BEN)
    dies(tax, 9)
    back(tax, 20)
    queues(tax, 50, "carl")
    tax.picks_up(51, "s1")
    queues(tax, 52, "dora")
    return tax


def orders(tax: City, at: float, who: str, number: str, ask: str = "") -> None:
    """Somebody orders that a lost caller is called back."""
    told = record(tax, who)
    since = told.queued_at or told.arrived_at
    tax.happens(at, CallbackOrdered(told.call, "tax", number, told.queue, since, ask=ask))


def test_a_lost_caller_gets_his_old_place_in_the_line(city: MakeCity) -> None:
    tax = lost_and_back(city)
    orders(tax, 60, "ben", BEN)
    orders(tax, 60, "anna", ANNA)
    waiting = tax.engine.floor.router.in_line("tax/main")
    assert [tax.engine.floor.calls[call].caller for call in waiting] == [ANNA, BEN, ""]
    assert states(tax)[-1] == (60, "waiting", 0)


def test_one_order_for_a_caller_is_enough(city: MakeCity) -> None:
    tax = lost_and_back(city)
    orders(tax, 60, "anna", ANNA, "a1")
    first = tax.answers["a1"].subject
    orders(tax, 61, "ben", ANNA, "a2")
    assert tax.answers["a2"].subject == first
    assert [*tax.engine.floor.callbacks] == [first]


def test_who_calls_again_himself_gets_that_place(city: MakeCity) -> None:
    tax = lost_and_back(city)
    orders(tax, 60, "anna", ANNA)
    queues(tax, 70, "anna2", ANNA)
    waiting = tax.engine.floor.router.in_line("tax/main")
    assert [tax.engine.floor.calls[call].leg for call in waiting] == ["anna2", "dora"]
    assert tax.engine.floor.callbacks == {}


@pytest.mark.parametrize(
    ("project", "number", "refusal"),
    [("gas", ANNA, "unknown"), ("tax", "", "unknown"), ("tax", "201", "unknown"), ("tax", BEN, "conflict")],
)
def test_what_cannot_be_ordered(city: MakeCity, project: str, number: str, refusal: str) -> None:
    tax = lost_and_back(city)
    queues(tax, 55, "ben2", BEN)
    tax.happens(60, CallbackOrdered("c1", project, number, ask="a1"))
    assert tax.answers["a1"].refusal == refusal


def test_what_is_due_in_that_moment_is_said_to_nobody(city: MakeCity) -> None:
    tax = city(seats=2)
    tax.waits(1, "anna")
    dies(tax, 21)  # the first telephone has rung long enough, and the second one would ring now
    assert (21, "s1: NOT_ANSWERING") not in tax.log
    assert record(tax, "anna").offers == 2

"""The caller hangs up: at any moment, once or twice."""

from __future__ import annotations

import pytest

from calls.events import DigitPressed, GuidanceFinished, LegAnswered, LegEnded, LegRang, LegsConnected
from tests.engine.city import CLOSED
from tests.engine.conftest import MakeCity

pytestmark = pytest.mark.unit


def test_in_the_middle_of_a_prompt(city: MakeCity) -> None:
    tax = city()
    tax.arrives(1, "anna")
    tax.hangs_up(3, "anna")
    tax.hears(3, "anna")
    assert tax.done(2) == []
    assert tax.life("anna", 2) == [(3, "abandoned_ivr"), (3, "CLOSED")]
    assert tax.engine.next_deadline() is None


@pytest.mark.parametrize(("number", "outcome"), [(1, "closed"), (2, "closed"), (3, "self_served")])
def test_out_of_hours_by_how_much_was_heard(city: MakeCity, number: int, outcome: str) -> None:
    tax = city(start=CLOSED)
    tax.arrives(1, "anna")
    if number > 1:
        tax.hears(2, "anna")
        tax.presses(3, "anna", "1")
    if number > 2:
        tax.hears(4, "anna")
    tax.hangs_up(5, "anna")
    assert tax.life("anna", 5) == [(5, outcome), (5, "CLOSED")]


def test_who_hangs_up_during_the_overload_guidance_was_turned_away(city: MakeCity) -> None:
    tax = city(seats=0)
    tax.waits(1, "anna")
    tax.hangs_up(2, "anna")
    assert tax.life("anna", 2) == [(2, "overflowed"), (2, "CLOSED")]


def test_waiting(city: MakeCity) -> None:
    tax = city()
    for at, caller in enumerate(("anna", "ben", "cora"), 1):
        tax.waits(at, caller)
    tax.hangs_up(5, "ben")
    tax.picks_up(6, "s1")
    tax.hangs_up(7, "anna")
    tax.time_passes(40)
    assert tax.life("ben", 5) == [(5, "abandoned_queue"), (5, "CLOSED")]
    assert tax.done(8) == [(37, "ring s1 for cora")]


def test_while_a_seat_is_rung(city: MakeCity) -> None:
    tax = city()
    tax.waits(1, "anna")
    tax.hangs_up(3, "anna")
    assert tax.done(3) == [(3, "hang up s1 (answered_elsewhere)")]
    assert tax.life("anna", 3) == [(3, "abandoned_queue"), (3, "CLOSED")]
    assert tax.life("s1", 3) == [(3, "READY")]
    assert tax.engine.next_deadline() is None


def test_between_the_answer_and_the_bridge(city: MakeCity) -> None:
    tax = city()
    tax.waits(2.5, "anna")
    tax.confirms = False
    tax.picks_up(3, "s1")
    tax.hangs_up(3, "anna")
    tax.happens(3, LegsConnected(tax.bridge("anna")))
    tax.hangs_up(4, "s1")
    assert tax.done(3) == [(3, "connect anna s1"), (3, "part anna"), (3, "hang up s1 (answered_elsewhere)")]
    assert tax.life("anna", 3) == [(3, "abandoned_queue"), (3, "CLOSED")]
    assert tax.life("s1", 3) == [(4, "READY")]
    assert tax.engine.next_deadline() is None


def test_a_second_hang_up_means_nothing(city: MakeCity) -> None:
    tax = city()
    tax.waits(1, "anna")
    tax.picks_up(2, "s1")
    tax.hangs_up(3, "anna")
    before = len(tax.log)
    tax.hangs_up(3, "anna")
    tax.hangs_up(4, "s1")
    assert tax.log[before:] == []


def test_what_is_not_known_means_nothing(city: MakeCity) -> None:
    tax = city()
    before = len(tax.log)
    tax.happens(
        1,
        LegEnded("nobody"),
        LegAnswered("nobody"),
        LegRang("nobody"),
        DigitPressed("nobody", "1"),
        GuidanceFinished("nobody.p1"),
        GuidanceFinished(""),
        LegsConnected("nobody.b1"),
    )
    assert tax.log[before:] == []


def test_the_same_arrival_told_twice_is_one_call(city: MakeCity) -> None:
    tax = city()
    tax.arrives(1, "anna")
    tax.arrives(1, "anna")
    assert len(tax.engine.floor.calls) == 1

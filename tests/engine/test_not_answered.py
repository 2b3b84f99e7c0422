"""A seat that does not take a call: the caller goes back to the head of the line, the seat may have to rest."""

from __future__ import annotations

import pytest

from calls.events import CommandFailed, LegAnswered, LegEnded, LegsConnected
from tests.engine.conftest import MakeCity

pytestmark = pytest.mark.unit


def test_ring_time_out_brings_the_caller_back_to_the_head(city: MakeCity) -> None:
    tax = city(seats=2)
    for at, caller in enumerate(("anna", "ben", "cora"), 1):
        tax.waits(at, caller)
    tax.picks_up(4, "s2")
    tax.time_passes(21)
    assert tax.done(4) == [
        (4, "no music to ben"),
        (4, "connect ben s2"),
        (4, "record ben"),
        (21, "hang up s1 (no_answer)"),
        (21, "ring s1 for anna"),  # its one miss does not rest it: the oldest caller again, not cora
    ]
    assert tax.life("anna", 5) == [(21, "QUEUED"), (21, "RINGING")]


def test_the_place_is_kept_before_those_who_came_later(city: MakeCity) -> None:
    tax = city(seats=2, queue={"misses": 1})
    for at, caller in enumerate(("anna", "ben", "cora"), 1):
        tax.waits(at, caller)
    tax.picks_up(4, "s2")
    tax.time_passes(21)
    assert tax.engine.floor.router.in_line("tax/main") == [
        call.id for call in tax.engine.floor.calls.values() if call.leg in ("anna", "cora")
    ]
    tax.hangs_up(40, "ben")
    tax.time_passes(70)
    assert tax.done(70) == [(70, "ring s2 for anna")]


def test_two_misses_in_a_row_put_a_seat_to_rest(city: MakeCity) -> None:
    tax = city()
    tax.waits(1, "anna")
    tax.time_passes(101)
    assert tax.done(20) == [
        (21, "hang up s1 (no_answer)"),
        (21, "ring s1 for anna"),
        (41, "hang up s1 (no_answer)"),
        (101, "ring s1 for anna"),
    ]
    assert tax.life("s1", 2) == [(41, "NOT_ANSWERING"), (101, "RINGING")]


def test_an_answer_between_two_misses_keeps_a_seat_in_rotation(city: MakeCity) -> None:
    tax = city(queue={"wrapup_s": 0})
    tax.waits(1, "anna")
    tax.time_passes(21)
    tax.picks_up(22, "s1")
    tax.hangs_up(30, "anna")
    tax.waits(31, "ben")
    tax.time_passes(51)
    assert tax.done(51) == [(51, "hang up s1 (no_answer)"), (51, "ring s1 for ben")]


@pytest.mark.parametrize("cause", [17, 21, 16, 38])
def test_a_telephone_that_is_busy_or_refuses_has_missed_the_call(city: MakeCity, cause: int) -> None:
    tax = city(seats=2)
    tax.waits(1, "anna")
    tax.hangs_up(1.5, "s1", cause)
    assert tax.done(1.5) == [(1.5, "ring s2 for anna")]
    assert tax.life("s1", 1.5) == [(1.5, "READY")]


def test_a_telephone_that_cannot_be_rung(city: MakeCity) -> None:
    tax = city()
    tax.waits(1, "anna")
    tax.happens(1, CommandFailed("RingSeat", tax.leg("s1"), 500))
    tax.happens(1, CommandFailed("RingSeat", tax.leg("s1"), 0))
    assert tax.done(1)[2:] == [(1, "ring s1 for anna"), (1, "music to anna"), (1, "ring s1 for anna")]
    assert tax.life("s1", 1) == [(1, "RINGING"), (1, "NOT_ANSWERING")]


def test_the_operator_answers_and_drops_at_once(city: MakeCity) -> None:
    tax = city(seats=2)
    tax.waits(2.5, "anna")
    tax.confirms = False
    tax.picks_up(3, "s1")
    tax.hangs_up(3, "s1")
    tax.happens(3, LegsConnected(tax.bridge("anna")))  # comes late and means nothing any more
    assert tax.done(3) == [(3, "connect anna s1"), (3, "part anna"), (3, "ring s2 for anna")]
    assert tax.life("anna", 3) == [(3, "QUEUED"), (3, "RINGING")]


def test_the_operator_answers_in_the_moment_of_the_time_out(city: MakeCity) -> None:
    tax = city(seats=2)
    tax.waits(1, "anna")
    tax.confirms = False
    first = tax.leg("s1")
    tax.time_passes(21)
    tax.happens(21, LegAnswered(first))
    assert tax.done(20) == [(21, "hang up s1 (no_answer)"), (21, "ring s2 for anna")]
    tax.happens(22, LegEnded(first))
    assert tax.life("s1", 20) == [(22, "READY")]


def test_the_time_out_in_the_moment_of_the_answer(city: MakeCity) -> None:
    tax = city()
    tax.waits(1, "anna")
    tax.picks_up(21, "s1")  # the deadline was earlier: it comes first, though nothing happened in between
    assert tax.done(20)[0] == (21, "hang up s1 (no_answer)")


def test_a_caller_who_waits_hears_music_once(city: MakeCity) -> None:
    tax = city()
    tax.waits(1, "anna")
    tax.time_passes(45)
    assert [what for _, what in tax.done() if "music" in what] == ["music to anna"]
    tax.time_passes(101)
    tax.picks_up(102, "s1")
    assert tax.done(102) == [(102, "no music to anna"), (102, "connect anna s1"), (102, "record anna")]

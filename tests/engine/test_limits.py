"""Full lines, long waits, nobody there, no line free, nobody's number."""

from __future__ import annotations

import pytest

from tests.engine.city import City, centre
from tests.engine.conftest import MakeCity

pytestmark = pytest.mark.unit


def test_too_long_a_wait(city: MakeCity) -> None:
    tax = city(queue={"max_wait_s": 15, "wrapup_s": 0})
    tax.waits(1, "anna")
    tax.picks_up(2, "s1")
    tax.waits(3, "ben")
    tax.time_passes(18)
    tax.hears(25, "ben")
    assert tax.done(3)[2:] == [
        (3, "music to ben"),
        (18, "no music to ben"),
        (18, "play busy to ben"),
        (25, "hang up ben"),
    ]
    assert tax.life("ben", 4) == [(18, "IVR"), (25, "timed_out"), (25, "CLOSED")]


def test_who_is_being_offered_is_not_taken_away(city: MakeCity) -> None:
    tax = city(queue={"max_wait_s": 15})
    tax.waits(1, "anna")
    tax.picks_up(20, "s1")
    assert tax.life("anna", 20) == [(20, "answered"), (20, "TALKING")]


def test_too_long_a_wait_while_ringing_counts_once_that_has_failed(city: MakeCity) -> None:
    tax = city(seats=2, queue={"max_wait_s": 15})
    tax.waits(1, "anna")
    tax.time_passes(21)
    assert tax.done(3) == [
        (21, "hang up s1 (no_answer)"),
        (21, "no music to anna"),
        (21, "play busy to anna"),
    ]
    assert tax.life("anna", 2) == [(21, "QUEUED"), (21, "IVR")]


def test_a_line_that_is_full(city: MakeCity) -> None:
    tax = city(queue={"max_waiting": 1})
    for at, caller in enumerate(("anna", "ben", "cora"), 1):
        tax.waits(at, caller)
    assert tax.done(3)[2:] == [(3, "play busy to cora")]
    tax.hears(9, "cora")
    assert tax.life("cora", 9) == [(9, "overflowed"), (9, "CLOSED")]


def test_a_line_without_any_place_still_serves_who_finds_a_free_seat(city: MakeCity) -> None:
    tax = city(queue={"max_waiting": 0})
    tax.waits(1, "anna")
    tax.waits(1.5, "ben")
    assert tax.done(1)[2] == (1, "ring s1 for anna")
    assert tax.done(1.5)[2:] == [(1.5, "play busy to ben")]


def test_who_comes_back_from_a_seat_is_not_turned_away_by_a_full_line(city: MakeCity) -> None:
    tax = city(queue={"max_waiting": 1, "misses": 1})
    tax.waits(1, "anna")
    tax.waits(2, "ben")
    tax.time_passes(21)
    assert tax.engine.floor.router.in_line("tax/main") == list(tax.engine.floor.calls)


def test_nobody_there(city: MakeCity) -> None:
    tax = city(seats=0)
    tax.waits(1, "anna")
    tax.hears(9, "anna")
    assert tax.done(1)[2:] == [(1, "play nobody to anna"), (9, "hang up anna")]
    assert tax.life("anna", 9) == [(9, "overflowed"), (9, "CLOSED")]


def test_all_lines_taken() -> None:
    tax = City(centre(lines=1))
    tax.arrives(1, "anna")
    tax.arrives(2, "ben")
    assert tax.done(2) == [(2, "hang up ben (busy)")]
    assert tax.life("ben") == [(2, "blocked"), (2, "CLOSED")]
    tax.hangs_up(3, "anna")
    tax.arrives(4, "cora")
    assert tax.done(4) == [(4, "answer cora"), (4, "play notice to cora")]
    tax.check()


def test_a_line_is_free_again_when_the_conversation_ends_and_not_after_the_record() -> None:
    tax = City(centre(lines=1))
    tax.waits(1, "anna")
    tax.picks_up(2, "s1")
    tax.hangs_up(3, "s1")
    tax.arrives(4, "ben")
    assert tax.life("ben") == [(4, "IVR")]
    tax.check()


def test_nobodys_number(city: MakeCity) -> None:
    tax = city()
    tax.arrives(1, "anna", "0312345678")
    assert tax.done() == [(1, "hang up anna (unknown_number)")]
    assert tax.life("anna") == [(1, "blocked"), (1, "CLOSED")]
    assert not tax.engine.floor.calls


def test_however_many_are_turned_away_each_is_told(city: MakeCity) -> None:
    tax = city(seats=0)
    for number in range(100):
        tax.waits(number, f"caller{number}")
    assert sum(what.startswith("play nobody to") for _, what in tax.done()) == 100

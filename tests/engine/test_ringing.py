"""What the caller hears while a seat's telephone rings: a moment of silence, then music."""

from __future__ import annotations

import pytest

from tests.engine.conftest import MakeCity

pytestmark = pytest.mark.unit


def test_who_is_answered_at_once_hears_no_music(city: MakeCity) -> None:
    tax = city()
    tax.waits(1, "anna")
    tax.picks_up(1.75, "s1")
    tax.time_passes(30)
    assert tax.done(1)[2:] == [(1, "ring s1 for anna"), (1.75, "connect anna s1"), (1.75, "record anna")]


def test_music_after_a_moment_and_the_ring_time_out_is_where_it_was(city: MakeCity) -> None:
    tax = city(seats=2)
    tax.waits(1, "anna")
    tax.time_passes(21)
    assert tax.done(1)[2:] == [
        (1, "ring s1 for anna"),
        (2, "music to anna"),
        (21, "hang up s1 (no_answer)"),
        (21, "ring s2 for anna"),
    ]


def test_who_hears_music_already_goes_on_hearing_it(city: MakeCity) -> None:
    tax = city(queue={"wrapup_s": 0})
    tax.waits(1, "anna")
    tax.picks_up(1.5, "s1")
    tax.waits(2, "ben")
    tax.hangs_up(10, "anna")
    tax.time_passes(30)
    assert tax.done(2)[2:] == [
        (2, "music to ben"),
        (10, "part anna"),
        (10, "hang up s1"),
        (10, "ring s1 for ben"),
        (30, "hang up s1 (no_answer)"),
        (30, "ring s1 for ben"),
    ]


@pytest.mark.parametrize("ring_s", [0.5, 1.0])
def test_who_may_only_ring_for_a_moment_rings_in_silence(city: MakeCity, ring_s: float) -> None:
    tax = city(queue={"ring_timeout_s": ring_s, "misses": 1})
    tax.waits(1, "anna")
    tax.time_passes(1 + ring_s)
    assert tax.done(1.1) == [(1 + ring_s, "hang up s1 (no_answer)"), (1 + ring_s, "music to anna")]


def test_who_hangs_up_in_the_silence_leaves_nothing_behind(city: MakeCity) -> None:
    tax = city()
    tax.waits(1, "anna")
    tax.hangs_up(1.5, "anna")
    assert tax.done(1.5) == [(1.5, "hang up s1 (answered_elsewhere)")]
    assert tax.engine.next_deadline() is None

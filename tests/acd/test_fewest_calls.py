from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from acd.policies.fewest_calls import FewestCalls
from acd.seat import Seat
from tests.acd.seats import freed, in_turn, seats

pytestmark = pytest.mark.unit


def test_the_seat_that_has_answered_the_fewest() -> None:
    s1, s2, s3 = seats("s1", "s2", "s3")
    s1.answered, s2.answered, s3.answered = 5, 2, 9
    free = FewestCalls()
    freed(free, s1, s2, s3)
    assert in_turn(free) == ["s2", "s1", "s3"]


def test_among_equals_the_one_that_is_free_for_the_longest_time() -> None:
    s1, s2, s3 = seats("s1", "s2", "s3")
    free = FewestCalls()
    freed(free, s3, s1, s2)
    assert in_turn(free) == ["s3", "s1", "s2"]


def test_a_seat_that_is_counted_anew_while_it_is_free_is_found_again() -> None:
    s1, s2 = seats("s1", "s2")
    s1.answered = 7
    free = FewestCalls()
    freed(free, s1, s2)
    s1.answered = 0
    free.remove(s1)
    assert (s1 in free, s2 in free, len(free), in_turn(free)) == (False, True, 1, ["s2"])


def test_nobody_free() -> None:
    free = FewestCalls()
    free.remove(seats("s1")[0])
    assert (free.pick(), len(free)) == (None, 0)


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 5))))
def test_it_is_the_smallest_of_a_list(steps: list[tuple[int, int]]) -> None:
    found = seats("s1", "s2", "s3", "s4")
    free, model = FewestCalls(), list[Seat]()
    for turn, (index, answered) in enumerate(steps):
        seat = found[index]
        if seat in model:
            free.remove(seat)
            model.remove(seat)
        else:
            seat.answered, seat.turn = answered, turn
            free.add(seat)
            model.append(seat)
        assert free.pick() is min(model, key=lambda seat: (seat.answered, seat.turn), default=None)

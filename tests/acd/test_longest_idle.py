from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from acd.policies.longest_idle import LongestIdle
from acd.seat import Seat
from tests.acd.seats import freed, in_turn, seats

pytestmark = pytest.mark.unit


def test_the_seat_that_is_free_for_the_longest_time() -> None:
    s1, s2, s3 = seats("s1", "s2", "s3")
    free = LongestIdle()
    freed(free, s1, s2, s3)
    free.remove(s1)
    assert free.pick() is s2
    free.add(s1)
    free.remove(s2)
    assert (free.pick(), len(free), s1 in free, s2 in free) == (s3, 2, True, False)
    assert in_turn(free) == ["s3", "s1"]


def test_nobody_free() -> None:
    free = LongestIdle()
    free.remove(seats("s1")[0])
    assert (free.pick(), len(free)) == (None, 0)


@given(st.lists(st.integers(0, 3)))
def test_it_is_a_list_in_order_of_becoming_free(steps: list[int]) -> None:
    found = seats("s1", "s2", "s3", "s4")
    free, model = LongestIdle(), list[Seat]()
    for seat in (found[step] for step in steps):
        if seat in model:
            free.remove(seat)
            model.remove(seat)
        else:
            free.add(seat)
            model.append(seat)
        assert (free.pick(), len(free)) == (model[0] if model else None, len(model))

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from acd.policies.longest_idle import LongestIdle

pytestmark = pytest.mark.unit


def test_the_seat_that_is_free_for_the_longest_time() -> None:
    free = LongestIdle()
    for seat in ("s1", "s2", "s3"):
        free.add(seat)
    free.remove("s1")
    assert free.pick() == "s2"
    free.add("s1")
    free.remove("s2")
    assert (free.pick(), len(free)) == ("s3", 2)


def test_nobody_free() -> None:
    free = LongestIdle()
    free.remove("s1")
    assert (free.pick(), len(free)) == (None, 0)


@settings(deadline=None)
@given(st.lists(st.sampled_from(["s1", "s2", "s3", "s4"])))
def test_it_is_a_list_in_order_of_becoming_free(seats: list[str]) -> None:
    free, model = LongestIdle(), list[str]()
    for seat in seats:
        if seat in model:
            free.remove(seat)
            model.remove(seat)
        else:
            free.add(seat)
            model.append(seat)
        assert (free.pick(), len(free)) == (model[0] if model else None, len(model))

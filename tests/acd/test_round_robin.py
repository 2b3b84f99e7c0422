from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from acd.policies.round_robin import RoundRobin
from tests.acd.seats import freed, in_turn, seats

pytestmark = pytest.mark.unit


def test_the_order_of_the_seats_whoever_became_free_first() -> None:
    s1, s2, s3 = seats("s1", "s2", "s3")
    free = RoundRobin()
    freed(free, s3, s1, s2)
    assert in_turn(free) == ["s1", "s2", "s3"]


def test_the_round_goes_on_behind_the_seat_picked_last() -> None:
    s1, s2, s3 = seats("s1", "s2", "s3")
    free = RoundRobin()
    freed(free, s1, s2)
    assert in_turn(free) == ["s1", "s2"]
    freed(free, s1, s3)
    assert in_turn(free) == ["s3", "s1"]


def test_nobody_free() -> None:
    free = RoundRobin()
    free.remove(seats("s1")[0])
    assert (free.pick(), len(free)) == (None, 0)


@given(st.lists(st.tuples(st.integers(0, 3), st.booleans())))
def test_everybody_gets_as_many_calls_while_all_are_free(steps: list[tuple[int, bool]]) -> None:
    found = seats("s1", "s2", "s3", "s4")
    free, model, last = RoundRobin(), set[int](), -1
    for index, picks in steps:
        if picks:
            wanted = min((order for order in model), key=lambda order: (order <= last, order), default=None)
            seat = free.pick()
            assert (None if seat is None else seat.order) == wanted
            last = last if wanted is None else wanted
        elif index in model:
            free.remove(found[index])
            model.remove(index)
        else:
            free.add(found[index])
            model.add(index)
        assert [seat in free for seat in found] == [seat.order in model for seat in found]

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from acd.line import SLACK, Place, WaitingLine

pytestmark = pytest.mark.unit

CALLS = ["a", "b", "c", "d", "e"]


def test_first_come_first_served_and_priority_before_that() -> None:
    line = WaitingLine()
    for place in (Place(0, 1, "a"), Place(0, 2, "b"), Place(-5, 3, "vip")):
        line.join(place)
    assert line.in_order() == ["vip", "a", "b"]
    assert line.head() == Place(-5, 3, "vip")
    assert (len(line), "a" in line, "x" in line) == (3, True, False)


def test_who_comes_back_with_his_place_is_the_head_again() -> None:
    line = WaitingLine()
    line.join(Place(0, 1, "a"))
    line.join(Place(0, 2, "b"))
    line.leave("a")
    assert line.head() == Place(0, 2, "b")
    line.join(Place(0, 1, "a"))
    assert line.head() == Place(0, 1, "a")


def test_leaving_twice_or_without_being_there_changes_nothing() -> None:
    line = WaitingLine()
    line.leave("a")
    line.join(Place(0, 1, "a"))
    line.leave("a")
    line.leave("a")
    assert (len(line), line.head(), line.in_order()) == (0, None, [])


steps = st.lists(
    st.tuples(st.sampled_from(["join", "leave", "serve"]), st.sampled_from(CALLS), st.integers(-2, 2))
)


@settings(deadline=None)
@given(steps)
def test_it_is_a_sorted_list(steps: list[tuple[str, str, int]]) -> None:
    line, model, kept = WaitingLine(), dict[str, Place](), dict[str, Place]()
    for number, (step, call, rank) in enumerate(steps):
        if step == "join" and call not in model:
            model[call] = kept.setdefault(call, Place(rank, number, call))  # who returns has his place
            line.join(model[call])
        elif step == "leave":
            model.pop(call, None)
            line.leave(call)
        elif step == "serve" and (head := line.head()) is not None:
            assert head == min(model.values())
            del model[head.call]
            line.leave(head.call)
        assert line.in_order() == [place.call for place in sorted(model.values())]
        assert (line.head(), len(line)) == (min(model.values(), default=None), len(model))


def test_who_has_left_is_not_kept_for_ever() -> None:
    line = WaitingLine()
    line.join(Place(0, 0, "first"))
    for number in range(1, 10 * SLACK):
        line.join(Place(number % 2, number, str(number)))
        line.leave(str(number))
    assert len(line._behind) + len(line._between) <= 2 + SLACK + 1
    assert (line.in_order(), line.head()) == (["first"], Place(0, 0, "first"))

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from calls.events import DigitPressed, TimePassed
from sim.clock import FEW, Clock

pytestmark = pytest.mark.unit


def key(name: object) -> DigitPressed:
    return DigitPressed("L1", str(name))


def never() -> None:
    """No deadline."""


def drain(clock: Clock) -> list[tuple[float, str]]:
    seen = []
    while (event := clock.next(never)) is not None:
        assert isinstance(event, DigitPressed)
        seen.append((clock.now, event.digit))
    return seen


def test_equal_times_happen_in_the_order_of_planning() -> None:
    clock = Clock(0.0)
    for name in "cab":
        clock.at(5.0, key(name))
    clock.at(1.0, key("x"))
    assert drain(clock) == [(1.0, "x"), (5.0, "c"), (5.0, "a"), (5.0, "b")]


def test_at_once_stands_behind_what_was_planned_earlier_for_the_same_moment() -> None:
    clock = Clock(0.0)
    clock.at(5.0, key("first"))
    clock.at(5.0, key("second"))
    clock.next(never)
    clock.at_once(key("third"))
    clock.at(5.0, key("planned now, in the heap"))
    assert [name for _, name in drain(clock)] == ["second", "third", "planned now, in the heap"]


def test_what_was_called_off_for_this_moment_keeps_nothing_back() -> None:
    clock = Clock(0.0)
    clock.at(5.0, key("first"))
    off = clock.at(5.0, key("called off"))
    clock.at(9.0, key("later"))
    clock.next(never)
    Clock.call_off(off)
    Clock.call_off(clock.at(5.0, key("called off as well")))
    clock.at_once(key("now"))
    assert drain(clock) == [(5.0, "now"), (9.0, "later")]


def test_what_is_called_off_does_not_happen() -> None:
    clock = Clock(0.0)
    plan = clock.at(1.0, key("a"))
    clock.at(2.0, key("b"))
    Clock.call_off(plan)
    Clock.call_off(plan)
    Clock.call_off(None)
    assert drain(clock) == [(2.0, "b")]


def test_what_is_called_off_does_not_fill_the_memory() -> None:
    clock = Clock(0.0)
    for number in range(10 * FEW):
        plan = clock.at(1e6 + number, key(number))
        if number % 100:
            Clock.call_off(plan)
    assert len(clock) < 2 * FEW
    assert [int(name) for _, name in drain(clock)] == list(range(0, 10 * FEW, 100))


def test_a_nearer_deadline_comes_first_and_an_equal_one_does_not() -> None:
    clock = Clock(0.0)
    clock.at(2.0, key("a"))
    assert clock.next(lambda: 1.5) == TimePassed()
    assert clock.now == 1.5
    assert clock.next(lambda: 2.0) == key("a")
    assert clock.next(lambda: 9.0) == TimePassed()
    assert clock.now == 9.0
    assert clock.next(never) is None


@given(st.lists(st.integers(0, 3)))
def test_any_plan_comes_out_sorted_by_time_then_number(times: list[int]) -> None:
    clock = Clock(0.0)
    for number, time in enumerate(times):
        clock.at(float(time), key(number))
    assert drain(clock) == sorted(
        ((float(t), str(n)) for n, t in enumerate(times)), key=lambda x: (x[0], int(x[1]))
    )

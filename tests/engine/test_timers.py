from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.timers import Timer, Timers

pytestmark = pytest.mark.unit


def test_equal_times_fire_in_the_order_of_setting() -> None:
    timers = Timers()
    for subject in ("c", "a", "b"):
        timers.set(5.0, "ring", subject)
    timers.set(4.0, "wait", "d")
    fired = [timers.pop_due(5.0) for _ in range(5)]
    assert fired == [("wait", "d"), ("ring", "c"), ("ring", "a"), ("ring", "b"), None]


def test_nothing_is_due_before_its_time() -> None:
    timers = Timers()
    timers.set(5.0, "ring", "a")
    assert (timers.pop_due(4.999), timers.next_at(), len(timers)) == (None, 5.0, 1)
    assert timers.pop_due(5.0) == ("ring", "a")
    assert (timers.next_at(), len(timers)) == (None, 0)


def test_cancelling_twice_and_after_firing_changes_nothing() -> None:
    timers = Timers()
    first, second = timers.set(1.0, "ring", "a"), timers.set(2.0, "ring", "b")
    timers.cancel(None)
    timers.cancel(first)
    timers.cancel(first)
    assert (timers.pop_due(9.0), len(timers)) == (("ring", "b"), 0)
    timers.cancel(second)
    assert len(timers) == 0


steps = st.lists(
    st.tuples(st.sampled_from(["set", "set", "set", "cancel", "pop"]), st.integers(0, 20)), max_size=300
)


@settings(deadline=None)
@given(steps)
def test_they_are_a_sorted_list(steps: list[tuple[str, int]]) -> None:
    timers, model, made = Timers(), list[tuple[float, int]](), list[Timer]()
    for step, number in steps:
        if step == "set":
            made.append(timers.set(float(number), "ring", str(len(made))))
            model.append((float(number), len(made) - 1))
        elif step == "cancel" and made:
            timers.cancel(made[number % len(made)])
            model = [item for item in model if item[1] != number % len(made)]
        elif step == "pop":
            due = min((item for item in model if item[0] <= number), default=None)
            assert timers.pop_due(number) == (("ring", str(due[1])) if due else None)
            model = [item for item in model if item != due]
        assert (len(timers), timers.next_at()) == (len(model), min(model)[0] if model else None)
    assert len(timers._heap) <= max(64, 2 * len(model) + 1)

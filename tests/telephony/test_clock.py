"""The engine's clock runs on when somebody sets the one on the wall."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from telephony.clock import STEP_S, SteadyClock

pytestmark = pytest.mark.unit

HOUR = 3600.0


class Machine:
    """A machine whose clock can be set."""

    def __init__(self) -> None:
        self.steady, self.set_by = 100.0, 1_000_000.0

    def wall(self) -> float:
        return self.steady + self.set_by

    def clock(self, not_before: float = 0.0) -> SteadyClock:
        return SteadyClock(not_before, self.wall, lambda: self.steady)


@pytest.mark.parametrize("hour", [HOUR, -HOUR])
def test_a_clock_that_is_set_by_an_hour(hour: float) -> None:
    machine = Machine()
    clock = machine.clock()
    machine.steady += 10
    assert not clock.stepped()
    machine.set_by += hour
    machine.steady += 5
    assert clock.stepped()
    assert clock() == 1_000_115.0
    assert clock.offset == pytest.approx(hour)
    assert not clock.stepped()
    machine.set_by -= hour
    assert clock.stepped()
    assert clock.offset == 0.0


def test_it_does_not_go_back_behind_an_earlier_life() -> None:
    machine = Machine()
    clock = machine.clock(not_before=machine.wall() + HOUR)
    assert clock() == machine.wall() + HOUR
    assert clock.stepped()
    assert clock.offset == pytest.approx(-HOUR)


@given(st.lists(st.tuples(st.floats(0, 100), st.floats(-1e5, 1e5)), max_size=20))
def test_whatever_is_set_it_runs_and_wall_time_is_known(moves: list[tuple[float, float]]) -> None:
    machine = Machine()
    clock, before = machine.clock(), 0.0
    for runs, sets in moves:
        machine.steady += runs
        machine.set_by += sets
        clock.stepped()
        assert clock() >= before
        assert abs(clock() + clock.offset - machine.wall()) <= STEP_S
        before = clock()

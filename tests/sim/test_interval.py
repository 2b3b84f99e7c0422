from __future__ import annotations

import json
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.many.interval import Interval, interval, student_t, student_t_share

pytestmark = pytest.mark.unit

# The usual table, to nine decimals (computed to thirty digits elsewhere).
TABLE = {
    (0.975, 1): 12.706204736,
    (0.975, 2): 4.302652730,
    (0.975, 3): 3.182446305,
    (0.975, 4): 2.776445105,
    (0.975, 9): 2.262157163,
    (0.975, 30): 2.042272456,
    (0.975, 199): 1.971956544,
    (0.975, 1000): 1.962339081,
    (0.995, 5): 4.032142984,
    (0.95, 10): 1.812461123,
    (0.75, 2): 0.816496581,
}


@pytest.mark.parametrize(("p", "df"), TABLE)
def test_the_quantiles_are_those_of_the_table(p: float, df: int) -> None:
    assert student_t(p, df) == pytest.approx(TABLE[p, df], abs=1e-9)
    assert student_t(1 - p, df) == pytest.approx(-TABLE[p, df], abs=1e-9)


def test_with_many_degrees_of_freedom_it_is_the_normal_distribution() -> None:
    assert student_t(0.975, 100_000) == pytest.approx(1.959963985, abs=3e-5)


@given(st.floats(0.001, 0.999), st.integers(1, 300))
def test_the_quantile_and_the_distribution_undo_each_other(p: float, df: int) -> None:
    assert student_t_share(student_t(p, df), df) == pytest.approx(p, abs=1e-10)


@pytest.mark.parametrize(("p", "df"), [(0.0, 3), (1.0, 3), (0.5, 0)])
def test_there_is_no_such_quantile(p: float, df: int) -> None:
    with pytest.raises(ValueError, match="no quantile"):
        student_t(p, df)


def test_the_interval_of_three_values() -> None:
    found = interval([1.0, 2.0, 3.0])
    half = 4.302652730 / math.sqrt(3)
    assert found == pytest.approx(Interval(2.0, half, 2.0 - half, 2.0 + half, 3), abs=1e-8)
    assert interval([1.0, 2.0, 3.0], level=0.5).half_width == pytest.approx(0.816496581 / math.sqrt(3))


def test_of_one_value_the_width_is_not_known_and_of_none_there_is_no_mean() -> None:
    alone = interval([5.0])
    assert (alone.mean, alone.half_width, alone.times) == (5.0, math.inf, 1)
    assert json.loads(json.dumps(alone.told(), allow_nan=False))["half_width"] is None
    with pytest.raises(ValueError, match="no value"):
        interval([])


def test_on_which_side_it_lies() -> None:
    found = interval([0.91, 0.92, 0.93])
    assert found.low > 0.89
    assert found.lies_beside(0.89)
    assert found.lies_beside(found.low)
    assert not found.lies_beside(0.92)
    assert found.lies_beside(0.96)

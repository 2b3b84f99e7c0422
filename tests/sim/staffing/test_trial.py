from __future__ import annotations

import math
from typing import Any

import pytest

from sim.staffing.trial import half_hour_rates, period_rates, result, share_interval, sure, trial

pytestmark = pytest.mark.unit


def month(rate: float | None, days: list[tuple[int, int]], talk: float = 300.0) -> dict[str, Any]:
    return {
        "periods": [{"period": "2026-05", "rate": rate, "counted": sum(n for _, n in days)}],
        "days": [{"date": f"2026-05-{7 + d:02d}", "kept": k, "counted": n} for d, (k, n) in enumerate(days)],
        "half_hours": [{"from": "09:00", "kept": k, "counted": n} for k, n in days],
        "mean_talk": talk,
    }


def alike(_: str) -> str:
    return "every day"


def may(_: str) -> str:
    return "2026-05"


def test_a_month_in_which_nobody_counts_has_broken_nothing() -> None:
    months = [month(None, []), month(0.5, [(5, 10)])]
    assert period_rates(months, "2026-05") == [1.0, 0.5]
    assert period_rates(months, "2026-06") == [1.0, 1.0]
    assert result(months, "2026-06", 0.9).met_share == 1.0
    assert trial([months[0]] * 2, "2026-05", may, alike) == (1.0, 0.0)


def test_the_days_of_few_months_tell_how_far_months_are_apart() -> None:
    # Four days with 8, 6, 10 and 8 of 10 kept: about 0.8 each, residuals 0, -2, 2, 0; 8 / 3 the variance of one.
    months = [month(0.7, [(8, 10), (6, 10)]), month(0.9, [(10, 10), (8, 10)])]
    found = trial(months, "2026-05", may, alike)
    assert found.mean == pytest.approx(0.8)
    assert found.sd == pytest.approx(math.sqrt(2 * 8 / 3) / 20)
    # A day that is like no other is as far off as if each call were lost by itself.
    (alone,) = [month(0.5, [(5, 10)])]
    assert trial([alone], "2026-05", may, alike).sd == pytest.approx(math.sqrt(0.25 * 10) / 10)


def test_many_months_are_measured_themselves() -> None:
    months = [month(0.8 + 0.01 * (number % 2), [(8, 10)]) for number in range(10)]
    found = trial(months, "2026-05", may, alike)
    assert found.mean == pytest.approx(0.805)
    assert found.sd == pytest.approx(0.005 * math.sqrt(10 / 9))
    assert sure(period_rates(months, "2026-05"), 2.0) == pytest.approx(0.805 - 2 * found.sd)


def test_luck_is_taken_out_of_the_mean() -> None:
    months = [month(0.8, [(8, 10)]), month(0.9, [(9, 10)])]
    assert trial(months, "2026-05", may, alike, luck=lambda m: 0.1 if m is months[1] else 0.0).mean == (
        pytest.approx(0.8)
    )


def test_the_share_of_months_has_its_interval() -> None:
    # Wilson's example values: 18 of 20.
    low, high = share_interval(18, 20)
    assert (round(low, 3), round(high, 3)) == (0.699, 0.972)
    assert share_interval(0, 5)[0] == 0.0
    assert share_interval(5, 5)[1] == 1.0
    found = result([month(0.9, [(9, 10)])] * 18 + [month(0.7, [(7, 10)])] * 2, "2026-05", 0.8)
    assert (found.met_share, found.promise) == (0.9, 0.8)
    assert found.rate.mean == pytest.approx(0.88)


def test_half_hours_are_added_up_over_days_and_months() -> None:
    assert half_hour_rates([month(0.7, [(8, 10), (6, 10)]), month(0.9, [(10, 10)])]) == {"09:00": (24, 30)}

from __future__ import annotations

import itertools
from statistics import fmean, variance

import pytest

from sim.erlang import erlang_a
from sim.staffing.allocation import Allocation, Kind, count
from sim.staffing.search import Wish
from sim.staffing.service import Service
from sim.staffing.staff import Staffing, dated, engine, staffing
from tests.sim.scenarios import bare

pytestmark = pytest.mark.theory

TALK, PATIENCE = 300.0, 120.0


def fewest(per_hour: float, share: float) -> int:
    """The fewest seats that answer a share of a steady line's callers, one after the other tried."""
    return next(
        seats
        for seats in itertools.count(1)
        if 1 - erlang_a(seats, per_hour / 3600, TALK, PATIENCE).abandoned >= share
    )


@pytest.mark.parametrize("per_hour", [6.0, 60.0, 400.0])
@pytest.mark.parametrize("share", [0.6, 0.8, 0.9, 0.97])
def test_a_steady_day_needs_what_brute_force_finds(per_hour: float, share: float) -> None:
    kinds = count(Kind(minute, per_hour / 2, 30) for minute in range(0, 1440, 30))
    allocation = Allocation(kinds, Service(TALK, PATIENCE), floor=0.0)
    step = allocation.step_for(share)
    assert step is not None
    needed = fewest(per_hour, share)
    # The last seat goes to as many half-hours as it takes, not to all of them.
    assert set(allocation.seats(step).values()) <= {needed - 1, needed}
    assert needed in allocation.seats(step).values()
    assert Allocation(kinds, Service(TALK, PATIENCE), floor=share).least == dict.fromkeys(kinds, needed)


@pytest.fixture(scope="module")
def steady_day() -> Staffing:
    """A bare queue with exponential talks and patience is M/M/c+M: nothing is to be corrected, but for chance."""
    scenario = dated(bare(calls=1440, arrivals={"per_hour": 60}, promise=0.85))
    return staffing(scenario, Wish(probability=0.5, floor=0.8, times=20), engine(1))


def test_the_engine_needs_what_the_formula_says_on_a_steady_day(steady_day: Staffing) -> None:
    (period,) = steady_day.search.periods.values()
    (result,) = steady_day.checked.results
    assert steady_day.checked.met
    predicted = period.allocation.rate(period.step)
    error = result.rate.half_width / 2.093  # Student's t for 20 months
    assert abs(result.rate.mean - predicted) < 3 * error + 0.002  # the day begins with an empty line
    needed = fewest(60.0, 0.85)
    assert set(steady_day.plan.values()) <= {needed - 1, needed, needed + 1}


def test_what_is_known_of_a_months_load_steadies_its_rate(steady_day: Staffing) -> None:
    (period,) = steady_day.search.periods.values()
    luck = steady_day.search.luck(period)
    rates = [summary["answer_rate"] for summary in steady_day.checked.summaries]
    steadied = [
        rate - luck(summary) for rate, summary in zip(rates, steady_day.checked.summaries, strict=True)
    ]
    assert variance(steadied) < 0.4 * variance(rates)
    error = (variance(steadied) / len(steadied)) ** 0.5
    assert abs(fmean(steadied) - period.allocation.rate(period.step)) < 3 * error + 0.002

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest

from calls.promise import Promise
from sim.scenario import Scenario
from sim.staffing.need import Need
from sim.staffing.pilot import Pilot
from sim.staffing.quick import Quick, manner
from sim.staffing.search import Checked, Search, Wish
from sim.staffing.service import Service
from sim.staffing.staff import needed
from sim.staffing.trial import PeriodTrial
from sim.world import build
from tests.sim.scenarios import tax_day
from tests.sim.staffing.pretended import Pretended

pytestmark = pytest.mark.unit

SERVICE = Service(hold=380.0, patience=90.0, most_waiting=60)
WANTING = 0.95
PROMISE = Promise(value=0.9, period="year", months={5: 0.8})
CALLS = {"09:00": 80.0, "12:00": 60.0, "16:30": 90.0}


def month(**changes: Any) -> Scenario:
    return tax_day(**{"to": "2026-05-12", "arrivals": {"by_half_hour": CALLS}} | changes)


def searched(scenario: Scenario, pretended: Pretended, wish: Wish) -> tuple[Search, Checked]:
    need: Need = needed(build(scenario))
    tried = Pilot(SERVICE, WANTING, 300.0, 80.0, {}, {}, Counter())
    search = Search(scenario, need, tried, PROMISE, wish, pretended)
    return search, search.run()


@pytest.mark.parametrize("worse", [0.7, 1.0, 1.4])
@pytest.mark.parametrize("probability", [0.5, 0.9, 0.95])
def test_the_promise_holds_as_surely_as_wished_with_hardly_a_seat_too_many(
    worse: float, probability: float
) -> None:
    pretended = Pretended(SERVICE, WANTING, worse)
    search, checked = searched(month(), pretended, Wish(probability, times=40))
    (result,) = checked.results
    assert checked.met
    assert result.met_share >= probability
    # By the pretended truth: the mean lies the wished part of a standard deviation (and the guard) above the promise.
    assert 0.8 <= result.rate.mean < 0.8 + 0.004 * (search.wish.z + 1) + 0.01
    hours = search.periods["2026-05"].allocation.seat_hours(search.periods["2026-05"].step)
    assert hours == pytest.approx(sum(_open_hours(search, moment) * n for moment, n in checked.plan.items()))


def _open_hours(search: Search, moment: Any) -> float:
    return search.kinds[moment].open_min / 60


def test_the_check_uses_other_months_than_the_search() -> None:
    pretended = Pretended(SERVICE, WANTING)
    searched(month(seed=5), pretended, Wish(times=30))
    seeds = [(scenario.seed, times) for scenario, times in pretended.tried]
    assert seeds[-1] == (5, 30)
    assert {seed for seed, times in seeds if times != 30} == {-6}


def test_half_hours_below_the_floor_get_more() -> None:
    calls = CALLS | {"10:00": 3.0}
    plain, checked = searched(month(arrivals={"by_half_hour": calls}), Pretended(SERVICE, WANTING), Wish())
    floored, raised = searched(
        month(arrivals={"by_half_hour": calls}), Pretended(SERVICE, WANTING), Wish(floor=0.78)
    )
    for search, found, floor in ((plain, checked, 0.7), (floored, raised, 0.78)):
        for moment, seats in found.plan.items():
            kind = search.kinds[moment]
            assert SERVICE.answered(seats, kind.calls, kind.open_min) >= floor
    assert raised.met


def test_what_the_formula_does_not_know_of_a_half_hour_is_seen_in_the_trials() -> None:
    class Rush(Pretended):
        """Half of those who call at 16:30 are lost, unless there are two seats more than the formula says."""

        def __call__(self, scenario: Scenario, times: int) -> list[dict[str, Any]]:
            found = super().__call__(scenario, times)
            for summary in found:
                for half in summary["half_hours"]:
                    half["kept"] *= 0.5 if half["from"] == "16:30" else 1.0
            return found

    search, checked = searched(month(), Rush(SERVICE, WANTING), Wish())
    assert search.raised == {990: 2}
    assert checked.met


def test_each_month_has_its_own_promise() -> None:
    scenario = month(**{"from": "2026-05-25", "to": "2026-06-05"})
    search, checked = searched(scenario, Pretended(SERVICE, WANTING), Wish())
    rates = {result.period: (result.promise, result.rate.mean) for result in checked.results}
    assert rates["2026-05"][0] == 0.8 <= rates["2026-05"][1] < 0.85
    assert rates["2026"][0] == 0.9 <= rates["2026"][1] < 0.94
    assert search.periods["2026"].step != search.periods["2026-05"].step


def test_where_seats_run_out_the_best_is_told_as_not_met() -> None:
    _, checked = searched(month(), Pretended(SERVICE, WANTING, unsaved=0.25), Wish())
    assert not checked.met
    assert all(n < 60 for n in checked.plan.values())


def test_no_more_seats_than_lines() -> None:
    few = SERVICE._replace(lines=9)
    scenario = month()
    tried = Pilot(few, WANTING, 300.0, 80.0, {}, {}, Counter())
    search = Search(scenario, needed(build(scenario)), tried, PROMISE, Wish(), Pretended(few, WANTING))
    checked = search.run()
    assert max(checked.plan.values()) == 9
    assert not checked.met


# ---- the plain line


def test_the_plain_line_knows_more_than_the_formula() -> None:
    scenario = month()
    need = needed(build(scenario))
    how = manner(scenario, rest_s=80.0, short_s=0.0)
    assert how is not None
    quick = Quick(scenario, need.kinds(WANTING), how)
    days = sorted({slot.day for slot in need.slots})

    def of(seats: int, lost: float = 0.0) -> PeriodTrial:
        return quick.trial({(slot.day, slot.minute): seats for slot in need.slots}, days, lost)

    assert of(10).mean < of(14).mean < of(40).mean == 1.0
    assert of(40).sd == 0.0
    assert 0.001 < of(14).sd < 0.03
    counted = sum(slot.calls for slot in need.slots) * WANTING
    assert of(40, lost=counted).mean == pytest.approx(0.5, abs=0.01)


def test_months_of_few_days_tell_how_far_months_are_apart() -> None:
    scenario = month()
    need = needed(build(scenario))
    how = manner(scenario, rest_s=80.0, short_s=0.0)
    assert how is not None
    days = sorted({slot.day for slot in need.slots})
    plan = {(slot.day, slot.minute): 14 for slot in need.slots}
    steady = Quick(scenario, need.kinds(WANTING), how)
    varied = Quick(
        month(arrivals={"by_half_hour": CALLS, "day_factor": {"cv": 0.2}}), need.kinds(WANTING), how
    )
    assert varied.trial(plan, days, 0.0).sd > 2 * steady.trial(plan, days, 0.0).sd


@pytest.mark.parametrize(
    "changes",
    [
        {"handle": {"mean": 300.0, "classes": {"減免": {"share": 0.2, "mean": 700.0}}}},
        {"patience": None},
    ],
)
def test_the_plain_line_says_where_it_knows_too_little(changes: dict[str, Any]) -> None:
    assert manner(month(**changes), 80.0, 0.0) is None

"""Replications as one summary, two scenarios on the same callers, and what is missing where a promise is not met."""

from __future__ import annotations

import json
import math
from typing import Any

import pytest

from sim.many.compared import Comparison, compare
from sim.many.interval import interval, variance
from sim.many.replications import Replications, replicate
from sim.many.together import together
from sim.run import run
from sim.shortfall import shortfall
from tests.sim.scenarios import bare, tax_day

pytestmark = pytest.mark.unit


@pytest.fixture(scope="module")
def five() -> Replications:
    """Five replications of the tax project on a day."""
    return replicate(tax_day(), times=5)


@pytest.fixture(scope="module")
def pair() -> Comparison:
    """Five seats against six, on the same callers."""
    return compare(bare(calls=600), bare(calls=600, seats=6, seed=99), times=6)


def test_one_replication_is_its_own_summary_with_all_its_keys() -> None:
    alone = replicate(bare(calls=300))
    summary = together(alone)
    assert {name: summary[name] for name in alone.summaries[0]} == alone.summaries[0]
    assert (summary["replications"], summary["verdict_sure"]) == (1, False)
    assert summary["met_share"] in (0, 1)
    assert summary["intervals"]["answer_rate"]["half_width"] is None
    json.dumps(summary, allow_nan=False)


def test_of_more_every_figure_is_the_mean(five: Replications) -> None:
    summary = together(five)
    assert set(summary) >= set(five.summaries[0])
    for name in ("offered", "answered", "answer_rate", "mean_wait", "mean_talk", "occupancy", "callers"):
        assert summary[name] == pytest.approx(sum(s[name] for s in five.summaries) / 5)
    for outcome, count in summary["outcomes"].items():
        assert count == pytest.approx(sum(s["outcomes"].get(outcome, 0) for s in five.summaries) / 5)
    assert summary["intervals"]["answer_rate"] == five.interval("answer_rate").told()
    assert summary["intervals"]["service_level.20"]["times"] == 5
    json.dumps(summary, allow_nan=False)


def test_half_hours_and_days_are_those_of_all_calls_together(five: Replications) -> None:
    summary = together(five)
    rows = {row["from"]: row for row in summary["half_hours"]}
    of_nine = [row for s in five.summaries for row in s["half_hours"] if row["from"] == "09:00"]
    assert rows["09:00"]["offered"] == pytest.approx(sum(row["offered"] for row in of_nine) / 5)
    kept, counted = (sum(row[name] for row in of_nine) for name in ("kept", "counted"))
    assert rows["09:00"]["rate"] == pytest.approx(kept / counted)
    assert rows["09:00"]["most_waiting"] == max(row["most_waiting"] for row in of_nine)
    assert rows["09:00"]["seats"] == 12
    (day,) = summary["days"]
    assert day["offered"] == pytest.approx(summary["offered"])
    assert sum(row["offered"] for row in summary["half_hours"]) == pytest.approx(summary["offered"])


def test_the_courses_are_laid_on_each_other(five: Replications) -> None:
    merged, courses = together(five)["course"], [s["course"] for s in five.summaries]
    assert merged["from"] == min(course["from"] for course in courses)
    whole = sum(sum(course["waiting"]) for course in courses) / 5
    assert sum(merged["waiting"]) == pytest.approx(whole, rel=0.01)
    assert max(merged["most_waiting"]) == max(max(course["most_waiting"]) for course in courses)
    assert max(merged["seats"]) == 12


def judged(*rates: float | None) -> Replications:
    """Replications of which only the rates of one period are different."""
    template = run(bare(calls=20)).summary
    summaries = []
    for rate in rates:
        period = {"period": "2026-04", "answered": 0, "counted": 0, "rate": rate, "promise": 0.9}
        met = rate is None or rate >= 0.9
        summaries.append(template | {"answer_rate": rate, "met": met, "periods": [period | {"met": met}]})
    return Replications(summaries)


@pytest.mark.parametrize(
    ("rates", "met", "sure"),
    [
        ((0.93, 0.94, 0.95), True, True),
        ((0.80, 0.94, 0.99), True, False),
        ((0.80, 0.89, 0.99), False, False),
        ((0.80, 0.81, 0.82), False, True),
        ((None, None), True, True),
    ],
)
def test_the_promise_is_judged_by_the_mean(rates: tuple[float | None, ...], met: bool, sure: bool) -> None:
    summary = together(judged(*rates))
    assert (summary["met"], summary["verdict_sure"]) == (met, sure)
    assert summary["met_share"] == sum(rate is None or rate >= 0.9 for rate in rates) / len(rates)


# ---- two scenarios


def test_the_same_callers_call_on_both(pair: Comparison) -> None:
    assert pair.this.figures("offered") == pair.other.figures("offered")
    alone = run(bare(calls=600, seats=6)).summary
    assert pair.other.summaries[0]["answered"] == alone["answered"]  # with this one's seed


def test_differences_are_those_of_the_pairs_and_little_chance_is_in_them(pair: Comparison) -> None:
    these, others = pair.this.values("answer_rate"), pair.other.values("answer_rate")
    pairs = [other - this for this, other in zip(these, others, strict=True)]
    found = pair.difference("answer_rate")
    assert found is not None
    assert found.interval == interval(pairs)
    assert found.interval.low > 0
    assert found.reduction == pytest.approx((variance(these) + variance(others)) / variance(pairs))
    assert found.reduction is not None
    assert found.reduction > 2
    same = pair.difference("offered")
    assert same is not None
    assert (same.interval.mean, same.reduction) == (0, None)


def test_a_comparison_goes_on_until_the_difference_is_known_well_enough() -> None:
    heard: list[int] = []
    scenario, other = bare(calls=60), bare(calls=60, seats=6)
    found = compare(scenario, other, half_width=0.05, told=heard.append)
    difference = found.difference("answer_rate")
    assert difference is not None
    assert found.this.reached
    assert difference.interval.half_width <= 0.05
    assert heard[-1] == len(found.this.summaries) == len(found.other.summaries) >= 10


def test_a_comparison_can_be_told_as_json(pair: Comparison) -> None:
    told = json.loads(json.dumps(pair.told(), allow_nan=False))
    assert told["differences"]["answer_rate"]["variance_reduction"] > 1
    assert told["summary"]["replications"] == 6
    one = compare(bare(calls=50), bare(calls=50), times=1).told()
    assert one["differences"]["offered"]["half_width"] is None


# ---- what is missing


def short_of(**changes: Any) -> dict[str, Any] | None:
    """The shortfall of a bare queue."""
    scenario = bare(**changes)
    return shortfall(scenario, together(replicate(scenario)))


def test_a_promise_that_is_met_lacks_nothing() -> None:
    assert short_of(calls=300, seats=30) is None


def test_too_few_seats_are_told_with_those_that_erlang_a_asks_for() -> None:
    short = short_of(calls=3000, seats=4)
    assert short is not None
    assert short["rate"] < short["promise"] == 0.9
    assert (short["possible"], short["best_rate"]) == (True, 1.0)
    lost = [row["lost"] for row in short["half_hours"]]
    assert lost == sorted(lost, reverse=True)
    assert len(lost) == 5
    # 60 calls an hour of 5 minutes are 5 Erlangs; where a little more than the mean call, a seat or three more.
    assert all(5 <= row["needed"] <= 9 for row in short["half_hours"])


def test_what_seats_cannot_repair_is_said() -> None:
    # The telephone rings for longer than anybody waits.
    scenario = tax_day(
        arrivals={"by_half_hour": {"17:00": 60}}, seats=1, patience={"mean": 1.0}, ring={"mean": 20.0}
    )
    told = shortfall(scenario, together(replicate(scenario)))
    assert told is not None
    assert told["possible"] is False
    assert told["best_rate"] < told["promise"]
    assert told["lost_with_seats_for_all"]["abandoned_queue"] > 0


def test_where_everybody_waits_for_ever_erlang_a_has_no_answer() -> None:
    scenario = bare(
        calls=60,
        arrivals={"by_half_hour": {"09:00": 40}},
        patience=None,
        seats={"by_half_hour": {"09:00": 1}},
    )
    told = shortfall(scenario, together(replicate(scenario)))
    assert told is not None
    assert {row["needed"] for row in told["half_hours"]} == {None}


def test_what_takes_long_is_not_tried(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sim.shortfall.MOST_CALLS", 100)
    short = short_of(calls=300, seats=2)
    assert short is not None
    assert (short["best_rate"], short["possible"]) == (None, None)
    assert not math.isnan(short["rate"])

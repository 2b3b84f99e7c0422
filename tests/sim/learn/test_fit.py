"""A known scenario is simulated to a journal, and fitting finds it again."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest

from sim.learn import scenario_file
from sim.learn.estimate import Estimate
from sim.learn.fit import fit
from sim.learn.fitted import Fitted
from sim.learn.past import NothingRecordedError, past_of
from sim.many.replications import replicate
from sim.run import run
from sim.scenario import Scenario, load_scenario
from tests.sim.learn.days import Day, day_of
from tests.sim.scenarios import PROJECT, bare, tax_day

pytestmark = pytest.mark.theory

FIRST, LAST, DAYS = dt.date(2026, 5, 7), dt.date(2026, 5, 29), 17
HALF_HOURS = {
    "08:00": 5, "08:30": 20, "09:00": 30, "10:00": 25, "11:00": 30, "13:00": 40, "14:30": 30, "16:00": 30, "17:00": 20,
    "17:30": 20, "19:00": 10,
}  # fmt: skip
TRUTH: dict[str, Any] = {
    "seed": 2,
    "to": LAST.isoformat(),
    "arrivals": {"by_half_hour": HALF_HOURS, "day_factor": {"cv": 0.2}},
    "handle": {"mean": 300.0, "distribution": "lognormal", "cv": 0.9},
    "wrapup": {"mean": 45.0},
    "patience": {"mean": 120.0, "distribution": "weibull", "shape": 0.7},
    "ring": {"mean": 4.0, "distribution": "constant"},
    "flow": {"hang_up": 0.05, "menus": {"info": {"1": 0.3, "3": 0.2, "9": 0.1}}},
    "redial": {"after_abandon": {"share": 0.3, "wait": {"mean": 500.0}}},
    "operators": {"misses": 0.02},
    "seats": {"by_half_hour": {"08:30": 5, "09:00": 6, "09:30": 6, "10:00": 6, "10:30": 6, "11:00": 6, "11:30": 5}
              | {f"{h:02d}:{m:02d}": 5 for h in range(12, 18) for m in (0, 30)}},
}  # fmt: skip


@pytest.fixture(scope="module")
def month() -> Day:
    """17 open days of about 260 calls."""
    return day_of(tax_day(**TRUTH))


@pytest.fixture(scope="module")
def fitted(month: Day) -> Fitted:
    return fit(month.past(), month.world.centre, month.project, FIRST, LAST)


@pytest.fixture(scope="module")
def again(fitted: Fitted, tmp_path_factory: pytest.TempPathFactory) -> Scenario:
    """The scenario that was written, read again."""
    output = tmp_path_factory.mktemp("fitted") / "month.yaml"
    assert scenario_file.write(fitted, Path(PROJECT), output) == [output]
    return load_scenario(output)


def by_half_hour(scenario: Scenario) -> dict[str, int]:
    assert not isinstance(scenario.seats, int)
    assert scenario.seats.by_half_hour is not None
    return {**scenario.seats.by_half_hour}


def estimates(fitted: Fitted, key: str) -> dict[str, Estimate]:
    return {name: Estimate(**one) for name, one in fitted.parts[key].data["estimates"].items()}


TRUE_VALUES = [
    ("arrivals", "per_day", sum(HALF_HOURS.values())),
    ("arrivals", "day_factor_cv", 0.2),
    ("handle", "mean", 300.0),
    ("handle", "cv", 0.9),
    ("wrapup", "mean", 45.0),
    ("patience", "mean", 120.0),
    ("patience", "shape", 0.7),
    ("flow", "hang_up", 0.05),
    ("redial", "after_abandon.share", 0.3),
    ("redial", "after_abandon.wait", 500.0),
    ("operators", "misses", 0.02),
]


@pytest.mark.parametrize(
    ("key", "name", "truth"), TRUE_VALUES, ids=[f"{key}.{name}" for key, name, _ in TRUE_VALUES]
)
def test_what_was_put_in_is_found_within_three_standard_errors(
    fitted: Fitted, key: str, name: str, truth: float
) -> None:
    found = estimates(fitted, key)[name]
    assert found.value == pytest.approx(truth, abs=3 * found.error)
    assert found.error < 0.35 * truth  # else anything would do


def test_so_are_the_keys_of_the_menu(fitted: Fitted) -> None:
    menu = fitted.parts["flow"].data["menus"]["info"]
    assert menu["asked"] > 200
    for digit, truth in {"1": 0.3, "3": 0.2, "9": 0.1}.items():
        found = Estimate(**menu["keys"][digit])
        assert found.value == pytest.approx(truth, abs=3 * found.error)


def test_laws_seats_and_rings_are_the_very_same(again: Scenario, month: Day) -> None:
    assert again.patience is not None
    assert again.patience.distribution == "weibull"
    assert again.handle.distribution == "lognormal"
    assert again.wrapup.distribution == "exponential"  # though the project's limit of 60 s cuts a quarter off
    assert again.ring == month.scenario.ring
    staffed = by_half_hour(month.scenario)
    del staffed["17:30"]  # nobody knows of anybody beyond closing time
    assert by_half_hour(again) == staffed
    assert (again.first, again.last) == (FIRST, LAST)


def test_every_half_hour_has_its_calls(again: Scenario) -> None:
    found = again.arrivals.by_half_hour
    assert found is not None
    assert found.keys() == HALF_HOURS.keys()
    for half_hour, truth in HALF_HOURS.items():
        error = (truth / DAYS + (0.2 * truth) ** 2 / DAYS) ** 0.5
        assert found[half_hour] == pytest.approx(truth, abs=3.5 * error)


def test_the_fitted_scenario_answers_as_many(again: Scenario, month: Day) -> None:
    interval = replicate(again, times=4, half_width=None).interval("answer_rate")
    assert interval.low is not None
    assert interval.high is not None
    # The month that was recorded is one draw of the truth itself: its own error comes on top of the interval.
    rates = [day["rate"] for day in month.summary["days"]]
    spread = (sum((rate - sum(rates) / DAYS) ** 2 for rate in rates) / (DAYS - 1) / DAYS) ** 0.5
    rate = month.summary["answer_rate"]
    assert interval.low - 2 * spread < rate < interval.high + 2 * spread
    assert interval.high - interval.low < 0.1


def test_what_rests_on_little_says_so(fitted: Fitted) -> None:
    day = day_of(tax_day(calls=60, patience={"mean": 300.0}))
    few = fit(day.past(), day.world.centre, day.project, FIRST, FIRST)
    assert few.thin[0] == "arrivals: only one open day: nothing is known of how days differ"
    assert any("abandonments" in remark or "gave up" in remark for remark in few.thin)
    assert not any("patience" in remark for remark in fitted.thin)


def test_where_nobody_gave_up_callers_wait_for_ever() -> None:
    day = day_of(bare(calls=200, patience=None, seats=2, arrivals={"per_hour": 20}))
    last = (dt.datetime.fromtimestamp(day.entries[-1].at, dt.UTC)).date()
    found = fit(day.past(), day.world.centre, day.project, day.world.first, last)
    assert found.parts["patience"].value is None
    assert any("nobody gave up in" in remark for remark in found.thin)


def test_quantiles_are_written_beside_where_no_law_fits(tmp_path: Path) -> None:
    (tmp_path / "talks.csv").write_text(
        "".join(f"{60 if n % 2 else 400}.{n:03d}\n" for n in range(200)), "utf-8"
    )
    scenario = tax_day(handle={"distribution": "empirical", "file": str(tmp_path / "talks.csv")}, seats=40)
    day = day_of(scenario)
    found = fit(day.past(), day.world.centre, day.project, FIRST, FIRST)
    output = tmp_path / "new" / "day.yaml"
    assert scenario_file.write(found, Path(PROJECT), output) == [output, output.with_name("day-handle.csv")]
    again = load_scenario(output)
    assert again.handle.file == "day-handle.csv"
    truth, learned = run(scenario).summary["mean_talk"], run(again).summary["mean_talk"]
    assert learned == pytest.approx(truth, rel=0.15)


def test_a_project_that_nobody_called_and_days_on_which_it_was_closed() -> None:
    day = day_of(tax_day(calls=5))
    empty = past_of(day.entries[:1], day.world.start(), day.world.start() + 86400)
    with pytest.raises(NothingRecordedError, match="there is no call of saitama-autotax on 2026-05-07"):
        fit(empty, day.world.centre, day.project, FIRST, FIRST)
    sunday = dt.date(2026, 5, 10)
    with pytest.raises(NothingRecordedError, match="was not open on 2026-05-10"):
        fit(day.past(), day.world.centre, day.project, sunday, sunday)

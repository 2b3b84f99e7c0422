from __future__ import annotations

import argparse
import datetime as dt
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.scenario import Scenario, load_scenario
from sim.staffing.arguments import add_mailing_arguments
from sim.staffing.mailing_forecast import Forecast
from sim.staffing.mailing_main import mailing_plan
from sim.staffing.mailing_plan import NoMailingError, Planner, find, open_days, posted, prolonged
from sim.staffing.mailing_split import Limits, splits
from sim.staffing.pilot import Pilot
from sim.staffing.search import Wish
from sim.staffing.service import Service
from sim.staffing.staff import dated
from sim.world import build
from tests.sim.scenarios import PROJECT, tax_day
from tests.sim.staffing.pretended import Pretended

pytestmark = pytest.mark.unit

WEDNESDAY = dt.date(2026, 7, 15)
LETTER: dict[str, Any] = {
    "name": "督促状",
    "posted": "2026-07-15",
    "letters": 12000,
    "share": 0.1,
    "delay_days": 2,
    "response": {"mean_days": 3.0},
}
SERVICE = Service(hold=333.0, patience=90.0, most_waiting=60)


def july(seats: int = 6, **changes: Any) -> Scenario:
    usual: dict[str, Any] = {
        "from": "2026-07-01",
        "to": "2026-07-31",
        "arrivals": {
            "by_weekday": dict.fromkeys(("mon", "tue", "wed", "thu", "fri"), 60),
            "mailings": [LETTER],
        },
        "flow": {},
        "ring": {"mean": 0.0},
        "seats": seats,
    }
    return tax_day(**usual | changes)


def forecast(seats: int = 6) -> Forecast:
    scenario = july(seats)
    mailing = find(scenario, "")
    world = build(prolonged(dated(scenario), mailing, 14))
    tried = Pilot(SERVICE, 1.0, 300.0, 33.0, {}, {}, {})  # type: ignore[arg-type]
    return Forecast(world, mailing, list(open_days(world, WEDNESDAY, 14)), tried)


@pytest.fixture(scope="module")
def six() -> Forecast:
    return forecast()


def test_the_largest_mailing_is_meant_or_the_one_of_the_name() -> None:
    other = LETTER | {"name": "small", "letters": 10}
    scenario = july(arrivals={"mailings": [other, LETTER]})
    assert find(scenario, "").name == "督促状"
    assert find(scenario, "small").letters == 10
    with pytest.raises(NoMailingError, match=r"no mailing 'May'.*known: small, 督促状"):
        find(scenario, "May")
    with pytest.raises(NoMailingError, match="the scenario has no mailing"):
        find(tax_day(), "")


def test_the_scenario_lasts_until_nearly_all_have_called() -> None:
    scenario = prolonged(dated(july()), find(july(), ""), 14)
    # The last letters are there on 31 July, a Friday; 99 % have called after 14 days.
    assert scenario.start == dt.date(2026, 7, 1)
    assert dt.date(2026, 8, 10) <= scenario.last <= dt.date(2026, 8, 20) if scenario.last else False


def test_the_forecast_is_that_of_the_formula_half_hour_by_half_hour(six: Forecast) -> None:
    """Against an engine that is nothing but the formula."""
    scenario, split = july(), {WEDNESDAY: 8000, dt.date(2026, 7, 22): 4000}
    whole = posted(prolonged(dated(scenario), find(scenario, ""), 14), find(scenario, ""), split)
    (month,) = Pretended(SERVICE, 1.0, chance=0.0)(whole, 1)
    expected = {period["period"]: period["rate"] for period in month["periods"]}
    assert six.rates(split) == pytest.approx(expected, abs=5e-4)


def test_more_seats_and_fewer_letters_lose_fewer_calls(six: Forecast) -> None:
    everything = {WEDNESDAY: 12000}
    assert six.with_more(3).margin(everything) > six.margin(everything)
    assert six.margin({WEDNESDAY: 6000}) > six.margin(everything)


@settings(max_examples=20, deadline=None)
@given(st.integers(1, 40_000), st.integers(1, 6), st.sampled_from([1, 500, 5000]))
def test_every_split_has_all_letters_on_open_days_in_parts_that_are_allowed(
    six: Forecast, letters: int, most: int, least: int
) -> None:
    able = list(six.posting)
    found = list(splits(six, able, letters, Limits(most, least)))
    assert found[0] == {WEDNESDAY: letters}
    assert [len(split) for split in found] == sorted(len(split) for split in found)
    for split in found:
        assert sum(split.values()) == letters
        assert len(split) <= most
        assert set(split) <= set(able)
        assert min(split) == WEDNESDAY
        assert len(split) == 1 or min(split.values()) > least - 100  # whole hundreds


def test_no_shift_of_letters_between_the_batches_is_much_better(six: Forecast) -> None:
    split = next(one for one in splits(six, six.posting, 12000, Limits(2, 100)) if len(one) == 2)
    first, second = split
    for moved in (-1500, -600, 600, 1500):
        other = {first: split[first] + moved, second: split[second] - moved}
        if min(other.values()) >= 0:
            assert six.margin(split) >= six.margin(other) - 0.002


def planned(scenario: Scenario, pretended: Pretended, **more: Any) -> Any:
    wish, limits = more.pop("wish", Wish(times=10)), more.pop("limits", Limits(4, 500))
    return Planner(scenario, find(scenario, ""), wish, pretended, more.pop("window", 14), limits).plan()


def test_the_fewest_batches_that_hold_are_proposed() -> None:
    pretended = Pretended(SERVICE, 1.0, worse=1.1)
    plan = planned(july(seats=4), pretended)
    assert (plan.whole.met, plan.best.met) == (False, True)
    assert len(plan.best.split) == 2
    assert all(result.met_share >= 0.9 for result in plan.best.results)
    assert plan.more_whole > 0 == plan.more_split
    # All letters at once with so many more seats hold, by the same engine; with one less they do not.
    for more, held in ((plan.more_whole, True), (plan.more_whole - 2, False)):
        scenario = posted(plan.scenario, plan.mailing, plan.whole.split).model_copy(
            update={"seats": 4 + more}
        )
        months = pretended(scenario, 10)
        assert all(p["met"] for month in months for p in month["periods"]) is held


def test_where_no_split_holds_the_best_is_told_and_the_seats_that_are_missing() -> None:
    plan = planned(july(seats=3), Pretended(SERVICE, 1.0), window=5)
    assert not plan.best.met
    assert 0 < plan.more_split <= plan.more_whole
    assert plan.best.short > 0


def test_what_holds_already_is_left_alone() -> None:
    plan = planned(july(seats=20), Pretended(SERVICE, 1.0))
    assert plan.best.split == {WEDNESDAY: 12000}
    assert (plan.best.met, plan.more_split, plan.more_whole) == (True, 0, 0)


def command(*arguments: object) -> int:
    parser = argparse.ArgumentParser()
    add_mailing_arguments(parser)
    return mailing_plan(parser.parse_args([*map(str, arguments), "--workers", "1", "--times", "6"]))


TEXT = f"""\
project: {PROJECT}
from: 2026-07-01
to: 2026-07-31
arrivals:
  by_weekday: {{mon: 60, tue: 60, wed: 60, thu: 60, fri: 60}}
  mailings:
    - {{name: 督促状, posted: 2026-07-15, letters: 12000, share: 0.1, response: {{mean_days: 3.0}}}}
handle: {{mean: 300.0}}
wrapup: {{mean: 80}}
patience: {{mean: 90}}
seats: 6
"""


def test_the_proposal_is_one_object_and_a_block_for_the_scenario(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path, block = tmp_path / "july.yaml", tmp_path / "mailings.yaml"
    path.write_text(TEXT, encoding="utf-8")
    assert command(path, "--json", "--write", block, "--window", "21") == 0
    result = json.loads(capsys.readouterr().out)
    assert (result["met"], result["mailing"], result["more_seats"]) == (True, "督促状", 0)
    assert len(result["batches"]) > 1
    assert sum(batch["letters"] for batch in result["batches"]) == 12000
    assert result["whole"]["met"] is False
    assert result["whole"]["more_seats"] > 0
    lines = block.read_text(encoding="utf-8").splitlines()
    head, tail = path.read_text(encoding="utf-8").split("  mailings:\n")[0], "handle: {mean: 300.0}\n"
    again = tmp_path / "again.yaml"
    again.write_text(
        head + "\n".join(f"  {line}" for line in lines) + f"\n{tail}seats: 6\n", encoding="utf-8"
    )
    scenario = load_scenario(again)
    posting = {str(one.posted): one.letters for one in scenario.arrivals.mailings}
    assert posting == {batch["posted"]: batch["letters"] for batch in result["batches"]}


def test_people_read_what_is_missing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "july.yaml"
    path.write_text(TEXT.replace("seats: 6", "seats: 3"), "utf-8")
    assert command(path, "--window", "3") == 2
    told = capsys.readouterr().out
    assert "NOT met" in told
    assert "no split within 3 days holds" in told
    assert "further seats" in told


def test_a_mailing_that_is_not_there_is_bad_input(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "july.yaml"
    path.write_text(TEXT, encoding="utf-8")
    assert command(path, "--mailing", "May") == 1
    assert "no mailing 'May'" in capsys.readouterr().err

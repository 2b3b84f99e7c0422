"""Everything that a scenario may say of callers and operators, and where each mistake in it is told."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from ivr.yaml_marks import ConfigurationError
from sim.run import run
from sim.scenario import Scenario, load_scenario
from tests.sim.scenarios import PROJECT

pytestmark = pytest.mark.unit

GOOD = f"""\
project: {PROJECT}
from: 2026-05-07
to: 2026-05-08
arrivals: {{per_hour: 100}}
handle: {{mean: 600}}
seats: 3
"""
CLASSES = "mean: 600, classes: {減免: {share: 0.7, mean: 1}, 督促状: {share: 0.7, mean: 1}}"


def loaded(folder: Path, old: str, new: str) -> Scenario:
    """The good scenario with something else in it."""
    assert old in GOOD
    path = folder / "s.yaml"
    path.write_text(GOOD.replace(old, new, 1), encoding="utf-8")
    return load_scenario(path)


@pytest.mark.parametrize(
    ("old", "new", "place", "told"),
    [
        ("per_hour: 100", "per_hour: 1, day_factor: {cv: -1}", "4:42", "greater than 0"),
        ("{per_hour: 100}", "{by_date: {2026-05-07: -3}}", "4:34", "greater than or equal to 0"),
        ("{per_hour: 100}", "{by_date: {05-07: 3}}", "4:22", "a date is written like 2026-05-07"),
        ("{per_hour: 100}", "{by_date: {2026-05-10: 3}}", "4:34", "saitama-autotax is closed on this day"),
        ("per_hour: 100", "bursts: [{at: 2026-05-07, calls: 3}]", "4:26", "a moment is written"),
        ("per_hour: 100", "bursts: [{at: 2026-05-07T10:00, calls: -3}]", "4:51", "greater than or equal"),
        ("per_hour: 100", "mailings: [{posted: 2026-05-07, letters: -1, share: 0.1}]", "4:53", "greater than"),
        ("per_hour: 100", "mailings: [{posted: 2026-05-07, letters: 1, share: 1.1}]", "4:63", "less than or"),
        ("per_hour: 100", 'by_weekday: {mon: 3}, profile: {"09:00": 0}', "4:34", "`profile` has no weight"),
        ("per_hour: 100", "by_weekday: {mon: 1}, profile: {'09:10': 1}", "4:44", "'09:10' is no half-hour"),
        ("seats: 3", "seats: 10001", "6:8", "less than or equal to 10000"),
        ("seats: 3", "seats: {shifts: [{seats: 0, from: '08:00', to: '08:30'}]}", "6:26", "greater than or equal"),
        ("seats: 3", "seats: {shifts: [{seats: 3, from: '13:00', to: '08:30'}]}", "6:48", "not after `from` (13:00)"),
        ("seats: 3", "seats: {shifts: [{seats: 3, from: '8:00', to: '12:30'}]}", "6:35", "'8:00' is no time of day"),
        (
            "seats: 3",
            "seats: {shifts: [{seats: 3, from: '08:00', to: '12:30', breaks: [{at: '12:20', minutes: 15}]}]}",
            "6:57",
            "the break at 12:20 is not inside the shift",
        ),
        (
            "seats: 3",
            "seats: {shifts: [{seats: 3, from: '00:00', to: '24:00', breaks: [{at: '12:20', minutes: 15}]}]}",
            "6:18",
            "nobody works day and night",
        ),
        ("seats: 3", "seats: {by_half_hour: {'09:00': -3}}", "6:33", "greater than or equal to 0"),
        ("seats: 3", "seats: {by_half_hour: {'07:00': 3}}", "6:1", "all seats are outside the opening hours (on 2026-"),
        ("seats: 3", "seats: {shifts: [{seats: 3, from: '18:00', to: '19:00'}]}", "6:1", "they are 08:30-17:15)"),
        ("seats: 3", "seats: {by_date: {2026-05-09: {'09:00': 3}}}", "6:1", "all seats are outside"),
        ("seats: 3", "seats: {by_date: {2026-05-08: {'09:00': 0}}}", "6:1", "nobody is ever there"),
        ("seats: 3", "seats: {}", "6:1", "give one of by_half_hour, by_date, shifts; nothing is given"),
        ("seats: 3", "seats: 3\nflow: {menus: {inof: {'1': 0.3}}}", "7:16", "no node 'inof'; did you mean 'info'?"),
        ("seats: 3", "seats: 3\nflow: {menus: {notice: {'1': 0.3}}}", "7:16", "'notice' is none of them"),
        ("seats: 3", "seats: 3\nflow: {menus: {info: {'1': 0.7, '2': 0.7}}}", "7:16", "more than 1 together"),
        ("seats: 3", "seats: 3\nflow: {menus: {info: {x: 0.7}}}", "7:23", "'x' is no key of a telephone"),
        ("seats: 3", "seats: 3\nflow: {hang_up: 1.5}", "7:17", "less than or equal to 1"),
        ("seats: 3", "seats: 3\nredial: {after_busy: {share: 1.2, wait: {mean: 3}}}", "7:30", "less than or equal"),
        ("seats: 3", "seats: 3\nredial: {after_busy: {share: 0.2}}", "7:10", "'wait' is missing here"),
        ("seats: 3", "seats: 3\nbalking: {position: {'10': 0.2, '5': 0.3}}", "7:11", "give 10 no smaller share"),
        ("seats: 3", "seats: 3\nbalking: {expected_wait: {'0': 0.2}}", "7:27", "greater than or equal to 1"),
        ("mean: 600", CLASSES, "5:21", "the shares of `classes` are more than 1 together"),
        ("mean: 600", "mean: 6, classes: {減免: {share: 0.1, mean: -1}}", "5:52", "greater than or equal to 0"),
        ("mean: 600", "distribution: empirical, file: gone.csv", "5:41", "there is no file 'gone.csv'"),
        ("mean: 600", "distribution: mixed, parts: [{share: 0.5, mean: 3}]", "5:31", "have to be 1 together"),
        ("mean: 600", "distribution: mixed, parts: [], mean: 3", "5:31", "have to be 1 together"),
        ("mean: 600", "distribution: weibull, mean: 3, shape: 0", "5:49", "greater than or equal to 0.1"),
        ("mean: 600", "distribution: weibull, mean: 3", "5:1", "`shape` goes with `distribution: weibull`"),
        ("seats: 3", "seats: 3\noperators: {misses: 1.5}", "7:21", "less than or equal to 1"),
        (
            "seats: 3",
            "seats: 3\noperators: {breaks: {every: {mean: 1}, length: {mean: 60}}}",
            "7:13",
            "`every` is below a minute",
        ),
        ("seats: 3", "seats: 3\nremarks: [x]", "7:1", "'remarks' means nothing here"),
        ("to: 2026-05-08", "to: 2026-05-06", "3:5", "`to` (2026-05-06) is before `from` (2026-05-07)"),
    ],
)  # fmt: skip
def test_a_mistake_is_told_at_its_place(tmp_path: Path, old: str, new: str, place: str, told: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        loaded(tmp_path, old, new)
    (problem,) = caught.value.problems
    assert f"{problem.mark.line}:{problem.mark.column}" == place
    assert told in problem.message


@pytest.mark.parametrize(
    ("old", "new", "place", "told"),
    [
        ("per_hour: 100", "bursts: [{at: 2026-06-07T10:00, calls: 3}]", "4:21", "not between 2026-05-07 and"),
        ("per_hour: 100", "mailings: [{posted: 2026-05-30, letters: 9, share: 1}]", "4:23", "nobody calls about these"),
        ("seats: 3", "seats: {by_half_hour: {'07:00': 3, '09:00': 3}}", "6:24", "outside the opening hours"),
        (
            "seats: 3",
            "seats: {shifts: [{seats: 1, from: '09:00', to: '12:00'}, {seats: 1, from: '17:15', to: '18:00'}]}",
            "6:58",
            "outside the opening hours",
        ),
        ("seats: 3", "seats: 3\nbalking: {position: {'20': 0.1}}", "7:22", "nothing beyond 11 is ever announced"),
        ("seats: 3", "seats: 3\nbalking: {expected_wait: {'3600': 0.1}}", "7:27", "nothing beyond 1800 is ever"),
        ("seats: 3", "seats: 3\noperators: {lateness: {mean: 60}}", "7:13", "nobody is ever late where `seats`"),
        ("mean: 600", "mean: 6, classes: {督促壮: {share: 0.1, mean: 1}}", "5:29", "did you mean '督促状'?"),
    ],
)  # fmt: skip
def test_what_is_strange_is_told_and_can_be_simulated(
    tmp_path: Path, old: str, new: str, place: str, told: str
) -> None:
    (remark,) = loaded(tmp_path, old, new).remarks
    assert remark.startswith(f"{tmp_path / 's.yaml'}:{place}: warning: ")
    assert told in remark


def test_a_good_scenario_has_no_remarks(tmp_path: Path) -> None:
    assert loaded(tmp_path, "seats: 3", "seats: 3").remarks == ()
    assert loaded(tmp_path, "seats: 3", "seats: {by_half_hour: {'08:30': 1, '17:00': 1}}").remarks == ()


def test_days_missing_in_a_file_of_calls_are_told(tmp_path: Path) -> None:
    (tmp_path / "calls.csv").write_text("at\n2026-05-07T10:00\n2026-05-13T10:00\n", encoding="utf-8")
    path = tmp_path / "s.yaml"
    text = GOOD.replace("per_hour: 100", "file: calls.csv").replace("to: 2026-05-08\n", "")
    path.write_text(text, encoding="utf-8")
    (remark,) = load_scenario(path).remarks  # the 9th and 10th are a weekend
    assert (
        ":3:18: warning: the file has no call on 3 open days (2026-05-08, 2026-05-11, 2026-05-12)" in remark
    )
    (tmp_path / "calls.csv").write_text("at\nyesterday\n", encoding="utf-8")
    with pytest.raises(ConfigurationError, match=r"calls.csv:2:1: error: 'yesterday' is not a time"):
        load_scenario(path)


def test_a_bare_queue_announces_nothing_and_has_no_menus(tmp_path: Path) -> None:
    path = tmp_path / "s.yaml"
    text = "calls: 9\narrivals: {per_hour: 1}\nhandle: {mean: 1}\nseats: 1\n"
    path.write_text(text + "balking: {position: {'3': 0.1}}\n", encoding="utf-8")
    (remark,) = load_scenario(path).remarks
    assert "s.yaml:5:11: warning: no queue of bare-queue announces it" in remark
    path.write_text(text + "flow: {menus: {info: {'3': 0.1}}}\n", encoding="utf-8")
    with pytest.raises(ConfigurationError, match=r"s.yaml:5:16: error: bare-queue has no node 'info'"):
        load_scenario(path)


def test_a_mistake_in_the_project_itself_is_told_with_its_own_place(tmp_path: Path) -> None:
    (tmp_path / "city.yaml").write_text("project: city\nname: 3\n", encoding="utf-8")
    with pytest.raises(ConfigurationError, match=r"city.yaml:2:7: error: a text is expected here"):
        loaded(tmp_path, PROJECT, str(tmp_path / "city.yaml"))


def test_days_are_those_of_by_date_where_nothing_else_is_said() -> None:
    scenario = Scenario.model_validate(
        {
            "arrivals": {"by_date": {"2026-05-08": 2, "2026-05-07": 3}},
            "handle": {"mean": 1.0},
            "seats": 1,
        }
    )
    assert (scenario.start, scenario.end) == (dt.date(2026, 5, 7), dt.date(2026, 5, 8))


def test_ten_thousand_seats_work() -> None:
    scenario = {"calls": 500, "arrivals": {"per_hour": 1e6}, "handle": {"mean": 600.0}}
    shifts = {"shifts": [{"seats": 10_000, "from": "00:00", "to": "23:00"}]}
    for seats in (10_000, shifts):
        summary = run(Scenario.model_validate(scenario | {"seats": seats})).summary
        assert (summary["answered"], summary["wait_rate"]) == (500, 0)

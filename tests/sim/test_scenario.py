from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from ivr.yaml_marks import ConfigurationError
from sim.scenario import load_scenario

pytestmark = pytest.mark.unit

ROOT = Path(__file__).parents[2]
GOOD = """\
seed: 1
calls: 10
arrivals: {per_hour: 100}
handle: {mean: 600, distribution: exponential}
patience: {mean: 180}
seats: 3
"""


def written(folder: Path, text: str) -> Path:
    path = folder / "scenario.yaml"
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize(
    "path", sorted((ROOT / "config/scenarios").glob("*.yaml")), ids=lambda path: path.stem
)
def test_every_scenario_of_the_house_is_good(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    assert load_scenario(path).handle.mean


def test_a_scenario_has_its_defaults(tmp_path: Path) -> None:
    scenario = load_scenario(written(tmp_path, GOOD))
    assert (scenario.start, scenario.lines, scenario.wrapup.nothing) == (dt.date(2026, 4, 1), None, True)
    assert scenario.patience is not None
    assert scenario.patience.distribution == "exponential"


@pytest.mark.parametrize(
    ("old", "new", "line", "told"),
    [
        ("per_hour: 100", "per_hour: -1", 3, "greater than or equal to 0"),
        ("per_hour: 100", "per_hour: many", 3, "number"),
        ("per_hour: 100", "perhour: 100", 3, "'perhour' means nothing here; did you mean 'per_hour'?"),
        (
            "{per_hour: 100}",
            "{}",
            3,
            "give one of per_hour, by_half_hour, by_weekday, by_date, file; nothing is given",
        ),
        ("per_hour: 100", "per_hour: 1, by_weekday: {mon: 1}", 3, "per_hour and by_weekday is given"),
        (
            "{per_hour: 100}",
            '{by_half_hour: {"09:15": 3}}',
            3,
            "'09:15' is no half-hour; write 09:00 or 09:30",
        ),
        ("{per_hour: 100}", "{by_weekday: {monday: 3}}", 3, "'monday' is no weekday; write one of mon, tue,"),
        ("{per_hour: 100}", "{file: gone.csv}", 3, "there is no file 'gone.csv'"),
        ("mean: 600", "mean: -600", 4, "greater than or equal to 0"),
        ("mean: 600", "mean: 1e400", 4, "less than or equal to 1000000000"),
        ("mean: 600, ", "", 4, "give `mean`, or `distribution: empirical` with `file`"),
        ("exponential}", "normal}", 4, "lognormal"),
        ("exponential}", "lognormal}", 4, "`cv` (standard deviation / mean) goes with"),
        ("exponential}", "empirical}", 4, "give `mean`, or"),
        ("seats: 3", "seats: 0", 6, "nobody would ever answer: `seats` has to be at least 1"),
        ("seats: 3", "seats: true", 6, "whole number"),
        ("seats: 3", 'seats: {by_half_hour: {"09:00": 0}}', 6, "nobody is ever there"),
        ("seats: 3", "", 1, "'seats' is missing here"),
        ("calls: 10", "", 1, "give `calls` (how many arrive) or `to`"),
        (
            "calls: 10",
            "from: 2026-05-02\nto: 2026-05-01",
            3,
            "`to` (2026-05-01) is before `from` (2026-05-02)",
        ),
        ("seed: 1", "from: 20260501", 1, "a day is written 2026-05-07"),
        ("seed: 1", "folder: /", 1, "'folder' means nothing here"),
        ("seed: 1", "promise: 90", 1, "less than or equal to 1"),
        ("seed: 1", "project: gone.yaml", 1, "there is no file 'gone.yaml', neither beside"),
        ("seed: 1", "lines: 0", 1, "greater than or equal to 1"),
        ("seed: 1", 'flow: {keys: {"1": 0.6, "2": 0.6}}', 1, "the shares of these keys are more than 1"),
        ("seed: 1", "seed: [", 3, "this is not YAML"),
    ],
)
def test_a_mistake_is_told_with_its_place(tmp_path: Path, old: str, new: str, line: int, told: str) -> None:
    assert old in GOOD
    path = written(tmp_path, GOOD.replace(old, new, 1))
    with pytest.raises(ConfigurationError) as caught:
        load_scenario(path)
    (problem,) = caught.value.problems
    assert (problem.file, problem.mark.line) == (str(path), line)
    assert told in problem.message

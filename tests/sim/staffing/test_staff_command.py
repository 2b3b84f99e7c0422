from __future__ import annotations

import argparse
import json
import sys
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from engine.shifts_file import load_shifts
from sim.many.replications import replicate
from sim.scenario import load_scenario
from sim.staffing.arguments import add_arguments
from sim.staffing.main import staff
from tests.sim.scenarios import PROJECT

pytestmark = pytest.mark.unit

DAY = f"""\
project: {PROJECT}
seed: 3
from: 2026-05-07
to: 2026-05-08
arrivals:
  by_half_hour: {{"08:30": 10, "09:30": 16, "11:00": 14, "13:00": 12, "15:00": 12, "17:00": 6, "18:00": 4}}
handle: {{mean: 300, distribution: lognormal, cv: 0.9}}
wrapup: {{mean: 45}}
patience: {{mean: 90}}
seats: 1
"""
RULES = """\
staff:
  - {name: full, who: op101-op112, start: "08:30", hours: 8.75, cost_per_hour: 1800}
  - {name: part, who: [op201-op206], start: ["08:30", "13:30"], hours: [3, 4], cost_per_hour: 1300}
"""


def written(folder: Path, text: str, name: str = "scenario.yaml") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def command(*arguments: object) -> int:
    parser = argparse.ArgumentParser()
    add_arguments(parser)
    return staff(parser.parse_args([*map(str, arguments), "--workers", "1"]))


@pytest.fixture(scope="module")
def done(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, int]:
    """Everything that the command can do, once."""
    folder = tmp_path_factory.mktemp("staff")
    rules = written(folder, RULES, "rules.yaml")
    out = folder / "told.json"
    with out.open("w", encoding="utf-8") as file, pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "stdout", file)
        code = command(
            *(written(folder, DAY), "--json", "--times", 10, "--shrinkage", 0.1, "--shifts", rules),
            *("--curve", "--cost", 2000, "--plot", folder / "curve.png"),
            *("--write", folder / "seats.yaml", "--write-roster", folder / "shifts.yaml"),
        )
    return folder, code


def told(done: tuple[Path, int]) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((done[0] / "told.json").read_text(encoding="utf-8"))
    return found


def test_the_result_has_what_scripts_read(done: tuple[Path, int]) -> None:
    result = told(done)
    assert done[1] == 0
    assert (result["promise"], result["probability"], result["met"]) == (0.8, 0.9, True)
    assert result["met_share"] >= 0.9
    assert len(result["half_hours"]) == 36
    for row in result["half_hours"]:
        assert {"date", "from", "calls", "seats", "people", "erlang_a", "rate"} == set(row)
        assert row["people"] >= row["seats"] >= 1
        assert row["people"] >= row["seats"] / 0.9
    assert result["outside"] == pytest.approx(2 * (3 + 4))
    assert result["seconds"] > 0


def test_the_shifts_keep_the_promise_as_a_scenario(done: tuple[Path, int]) -> None:
    folder, _ = done
    shifts = told(done)["shifts"]
    assert (shifts["missing"], shifts["met"], shifts["gap"] <= 0.05) == ([], True, True)
    text = DAY.replace("seats: 1\n", (folder / "seats.yaml").read_text(encoding="utf-8"))
    scenario = load_scenario(written(folder, text, "staffed.yaml"))
    # The check has simulated these very months.
    assert replicate(scenario, times=10).met_share == shifts["periods"][0]["met_share"]


def test_the_roster_is_one_for_the_house(done: tuple[Path, int]) -> None:
    entries = load_shifts(done[0] / "shifts.yaml", None)
    people = {one for entry in entries for _, one in entry.ids()}
    scheduled = told(done)["shifts"]["people"]
    assert len(people) >= max(scheduled.values())
    assert {entry.project for entry in entries} == {"saitama-autotax"}


def test_the_curve_rises_and_is_drawn(done: tuple[Path, int]) -> None:
    rows = told(done)["curve"]
    assert [row["rate"] for row in rows] == [percent / 100 for percent in range(70, 100)]
    hours = [row["seat_hours"] for row in rows if row["seat_hours"] is not None]
    assert len(hours) > 20
    assert hours == sorted(hours)
    for before, row in pairwise(row for row in rows if row["seat_hours"] is not None):
        assert row["more"] == pytest.approx(row["seat_hours"] - before["seat_hours"], abs=0.11)
    known = [row for row in rows if row["more"] is not None]
    assert all(row["cost_more"] == pytest.approx(row["more"] / 0.9 * 2000, abs=1) for row in known)
    assert (done[0] / "curve.png").read_bytes().startswith(b"\x89PNG")


def test_people_read_tables(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    short = DAY.replace("to: 2026-05-08", "to: 2026-05-07")
    rules = written(tmp_path, RULES.replace("op101-op112", "op101-op102"), "rules.yaml")
    code = command(written(tmp_path, short), "--times", 10, "--curve", "--shifts", rules, "--shrinkage", 0.1)
    told = capsys.readouterr().out
    assert code == 2  # there are not enough people for these shifts
    for words in ("half-hour", "people", "NOT met" if code == 1 else "met", "nobody is left", "seat-hours"):
        assert words in told


BARE = "calls: 500\narrivals: {per_hour: 60}\nhandle: {mean: 300.0}\npatience: {mean: 60.0}\nseats: 5\n"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (BARE.replace("patience: {mean: 60.0}\n", ""), "without `patience` every caller waits"),
        (
            BARE.replace("per_hour: 60", "per_hour: 1200000"),
            "which is more than the 10,000 that the engine takes",
        ),
        (BARE.replace("per_hour: 60", "per_hour: 0"), "give `from` and `to`"),
        (DAY.replace("2026-05-08", "2026-05-07").replace("2026-05-07", "2026-05-09"), "never open"),
        (DAY.replace("to: 2026-05-08\n", "calls: 10\n"), "give `from` and `to`"),
        (DAY.replace("2026-05-07", "2026-05-03").replace("2026-05-08", "2026-05-05"), "never open"),
        (BARE.replace("seats: 5", "seats: 0"), "nobody would ever answer"),
        (BARE.replace("seats: 5", "seats: ["), "this is not YAML"),
    ],
)
def test_bad_input_is_told_on_standard_error(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], text: str, words: str
) -> None:
    assert command(written(tmp_path, text), "--json") == 1
    told = capsys.readouterr()
    assert told.out == ""
    assert words in told.err
    assert "scenario.yaml:" in told.err


def test_a_promise_that_no_seats_keep_is_told_with_the_best(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = DAY.replace("wrapup: {mean: 45}", "ring: {mean: 60}")  # so long that many give up meanwhile
    assert command(written(tmp_path, text), "--json") == 2
    told = capsys.readouterr()
    result = json.loads(told.out)
    assert (result["met"], result["promise"]) == (False, 0.8)
    assert 0.4 < result["best"] < 0.8
    assert "the promise of 80.0% (2026-05) cannot be kept with any number of seats" in told.err
    assert "hang up before a telephone can be picked up" in result["reasons"][0]


def test_what_does_not_go_together_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    scenario = written(tmp_path, DAY)
    assert command(scenario, "--write-roster", tmp_path / "x.yaml") == 1
    assert "with --shifts" in capsys.readouterr().err
    unnamed = written(tmp_path, RULES.replace("who: op101-op112", "people: 12"), "rules.yaml")
    assert command(scenario, "--shifts", unnamed, "--write-roster", tmp_path / "x.yaml") == 1
    assert "give `who` for 'full'" in capsys.readouterr().err
    wrong = written(tmp_path, RULES.replace("8.75", "9.75"), "rules.yaml")
    assert command(scenario, "--shifts", wrong) == 1
    assert "rules.yaml:2:5: error: 9.75 hours" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "library"),
    [(["--shifts", "rules.yaml"], "ortools"), (["--plot", "curve.png"], "matplotlib")],
)
def test_a_library_that_is_missing_is_told_before_anything_is_simulated(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    arguments: list[str],
    library: str,
) -> None:
    monkeypatch.setitem(sys.modules, library, None)
    assert command(written(tmp_path, DAY), *arguments) == 1
    assert f"needs {library}: run `make extras`" in capsys.readouterr().err


@pytest.mark.parametrize(
    "arguments",
    [["--probability", "1"], ["--shrinkage", "0.95"], ["--times", "0"], ["--cost", "0"], ["--plot", "x.pdf"]],
)
def test_arguments_out_of_range_are_refused(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        command("scenario.yaml", *arguments)
    assert caught.value.code == 2
    assert arguments[0] in capsys.readouterr().err


def test_a_promise_for_which_the_lines_are_too_few_is_told_with_the_reason(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    other = PROJECT.replace(
        "saitama-autotax", "hatsukaichi-mynumber"
    )  # of whose promise the busy tone is a part
    text = DAY.replace(PROJECT, other).replace("seats: 1\n", "lines: 3\nseats: 1\n")
    assert command(written(tmp_path, text), "--times", 4) == 2
    told = capsys.readouterr().out
    assert "The trunk carries 3 calls" in told
    assert "NOT met" in told
    assert "calls were blocked" in told

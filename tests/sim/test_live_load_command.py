"""`denwaban load` and `compare`: what is refused before anything is started, and in which words."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import pytest

from denwaban import main
from engine.build import load_centre
from sim.live.load_main import percent, seconds, table
from sim.live.load_plan import CannotLoadError, Times
from sim.live.load_running import check, check_loopback
from sim.scenario import load_scenario
from sim.world import build
from telephony.site import Site
from telephony.stack import Stack, stack_of
from tests.sim.scenarios import ROOT, bare

pytestmark = pytest.mark.unit

BUSY = ROOT / "config/scenarios/live-compare-short.yaml"


def site(**changes: object) -> Site:
    return Site.model_validate(changes)


def stack(var: Path) -> Stack:
    return stack_of(site(var_directory=var), load_centre(ROOT / "config"), ROOT / "config")


def test_a_month_is_too_long_for_telephones(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["load", str(ROOT / "config/scenarios/saitama-autotax-may.yaml")]) == 1
    caught = capsys.readouterr()
    assert caught.out == ""
    assert "a telephone cannot hurry" in caught.err


def test_a_scenario_that_is_none_is_told_with_its_place(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "odd.yaml"
    path.write_text("calls: 10\narrivals: {per_hour: -3}\nhandle: {mean: 3}\nseats: 2\n")
    assert main(["compare", str(path)]) == 1
    assert f"{path}:2:" in capsys.readouterr().err


def test_a_missing_sipp_is_told(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert main(["load", str(BUSY)]) == 1
    assert "sip-tester" in capsys.readouterr().err


def test_one_replication_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["compare", str(BUSY), "--times", "1"]) == 1
    assert "--times 2" in capsys.readouterr().err


@pytest.mark.parametrize("words", [["--calls", "0"], ["--rate", "-1"], ["--hold", "nan"], ["--rate", "inf"]])
def test_numbers_that_make_no_sense_are_refused(words: list[str]) -> None:
    with pytest.raises(SystemExit):
        main(["load", *words])


def test_without_a_service_nothing_runs_that_could_be_called(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    config = tmp_path / "config"
    config.mkdir()
    (config / "site.yaml").write_text(json.dumps({"var_directory": str(tmp_path / "var")}))
    words = ["--config", str(config), "load", str(ROOT / "config/scenarios/live-compare.yaml"), "--running"]
    assert main(words) == 1
    assert "no service runs here" in capsys.readouterr().err


def test_a_service_is_loaded_with_a_project_that_it_has(tmp_path: Path) -> None:
    running = stack(tmp_path)
    short = Times(0.0, 1.0, 100.0, 50)
    with pytest.raises(CannotLoadError, match="no project 'bare-queue'"):
        check(running, build(bare()), short, operators=False)
    tax = build(load_scenario(ROOT / "config/scenarios/live-compare.yaml"))
    check(running, tax, short, operators=True)
    with pytest.raises(CannotLoadError, match="forgotten after 300 s"):
        check(running, tax, short._replace(last=400.0), operators=True)


def test_only_this_machine_is_called() -> None:
    check_loopback(site())
    check_loopback(site(bind={"sip": "0.0.0.0"}))
    for elsewhere in (
        {"bind": {"sip": "192.0.2.7"}},
        {"asterisk": {"mode": "external", "host": "192.0.2.10"}},
        {"trunk": {"match": ["192.0.2.1"]}},
    ):
        with pytest.raises(CannotLoadError, match=r"127\.0\.0\.1"):
            check_loopback(site(**elsewhere))


def test_the_table_has_every_figure() -> None:
    figures = {
        "offered": 3, "answered": 2, "abandoned": 1, "blocked": 0, "failed": 0, "outcomes": {"answered": 2},
        "answer_rate": 2 / 3, "abandon_rate": 1 / 3, "wait_rate": None, "occupancy": 0.5, "promise": 0.9,
        "service_level": {"20": 2 / 3}, "mean_wait": 1.0, "mean_talk": 2.0, "mean_wrapup": None,
        "latency_ms": {"ring_p50": 4.0, "ring_p99": None},
    }  # fmt: skip
    shown = table("load", figures)
    assert shown.row_count == 5 + 1 + 5 + 1 + 3 + 2
    assert (percent(None), seconds(None)) == ("-", "-")
    assert (percent(0.5), seconds(2.0)) == ("50.00 %", "2.0 s")


def test_nothing_else_is_loaded_for_the_arguments() -> None:
    from sim.live.load_arguments import add_arguments

    parser = argparse.ArgumentParser()
    add_arguments(parser)
    given = parser.parse_args([])
    assert (given.scenario, given.running, given.audio, given.json) == (None, False, True, False)

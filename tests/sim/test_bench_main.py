"""`denwaban bench`: which benchmarks run, and those of packages that it knows nothing about."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from sim.bench.main import Say, bench
from sim.bench.row import Row, row

pytestmark = pytest.mark.unit


async def further(root: Path, say: Say) -> list[Row]:
    """A benchmark of somebody else."""
    say("it runs")
    return [row("screen.delay", "ms", 40.0, "target", 100.0, more_is_better=False)]


@pytest.mark.parametrize("only", ["screen", "scr"])
def test_further_ones_by_their_names(only: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "var").mkdir()
    assert bench(tmp_path, only, {"screen": further}) == 0
    [told] = json.loads((tmp_path / "var/bench.json").read_text())
    assert (told["name"], told["ratio"]) == ("screen.delay", 2.5)
    assert "it runs" in capsys.readouterr().err


def test_one_that_is_not_there(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert bench(tmp_path, "colour", {"screen": further}) == 1
    assert "sim, flow, live, screen" in capsys.readouterr().err.replace("\n", " ")

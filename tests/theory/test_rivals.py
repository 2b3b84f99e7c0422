"""The rivals of the benchmark play the same queue: M/M/34+M, and Erlang A by the textbook's sum."""

from __future__ import annotations

from pathlib import Path

import pytest

from sim.bench import ciw_queue
from sim.bench.fast import fast_rows
from sim.bench.formulas import formula_row, textbook_abandoned
from sim.bench.year import of_a_year
from sim.erlang import erlang_a, service_level
from sim.run import run
from sim.scenario import load_scenario
from tests.sim.scenarios import ROOT

pytestmark = pytest.mark.theory

BARE = ROOT / "config" / "scenarios" / "bare-queue.yaml"
CENTRE = (34, 193.8 / 3600, 600.0, 180.0)


def test_ciw_plays_the_bare_queue() -> None:
    """20,000 calls. Stated tolerance: 3 standard errors, which are 0.6 % of the abandoned, 0.8 s and 1.6 %."""
    found, _ = ciw_queue.run(load_scenario(BARE), 20_000)
    exact = erlang_a(*CENTRE)
    assert found["offered"] > 19_900
    assert found["abandon_rate"] == pytest.approx(exact.abandoned, abs=0.018)
    assert found["mean_wait"] == pytest.approx(exact.mean_wait, abs=2.4)
    assert found["service_level"] == pytest.approx(service_level(*CENTRE, 20.0), abs=0.048)


def test_the_textbooks_sum_is_erlang_a() -> None:
    for centre in (CENTRE, (1, 0.002, 100.0, 50.0), (2000, 3.4, 600.0, 180.0)):
        assert textbook_abandoned(*centre) == pytest.approx(erlang_a(*centre).abandoned, rel=1e-9)
    assert formula_row()["unit"] == "ms"


def test_the_fast_path_has_its_rows() -> None:
    assert [row["name"] for row in fast_rows(load_scenario(BARE), 1)] == [
        "sim.fast_path",
        "sim.fast_path.loop",
    ]


def test_a_year_goes_on_until_all_have_called(tmp_path: Path) -> None:
    full = load_scenario(ROOT / "config" / "scenarios" / "saitama-autotax-may.yaml")
    full = full.model_copy(update={"project": str(ROOT / str(full.project))})
    summary = run(of_a_year(full, 6000)).summary
    assert summary["offered"] == 6000
    assert summary["outcomes"]["self_served"] > 0

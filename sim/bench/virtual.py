"""The simulator against the models of SimPy and Ciw of the bare queue, and its other speeds.

One process, all in turn, medians of some runs; only the year of calls has a process of its own.
"""

from __future__ import annotations

import json
from pathlib import Path
from statistics import median

from sim.bench import ciw_queue, simpy_queue
from sim.bench.fast import fast_rows
from sim.bench.formulas import formula_row
from sim.bench.row import Row, row
from sim.bench.streams import Draws
from sim.bench.year import year_rows
from sim.run import rare_collection, run
from sim.scenario import Scenario, load_scenario

BARE, FULL = "bare-queue.yaml", "saitama-autotax-may.yaml"
TIMES = 5
SIMPY, CIW = "simpy M/M/34+M", "ciw M/M/34+M"
CIW_CALLS = 20_000
"""Enough for Ciw, whose speed does not depend on their number."""


def virtual_rows(root: Path, times: int = TIMES) -> list[Row]:
    """Calls simulated per second of wall time and more, with the scenarios of `root`/config/scenarios; about 80 s."""
    folder = root / "config" / "scenarios"
    bare, full = (load_scenario(folder / name) for name in (BARE, FULL))
    full = full.model_copy(update={"project": str(root / str(full.project))})
    rounds = [(ours(bare), ours(full), simpys(bare), ciws(bare)) for _ in range(times)]
    bare_rate, full_rate, simpy_rate, ciw_rate = (median(rates) for rates in zip(*rounds, strict=True))
    return [
        row("sim.bare_queue", "calls/s", bare_rate, SIMPY, simpy_rate, more_is_better=True),
        row("sim.bare_queue.ciw", "calls/s", bare_rate, CIW, ciw_rate, more_is_better=True),
        row("sim.full_flow", "calls/s", full_rate, SIMPY, simpy_rate, more_is_better=True),
        *fast_rows(bare, times),
        formula_row(),
        *year_rows(folder / FULL),
    ]


def main(root: Path) -> None:
    """The rows as JSON."""
    print(json.dumps(virtual_rows(root)))


def ours(scenario: Scenario) -> float:
    """Calls per second of the real engine on virtual time."""
    result = run(scenario)
    return float(result.summary["offered"]) / result.seconds


def simpys(scenario: Scenario) -> float:
    """Calls per second of SimPy's model, its garbage collector as rare as ours."""
    if not isinstance(scenario.seats, int) or scenario.calls is None:
        raise ValueError("the rival plays scenarios with `calls` and a fixed number of seats only")
    with rare_collection():
        _, seconds = simpy_queue.run(Draws(scenario), scenario.seats, scenario.calls)
    return scenario.calls / seconds


def ciws(scenario: Scenario) -> float:
    """Calls per second of Ciw's model, its garbage collector as rare as ours."""
    with rare_collection():
        _, seconds = ciw_queue.run(scenario, CIW_CALLS)
    return CIW_CALLS / seconds

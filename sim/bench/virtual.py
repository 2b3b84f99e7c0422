"""The simulator against SimPy's own model of the bare queue: one process, in turn, medians of some runs."""

from __future__ import annotations

from pathlib import Path
from statistics import median

from sim.bench import simpy_queue
from sim.bench.row import Row, row
from sim.bench.streams import Draws
from sim.run import rare_collection, run
from sim.scenario import Scenario, load_scenario

BARE, FULL = "bare-queue.yaml", "saitama-autotax-may.yaml"
TIMES = 5
RIVAL = "simpy M/M/34+M"


def virtual_rows(root: Path, times: int = TIMES) -> list[Row]:
    """Calls simulated per second of wall time, with the scenarios of `root`/config/scenarios; about 30 s."""
    bare, full = (load_scenario(root / "config" / "scenarios" / name) for name in (BARE, FULL))
    full = full.model_copy(update={"project": str(root / str(full.project))})
    rounds = [(ours(bare), ours(full), theirs(bare)) for _ in range(times)]
    bare_rate, full_rate, simpy_rate = (median(rates) for rates in zip(*rounds, strict=True))
    return [
        row("sim.bare_queue", "calls/s", bare_rate, RIVAL, simpy_rate, more_is_better=True),
        row("sim.full_flow", "calls/s", full_rate, RIVAL, simpy_rate, more_is_better=True),
    ]


def ours(scenario: Scenario) -> float:
    """Calls per second of the real engine on virtual time."""
    result = run(scenario)
    return float(result.summary["offered"]) / result.seconds


def theirs(scenario: Scenario) -> float:
    """Calls per second of SimPy's model, its garbage collector as rare as ours."""
    if not isinstance(scenario.seats, int) or scenario.calls is None:
        raise ValueError("the rival plays scenarios with `calls` and a fixed number of seats only")
    with rare_collection():
        _, seconds = simpy_queue.run(Draws(scenario), scenario.seats, scenario.calls)
    return scenario.calls / seconds

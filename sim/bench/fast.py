"""How many calls/s the fast path plays: with the draws of chance and everything, and the loop over numbers alone."""

from __future__ import annotations

import time
from statistics import median

from sim.bench.row import Row, row
from sim.fast import call_by_call, fast_run
from sim.fast.draws import draw
from sim.fast.loops import run_line
from sim.randomness import Stream
from sim.scenario import Scenario

CALLS = 1_000_000
TARGET = 5e6


def fast_rows(scenario: Scenario, times: int) -> list[Row]:
    """The scenario with a million calls; the first run, which may wait for the compiler, does not count."""
    scenario = scenario.model_copy(update={"calls": CALLS})
    fast_run(scenario)
    whole = median(_whole(scenario) for _ in range(times))
    loop = median(_loop(scenario) for _ in range(times))
    return [
        row("sim.fast_path", "calls/s", whole, "target", TARGET, more_is_better=True),
        row("sim.fast_path.loop", "calls/s", loop, "target", TARGET, more_is_better=True),
    ]


def _whole(scenario: Scenario) -> float:
    began = time.perf_counter()
    fast_run(scenario)
    return CALLS / (time.perf_counter() - began)


def _loop(scenario: Scenario) -> float:
    arrivals, _ = call_by_call(scenario)
    talks = draw(scenario.handle, Stream(scenario.seed, "handle"), CALLS)
    assert scenario.patience is not None  # the bare queue's callers lose it
    assert isinstance(scenario.seats, int)  # and its seats never change
    patience = draw(scenario.patience, Stream(scenario.seed, "patience"), CALLS)
    began = time.perf_counter()
    run_line(arrivals, talks, patience, scenario.seats)
    return CALLS / (time.perf_counter() - began)

"""A year of calls through the full flow, in a process of its own: how long it takes, and what memory it needs.

Its `main` plays the scenario with 100,000 calls, then with 400,000, and prints one object: `seconds` of the
second run, and the peak of the memory after each (`quarter_mb`, `year_mb`).
"""

from __future__ import annotations

import datetime as dt
import json
import resource
from pathlib import Path

from sim.bench.compiled import on_compiled
from sim.bench.row import Row, row
from sim.run import run
from sim.scenario import Scenario, load_scenario

QUARTER, YEAR = 100_000, 400_000
TARGET_S, MORE_MB = 10.0, 5.0
QUARTERS = f"target: as for 100,000 calls, and {MORE_MB:g} MB"
FIRST = dt.date(2026, 4, 1)


def year_rows(scenario: Path) -> list[Row]:
    """Seconds for 400,000 calls; and the memory, which is flat: no more than 100,000 of them need, and a little."""
    found = on_compiled("sim.bench.year", scenario)
    return [
        row("sim.year", "s", found["seconds"], "target", TARGET_S, more_is_better=False),
        row(
            "sim.memory",
            "MB",
            found["year_mb"],
            QUARTERS,
            found["quarter_mb"] + MORE_MB,
            more_is_better=False,
        ),
    ]


def of_a_year(scenario: Scenario, calls: int) -> Scenario:
    """Its days from the first of a fiscal year on, until so many have called."""
    return scenario.model_copy(update={"first": FIRST, "last": None, "calls": calls})


def _peak_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main(path: Path) -> None:
    """Both runs, and what they took."""
    scenario = load_scenario(path)
    run(of_a_year(scenario, QUARTER))
    quarter_mb = _peak_mb()
    seconds = run(of_a_year(scenario, YEAR)).seconds
    print(json.dumps({"seconds": seconds, "quarter_mb": quarter_mb, "year_mb": _peak_mb()}))

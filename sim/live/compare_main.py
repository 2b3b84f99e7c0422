"""`denwaban compare SCENARIO`: one scenario by telephone and in simulation, side by side."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from calls.record import RecordFold
from sim.live.compare_calls import pairs, told
from sim.live.compare_verdict import Row, agree, rows
from sim.live.load import Loaded
from sim.live.load_main import finished, guarded, percent, play, say, scenario_of, seconds
from sim.live.load_plan import CannotLoadError
from sim.many.farm import cores
from sim.many.replications import replicate
from sim.run import run
from sim.scenario import Scenario

AGREE, DIFFER = 0, 2


def compare(root: Path, given: argparse.Namespace) -> int:
    """The command: 0 if the answer rate by telephone is one that the simulation would have, 2 if not, 1: bad input."""
    return guarded(lambda: _compare(root, given))


def _compare(root: Path, given: argparse.Namespace) -> int:
    scenario = scenario_of(given)
    assert scenario is not None  # the command does not do without
    if given.times < 2:
        raise CannotLoadError("one replication does not tell how much they differ: give --times 2 or more")
    loaded = finished(play(root, scenario, given))
    say(f"{given.times} replications of the simulation")
    found = compared(scenario, loaded, given.times, cores())
    if given.json:
        print(json.dumps(found, ensure_ascii=False))
    else:
        show(str(given.scenario), found)
    return AGREE if found["agree"] else DIFFER


def compared(scenario: Scenario, loaded: Loaded, times: int, workers: int = 1) -> dict[str, Any]:
    """Everything that is told, as one object; the simulation in so many processes.

    The replications have other seeds than the live run, so that its figures are one more draw; the simulation with the
    very same seed stands beside them, call by call.
    """
    records = RecordFold()
    same_seed = run(scenario, records.feed).summary
    others = replicate(scenario, times=times + 1, workers=workers).summaries[1:]
    found = rows(loaded.summary, same_seed, others)
    calls = pairs(loaded.dialled, loaded.records, records.records.values())
    return {
        "agree": agree(found),
        "replications": times,
        "figures": {name: row._asdict() for name, row in found.items()},
        "calls": told(calls),
        "live": loaded.figures,
        "simulated": same_seed,
    }


def show(title: str, found: dict[str, Any]) -> None:
    """For people."""
    console, calls, live = Console(), found["calls"], found["live"]
    console.print(_table(title, {name: Row(**row) for name, row in found["figures"].items()}))
    console.print(
        f"same seed: {percent(calls['same_outcome'])} of {calls['compared']} calls ended alike;"
        f" waits differ by {calls['wait_s']['median']} s (median), {calls['wait_s']['p95']} s (95 %)"
    )
    console.print(f"offered {live['offered']}, failed {live['failed']}, {live['seconds']} s on the telephone")
    console.print("telephone and simulation agree" if found["agree"] else "telephone and simulation DIFFER")


def _table(title: str, found: dict[str, Row]) -> Table:
    table = Table(title=title, title_justify="left")
    for name in ("figure", "live", "same seed", "mean", "95 % of runs", ""):
        table.add_column(name, justify="left" if name in ("figure", "") else "right")
    for name, row in found.items():
        unit = seconds if name == "mean_wait" else percent
        table.add_row(
            name.replace("_", " ").replace(".", " "),
            unit(row.live),
            unit(row.same_seed),
            unit(row.mean),
            f"{unit(row.low)} - {unit(row.high)}",
            "inside" if row.inside else "OUTSIDE",
        )
    return table

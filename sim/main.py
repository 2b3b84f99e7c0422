"""`denwaban sim SCENARIO [--json]`."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from ivr.yaml_marks import ConfigurationError
from sim.arrivals import NoArrivalsError
from sim.run import run
from sim.scenario import load_scenario

MET, NOT_MET, BAD_INPUT = 0, 2, 1
_RATES = ("answer_rate", "abandon_rate", "wait_rate", "occupancy", "promise")
_SECONDS = ("mean_wait", "mean_talk", "mean_wrapup")


def simulate(path: str | Path, as_json: bool = False) -> int:
    """Run a scenario file and tell its figures on standard output, everything else on standard error.

    Returns the exit code: 0 if the promise was met, 2 if not, 1 if the scenario cannot be run.
    """
    try:
        summary = run(load_scenario(Path(path))).summary
    except ConfigurationError as error:
        print(error, file=sys.stderr)
        return BAD_INPUT
    except NoArrivalsError as error:
        print(f"{path}:1:1: error: {error}", file=sys.stderr)
        return BAD_INPUT
    if as_json:
        print(json.dumps(summary, ensure_ascii=False))
    else:
        Console().print(table(str(path), summary))
    return MET if summary["met"] else NOT_MET


def table(title: str, summary: dict[str, Any]) -> Table:
    """The figures for people."""
    rows = Table(title=title, show_header=False)
    rows.add_column()
    rows.add_column(justify="right")
    for name, told in _lines(summary):
        rows.add_row(name, told)
    return rows


def _lines(summary: dict[str, Any]) -> list[tuple[str, str]]:
    lines = [(name, f"{summary[name]:,}") for name in ("offered", "answered", "abandoned", "blocked")]
    lines += [(f"  {outcome}", f"{count:,}") for outcome, count in summary["outcomes"].items()]
    lines += [(name.replace("_", " "), _percent(summary[name])) for name in _RATES]
    lines += [
        (f"answered within {limit} s", _percent(rate)) for limit, rate in summary["service_level"].items()
    ]
    lines += [(name.replace("_", " "), _seconds(summary[name])) for name in _SECONDS]
    lines += [(f"promise {p['period']}", _verdict(p)) for p in summary["periods"]]
    lines.append(("calls simulated per second", f"{summary['calls_per_second'] or 0:,.0f}"))
    return lines


def _percent(rate: float | None) -> str:
    return "-" if rate is None else f"{100 * rate:.2f} %"


def _seconds(seconds: float | None) -> str:
    return "-" if seconds is None else f"{seconds:.1f} s"


def _verdict(period: dict[str, Any]) -> str:
    told = "met" if period["met"] else "NOT met"
    return f"{_percent(period['rate'])} of {_percent(period['promise'])}: {told}"

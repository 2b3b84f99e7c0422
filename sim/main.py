"""`denwaban sim SCENARIO ...`: see `sim.arguments`."""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rich.console import Console

from ivr.yaml_marks import ConfigurationError
from sim.arrivals import NoArrivalsError, at_minute
from sim.extras import MissingExtraError
from sim.many.compared import Comparison, compare
from sim.many.farm import FarmError, cores
from sim.many.parcel import OtherProgramError
from sim.many.replications import MOST, Replications, replicate
from sim.many.together import together
from sim.run import run
from sim.scenario import Scenario, load_scenario
from sim.shortfall import shortfall
from sim.show.console import differences, shown
from sim.show.course import course_of
from sim.show.page import page
from sim.show.plot import draw
from sim.show.progress import progress
from sim.world import build

MET, NOT_MET, BAD_INPUT = 0, 2, 1
DAY_S = 86_400.0


@dataclass(frozen=True)
class Wishes:
    """What is asked for besides the scenario; see `sim.arguments`."""

    json: bool = False
    times: int | None = None
    half_width: float | None = None
    workers: int | None = None
    dask: str = ""
    seed: int | None = None
    against: Path | None = None
    plot: Path | None = None
    html: Path | None = None


def sim(given: argparse.Namespace) -> int:
    """The command; returns its exit code."""
    wishes = {name: getattr(given, name) for name in Wishes.__dataclass_fields__}
    return _simulate(given.scenario, Wishes(**wishes))


def simulate(path: str | Path, as_json: bool = False) -> int:
    """Run a scenario file once and tell its figures on standard output, everything else on standard error.

    Returns the exit code: 0 if the promise was met, 2 if not, 1 if the scenario cannot be run.
    """
    return _simulate(Path(path), Wishes(json=as_json))


def _simulate(path: Path, wishes: Wishes) -> int:
    try:
        return _told(path, wishes)
    except NoArrivalsError as error:
        print(f"{path}:1:1: error: {error}", file=sys.stderr)
    except (ConfigurationError, FarmError, MissingExtraError, OtherProgramError) as error:
        print(error, file=sys.stderr)
    except OSError as error:
        print(f"{error.filename or path}: cannot be written: {error.strerror or error}", file=sys.stderr)
    return BAD_INPUT


def _told(path: Path, wishes: Wishes) -> int:
    scenario = _scenario(path, wishes)
    comparison = _compared(scenario, wishes)
    replications = comparison.this if comparison else _replicated(scenario, wishes)
    summary = together(replications)
    if short := shortfall(scenario, summary):
        summary["shortfall"] = short
    if comparison:
        summary["against"] = {"scenario": str(wishes.against)} | comparison.told()
    _write(path, scenario, summary, wishes)
    if wishes.json:
        print(json.dumps(summary, ensure_ascii=False))
    else:
        _show(path, summary, wishes, comparison)
    return MET if summary["met"] else NOT_MET


def _scenario(path: Path, wishes: Wishes) -> Scenario:
    scenario = load_scenario(path)
    for remark in scenario.remarks:
        print(remark, file=sys.stderr)
    return scenario if wishes.seed is None else scenario.model_copy(update={"seed": wishes.seed})


def _compared(scenario: Scenario, wishes: Wishes) -> Comparison | None:
    if wishes.against is None:
        return None
    other = load_scenario(wishes.against)
    with progress("pairs of replications", wishes.times) as done:
        return compare(scenario, other, told=done, **_way(wishes))


def _replicated(scenario: Scenario, wishes: Wishes) -> Replications:
    if wishes.dask or wishes.half_width or (wishes.times or 1) > 1:
        with progress("replications", wishes.times) as done:
            return replicate(scenario, told=done, **_way(wishes))
    return Replications([_once(scenario)])


def _way(wishes: Wishes) -> dict[str, Any]:
    return {
        "times": wishes.times,
        "half_width": wishes.half_width,
        "most": MOST,
        "workers": wishes.workers or cores(),
        "dask": wishes.dask,
    }


def _once(scenario: Scenario) -> dict[str, Any]:
    """One run, told by its days where it has an end."""
    world = build(scenario)
    start, last = world.start(), scenario.end
    days = (at_minute(last, 0, world.zone) - start) / DAY_S + 1 if last else None
    with progress("days", days) as done:
        return run(scenario, watch=lambda at: done(round((at - start) / DAY_S))).summary


def _write(path: Path, scenario: Scenario, summary: dict[str, Any], wishes: Wishes) -> None:
    project = Path(scenario.project).stem if scenario.project else "bare queue"
    day = course_of(project, path.name, summary)
    if wishes.plot is not None:
        draw(day, wishes.plot)
    if wishes.html is not None:
        wishes.html.write_text(page(day, summary), encoding="utf-8")


def _show(path: Path, summary: dict[str, Any], wishes: Wishes, comparison: Comparison | None) -> None:
    console = Console()
    console.print(shown(str(path), summary))
    if comparison is not None and wishes.against is not None:
        console.print(differences(path.name, wishes.against.name, comparison))
    if not summary["half_width_reached"]:
        told = f"after {summary['replications']} replications the answer rate is not known to +- {wishes.half_width}"
        print(f"{path}: {told}; see `intervals`", file=sys.stderr)

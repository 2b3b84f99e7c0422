"""`denwaban staff SCENARIO` and `denwaban mailing-plan SCENARIO`: see `sim.staffing.arguments`."""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from rich.console import Console

from ivr.yaml_marks import ConfigurationError
from sim.arrivals import NoArrivalsError
from sim.extras import MissingExtraError, need
from sim.many.farm import FarmError, cores
from sim.scenario import Scenario, load_scenario
from sim.staffing import curve, curve_plot, shift_check
from sim.staffing.mailing_plan import NoMailingError
from sim.staffing.need import NothingToStaffError
from sim.staffing.pilot import NoPatienceError
from sim.staffing.rules import Rules, load_rules
from sim.staffing.search import Wish
from sim.staffing.seat_plan import as_seats, as_yaml
from sim.staffing.service import TooManySeatsError
from sim.staffing.shift_output import shifts_yaml
from sim.staffing.staff import Staffing, UnreachableError, engine, staffing, told
from sim.staffing.tables import shown

MET, NOT_MET, BAD_INPUT = 0, 2, 1


class WrongArgumentsError(Exception):
    """Arguments that do not go together."""


def staff(given: argparse.Namespace) -> int:
    """The command `staff`; returns its exit code: 0 the plan keeps the promise, 2 it does not, 1 bad input."""
    return guarded(given, _staff)


def guarded(given: argparse.Namespace, do: Callable[[argparse.Namespace], int]) -> int:
    """Run a command of staffing, and tell what is wrong with its input on standard error."""
    place = f"{given.scenario}:1:1: error: "
    try:
        return do(given)
    except UnreachableError as error:
        return _unreachable(given, error)
    except (NoArrivalsError, NothingToStaffError, NoPatienceError, TooManySeatsError) as error:
        print(f"{place}{error}", file=sys.stderr)
    except (ConfigurationError, FarmError, MissingExtraError, WrongArgumentsError, NoMailingError) as error:
        print(error, file=sys.stderr)
    except OSError as error:
        print(f"{error.filename}: cannot be written: {error.strerror}", file=sys.stderr)
    return BAD_INPUT


def _unreachable(given: argparse.Namespace, error: UnreachableError) -> int:
    if given.json:
        print(json.dumps({"met": False} | error.told(), ensure_ascii=False))
    print(error, file=sys.stderr)
    return NOT_MET


def _staff(given: argparse.Namespace) -> int:
    began = time.perf_counter()
    scenario, rules = load_scenario(given.scenario), _rules(given)
    if given.plot:
        need("matplotlib", "drawing a plot")  # told now, and not after minutes of simulation
    simulate = engine(given.workers or cores())
    found = staffing(scenario, Wish(given.probability, given.floor, times=given.times), simulate)
    result = told(found, given.shrinkage)
    met = found.checked.met
    seats = as_seats(found.plan)
    if rules is not None:
        checked = shift_check.check_shifts(found, rules, given.shrinkage, simulate)
        result["shifts"] = shift_check.told(checked)
        met, seats = checked.met, checked.seats()
        write(given.write_roster, shifts_yaml(checked.entries(Path(scenario.project or "").stem)))
    if given.curve or given.plot:
        result["curve"] = _curve(given, found, result)
    write(given.write, as_yaml(seats))
    result["seconds"] = round(time.perf_counter() - began, 2)
    tell(given, result, shown)
    return MET if met else NOT_MET


def _rules(given: argparse.Namespace) -> Rules | None:
    if given.shifts is not None:
        need("ortools", "planning shifts")
        rules = load_rules(given.shifts)
        if given.write_roster is not None and (unnamed := [one.name for one in rules.staff if not one.who]):
            raise WrongArgumentsError(
                f"--write-roster needs names: give `who` for '{unnamed[0]}' in {given.shifts}"
            )
        return rules
    if given.write_roster is not None:
        raise WrongArgumentsError(
            "--write-roster says who works when: give the rules of the shifts with --shifts"
        )
    return None


def _curve(given: argparse.Namespace, found: Staffing, result: dict[str, Any]) -> list[dict[str, Any]]:
    points = curve.curve(found.search.periods.values(), found.wish)
    rows = curve.rows(points, given.shrinkage, given.cost)
    if given.plot:
        plan = curve_plot.Found(result["answer_rate"], result["seat_hours"], result["promise"])
        curve_plot.plot(rows, plan, _title(found.scenario), given.plot, given.shrinkage)
    return rows


def _title(scenario: Scenario) -> str:
    name = Path(scenario.project).stem if scenario.project else "bare queue"
    return f"{name}, {scenario.start} to {scenario.end}"


def write(file: Path | None, text: str) -> None:
    """Write a text where somebody asked for it. Raises OSError."""
    if file is not None:
        file.write_text(text, encoding="utf-8")


def tell(
    given: argparse.Namespace, result: dict[str, Any], table: Callable[[str, dict[str, Any]], Any]
) -> None:
    """The result on standard output: one object, or tables."""
    if given.json:
        print(json.dumps(result, ensure_ascii=False))
    else:
        Console().print(table(str(given.scenario), result))

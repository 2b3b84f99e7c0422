"""`denwaban budget`: how many calls may still be lost, when the day breaks, and what repairs it."""

from __future__ import annotations

import argparse
import asyncio
import datetime as dt
import json
import sys
from pathlib import Path
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy.exc import SQLAlchemyError

from calls.budget import budget, period_of
from calls.pace import Pace, Standing, pace
from engine.build import load_centre
from ivr.project import Project
from ivr.yaml_marks import ConfigurationError
from sim.arrivals import NoArrivalsError
from sim.expectation import HalfHour, expected_calls
from sim.forecast import Day, Forecast, forecast
from sim.forecast.repair import NoRepair, Repair, repair
from sim.scenario import Scenario
from store.counted import read_arrivals
from store.database import Database, DatabaseUrlError
from store.migrations import upgrade
from supervisor.budget_arguments import LANGUAGES
from supervisor.budget_words import Told, sentences
from supervisor.flow_tools import ToolError
from supervisor.gate import scenario_of
from supervisor.gate_words import GateError
from supervisor.standing import local, midnight_of, open_today, read_standing
from telephony.site import load_site
from telephony.versions import live_versions, projects_of, version_store

HOLDS, BAD_INPUT, BREAKS = 0, 1, 2


class Outlook(NamedTuple):
    """What the simulation says, and the cheapest repair where one is needed."""

    forecast: Forecast
    repair: Repair | NoRepair | None


def show_budget(given: argparse.Namespace) -> int:
    """`denwaban budget`. Exit code: 0 the promise holds, 2 it does not or is going to break, 1 bad input."""
    try:
        return _budget(given)
    except (ConfigurationError, ToolError, GateError, DatabaseUrlError, NoArrivalsError, OSError) as error:
        print(error, file=sys.stderr)
    except SQLAlchemyError as error:
        told = "the database does not answer: try again when it does"
        print(f"{told} ({type(error).__name__})", file=sys.stderr)
    return BAD_INPUT


def _budget(given: argparse.Namespace) -> int:
    _check(given)
    project, url = _project(given.config, given.project)
    at = _moment(given.at, project)
    scenario = scenario_of(given.scenario, project.project, given.config) if given.scenario else None
    standing, came = asyncio.run(_read(url, project, at))
    outlook, more = None, None
    if scenario is not None:
        expected = _expected(scenario, local(project, at).date(), given.scenario)
        outlook = _outlook(Day(scenario, standing, came), given)
        more = _expected_more(expected, project, standing, outlook.forecast)
    found = budget(*standing.total, standing.period.promise, more)
    by_pace = pace(standing, open_today(project, at))
    told = Told(
        standing.period.name,
        len(standing.period.months) > 1,
        found,
        standing.so_far,
        by_pace,
        outlook.forecast if outlook else None,
        outlook.repair if outlook else None,
        given.probability,
    )
    _print(given, project, told, at)
    broken = found.state in ("behind", "lost")
    breaks = outlook is not None and outlook.forecast.kept_share < given.probability
    return BREAKS if broken or breaks else HOLDS


def _check(given: argparse.Namespace) -> None:
    if not 1 <= given.times <= 1000:
        raise ToolError(f"--times {given.times}: give a number of replications from 1 to 1000")
    if not 0 < given.probability <= 1:
        raise ToolError(f"--probability {given.probability}: give a share like 0.9")


def _project(config: Path, name: str) -> tuple[Project, str]:
    """The project by the promise that is in service, and the URL of the database."""
    site = load_site(config / "site.yaml")
    centre = load_centre(config, projects_of(live_versions(version_store(site.var_directory))))
    if name not in centre.projects:
        raise ToolError(f"there is no project '{name}'; there are: {', '.join(centre.projects)}")
    return centre.projects[name], site.store_url


def _moment(text: str, project: Project) -> float:
    if not text:
        return dt.datetime.now(dt.UTC).timestamp()
    try:
        moment = dt.datetime.fromisoformat(text)
    except ValueError:
        raise ToolError(f"'{text}' is no time; write it like 2026-05-07T13:05") from None
    return (moment if moment.tzinfo else moment.replace(tzinfo=ZoneInfo(project.timezone))).timestamp()


async def _read(url: str, project: Project, at: float) -> tuple[Standing, tuple[float, ...]]:
    await upgrade(url)
    async with Database(url) as database:
        standing = await read_standing(database, project, at)
        came = await read_arrivals(database, project.project, midnight_of(project, at), at)
    return standing, tuple(came)


def _outlook(day: Day, given: argparse.Namespace) -> Outlook:
    found = forecast(day, given.times)
    if found.kept_share >= given.probability:
        return Outlook(found, None)
    print("looking for the cheapest repair", file=sys.stderr)
    return Outlook(found, repair(day, given.times, given.probability))


def _expected(scenario: Scenario, today: dt.date, path: Path) -> list[HalfHour]:
    """What a scenario expects; raises ToolError where that is nothing today."""
    found = expected_calls(scenario)
    if any(one.day == today for one in found):
        return found
    days = f"; its calls are from {found[0].day} to {found[-1].day}" if found else ""
    raise ToolError(f"{path}: nobody calls on {today} in it{days}: give a scenario that has this day")


def _expected_more(expected: list[HalfHour], project: Project, standing: Standing, found: Forecast) -> int:
    """The calls that count and are still to come in the period, as far as the scenario goes."""
    today = local(project, standing.at).date()
    name, promise = standing.period.name, project.promise
    later = sum(one.calls for one in expected if one.day > today and period_of(promise, one.day).name == name)
    return round(found.expected + later * found.counting)


# ---- what is printed


def _print(given: argparse.Namespace, project: Project, told: Told, at: float) -> None:
    zone = ZoneInfo(project.timezone)
    languages = [given.language] if given.language else [*LANGUAGES]
    text = {language: sentences(told, zone, language) for language in languages}
    if given.json:
        print(json.dumps(_as_json(project, told, at) | {"text": text}, ensure_ascii=False, indent=2))
    else:
        print("\n\n".join("\n".join(lines) for lines in text.values()))


def _as_json(project: Project, told: Told, at: float) -> dict[str, Any]:
    """The same for programs; every time as ISO 8601 on the project's clock."""

    def clock(time: float | None) -> str | None:
        return None if time is None else local(project, time).isoformat(timespec="minutes")

    return {
        "project": project.project,
        "at": clock(at),
        "period": {"period": told.period} | told.budget._asdict(),
        "today": _today(told) | {"breaks_at": clock(told.pace.breaks_at)},
        "forecast": _forecast(told.outlook, clock) if told.outlook else None,
        "repair": _repair(told.repair, clock) if told.repair else None,
    }


def _today(told: Told) -> dict[str, Any]:
    by_pace: Pace = told.pace
    return told.today._asdict() | {"rate": told.today.rate} | by_pace._asdict()


def _forecast(found: Forecast, clock: Any) -> dict[str, Any]:
    early, median, late = map(clock, found.breaks_at)
    return {
        "times": found.times,
        "kept_share": found.kept_share,
        "breaks_at": {"p10": early, "p50": median, "p90": late},
        "expected": found.expected,
        "rate": found.rate,
    }


def _repair(found: Repair | NoRepair, clock: Any) -> dict[str, Any]:
    return {
        "possible": isinstance(found, Repair),
        "seats": found.seats,
        "from": clock(found.at),
        "kept_share": found.kept_share,
    }

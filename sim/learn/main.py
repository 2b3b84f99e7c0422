"""`denwaban fit PROJECT --from D --to D` and `denwaban replay PROJECT --date D`."""

from __future__ import annotations

import argparse
import asyncio
import datetime as dt
import json
import sys
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from rich.console import Console
from sqlalchemy.exc import SQLAlchemyError

from engine.centre import Centre
from ivr.bundle import project_of
from ivr.loader import load_project, shaped
from ivr.project import Project
from ivr.yaml_marks import ConfigurationError, read
from sim.learn import replay_text, scenario_file
from sim.learn.fit import fit
from sim.learn.fitted import Fitted
from sim.learn.past import NothingRecordedError, Past, bounds, read_past, unknown_project
from sim.learn.replay import Instead, replay
from sim.rosters import roster
from sim.scenario.seats import Seats
from sim.scenario.words import Model
from sim.shifts import Shifts
from store.database import Database
from store.migrations import NewerDatabaseError, upgrade
from store.versions import VersionError, VersionStore

GOOD, BAD_INPUT = 0, 1
BUNDLE = "bundle.json"


@dataclass(frozen=True)
class House:
    """A site as far as learning goes. `centre`: as it works today. `versions`: all that were ever published."""

    config: Path
    centre: Centre
    store_url: str
    versions: VersionStore


def fit_command(given: argparse.Namespace, house: House) -> int:
    """Exit code 0; 1 where there is nothing to learn from, or it cannot be read."""
    return _saying(lambda: _fit(given, house))


def replay_command(given: argparse.Namespace, house: House) -> int:
    """Exit code 0, whatever changes; 1 where there is nothing to replay, or it cannot be read."""
    return _saying(lambda: _replay(given, house))


def _saying(do: Any) -> int:
    try:
        do()
    except (NothingRecordedError, ConfigurationError, NewerDatabaseError, VersionError) as error:
        print(error, file=sys.stderr)
    except (SQLAlchemyError, OSError) as error:
        reason = f"the database does not answer ({type(error).__name__})"
        print(f"{reason}: is it up, and is `store` in site.yaml right?", file=sys.stderr)
    else:
        return GOOD
    return BAD_INPUT


# ---- fit


def _fit(given: argparse.Namespace, house: House) -> None:
    first, last = _day(given.first), _day(given.last)
    if last < first:
        raise NothingRecordedError(f"--to ({last}) is before --from ({first})")
    zone = _zone(house, given.project)
    past = asyncio.run(_read(house.store_url, given.project, *bounds(first, last, zone)))
    found = fit(past, house.centre, given.project, first, last)
    file = house.config / "projects" / f"{given.project}.yaml"
    found.notes += _file_notes(file, house)
    written = _written(found, file, given.output) if given.output else []
    if given.json:
        print(json.dumps(_as_data(found, file, given.output, written), ensure_ascii=False))
    elif not given.output:
        sys.stdout.write(scenario_file.as_text(found, file, None))
    for told in (*found.notes, *found.thin, *_unwritten(found, given.output)):
        print(told, file=sys.stderr)
    for path in written:
        print(f"written: {path}", file=sys.stderr)


def _written(found: Fitted, file: Path, output: Path) -> list[Path]:
    try:
        return scenario_file.write(found, file, output)
    except OSError as error:
        raise NothingRecordedError(f"{output} cannot be written: {error.strerror}") from None


def _file_notes(file: Path, house: House) -> list[str]:
    """The scenario names a file; what is in service may be something else."""
    try:
        same = load_project(file, house.config / "calendars") == house.centre.projects[file.stem]
    except ConfigurationError as error:
        return [f"the scenario names the project's file, which cannot be used: {error.problems[0]}"]
    other = "the project's file, which the scenario names, is not the version that is in service"
    return [] if same else [other]


def _as_data(found: Fitted, file: Path, output: Path | None, written: list[Path]) -> dict[str, Any]:
    return {
        "project": found.project,
        "from": found.first.isoformat(),
        "to": found.last.isoformat(),
        "days": found.days,
        "calls": found.calls,
        "scenario": scenario_file.as_data(found, file, output),
        "parts": {
            key: {"observations": part.observations, "told": part.told, "thin": part.thin} | part.data
            for key, part in found.parts.items()
        },
        "thin": found.thin,
        "notes": found.notes,
        "written": [str(path) for path in written],
    }


def _unwritten(found: Fitted, output: Path | None) -> list[str]:
    if output is not None or not any(part.files for part in found.parts.values()):
        return []
    return ["the scenario names files of quantiles, which are written beside it: give --output FILE"]


# ---- replay


def _replay(given: argparse.Namespace, house: House) -> None:
    day, zone = _day(given.date), _zone(house, given.project)
    start, end = bounds(day, day, zone)
    centre = _as_then(house, given.project, start)
    calendars = house.config / "calendars"
    instead = Instead(
        load_project(given.flow, calendars) if given.flow else None,
        Shifts(roster(_seats(given.seats)), zone) if given.seats else None,
    )
    past = asyncio.run(_read(house.store_url, given.project, start, end))
    found = replay(past, centre, given.project, instead, given.seed)
    if given.json:
        print(json.dumps(replay_text.as_data(found, given.project, day, zone), ensure_ascii=False))
    else:
        Console().print(replay_text.as_tables(found, f"{given.project} {day}", zone))


def _as_then(house: House, project: str, at: float) -> Centre:
    """The centre of today with the version of a project that was in force at a time, where one was published."""
    store = house.versions
    known = [one for one in store.versions(project) if not one.refused and one.about and one.about.at <= at]
    if not known:
        return house.centre
    try:
        then = project_of(store.files(known[-1])[BUNDLE].decode())
    except (KeyError, ValueError):
        raise VersionError(f"version {known[-1].number} of {project} is nothing for this release") from None
    return replace(house.centre, projects={**house.centre.projects, project: then})


class _SeatsFile(Model):
    seats: Seats


def _seats(given: str) -> Seats:
    """So many, or the key `seats` of a YAML file (a scenario, or nothing else than that)."""
    if given.isdecimal():
        if not 0 < int(given) <= 10_000:
            raise NothingRecordedError(f"--seats {given}: between 1 and 10000 seats can be staffed")
        return int(given)
    document = read(Path(given))
    if not document.problems and not (isinstance(document.data, dict) and "seats" in document.data):
        document.complain((), "`seats` is missing here: write it as in a scenario, or give a number")
    elif not document.problems:
        document.data = {"seats": document.data["seats"]}
    found = shaped(document, _SeatsFile)
    if found is None or document.problems:
        raise ConfigurationError(document.problems)
    return found.seats


# ---- both


async def _read(url: str, project: str, start: float, end: float) -> Past:
    await upgrade(url)
    async with Database(url) as database:
        return await read_past(database, project, start, end)


def _zone(house: House, project: str) -> ZoneInfo:
    known: Project | None = house.centre.projects.get(project)
    if known is None:
        raise unknown_project(project, house.centre.projects)
    return ZoneInfo(known.timezone)


def _day(text: str) -> dt.date:
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        raise NothingRecordedError(f"'{text}' is no date; write it like 2026-05-07") from None

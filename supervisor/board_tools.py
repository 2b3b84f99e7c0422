"""`denwaban board`: who waited, who talked and how the day stood, at any second of which there is a journal."""

from __future__ import annotations

import argparse
import asyncio
import datetime as dt
import json
import sys
from collections.abc import Iterable
from typing import Any
from zoneinfo import ZoneInfo

from rich.box import SIMPLE
from rich.console import Console, Group, RenderableType
from rich.table import Table
from rich.text import Text
from sqlalchemy.exc import SQLAlchemyError

from engine.build import load_centre
from engine.centre import Centre
from ivr.messages import nearest
from ivr.yaml_marks import ConfigurationError
from store.database import Database, DatabaseUrlError
from store.migrations import upgrade
from supervisor.board.past import NoJournalError, PastBoard, board_at
from supervisor.board.sheet import Sheet
from supervisor.flow_tools import ToolError
from telephony.site import load_site
from telephony.versions import live_versions, projects_of, version_store

LATE_S = 60.0
"""A journal that has been silent for so long is worth a word."""


def show_board(given: argparse.Namespace) -> int:
    """`denwaban board`. Exit code: 0, or 1 where the moment has no board."""
    try:
        _show(given)
    except (ConfigurationError, ToolError, DatabaseUrlError, OSError) as error:
        print(error, file=sys.stderr)
    except SQLAlchemyError as error:
        print(
            f"the database does not answer: try again when it does ({type(error).__name__})", file=sys.stderr
        )
    else:
        return 0
    return 1


def _show(given: argparse.Namespace) -> None:
    site = load_site(given.config / "site.yaml")
    centre = load_centre(given.config, projects_of(live_versions(version_store(site.var_directory))))
    projects = _projects(centre, given.project)
    zone = _zone(centre, projects)
    at = moment(given.at, zone)
    past = asyncio.run(_read(site.store_url, at, zone))
    sheet = Sheet(past.board, centre, projects, at, zone)
    told = sheet.mapping() | {
        "run": past.run, "entry": past.entries, "entry_at": sheet.time(past.last_at), "faults": past.faults,
    }  # fmt: skip
    for fault in past.faults:
        print(fault, file=sys.stderr)
    if given.json:
        print(json.dumps(told, ensure_ascii=False, indent=2))
    else:
        _print(told, silent_s=at - past.last_at)


def _projects(centre: Centre, name: str) -> set[str]:
    if name and name not in centre.projects:
        near = nearest(name, centre.projects)
        raise ToolError(f"there is no project '{name}'{near}; there are: {', '.join(centre.projects)}")
    return {name} if name else {*centre.projects}


def _zone(centre: Centre, projects: Iterable[str]) -> ZoneInfo:
    zones = sorted({centre.projects[name].timezone for name in projects})
    if len(zones) != 1:
        raise ToolError(
            f"the projects are in several time zones ({', '.join(zones)}): name one with --project"
            if zones
            else "there is no project: write one into config/projects first"
        )
    return ZoneInfo(zones[0])


def moment(text: str, zone: ZoneInfo) -> float:
    """A local time as seconds since 1970 UTC; empty for now. Raises ToolError for what is none, or still to come."""
    now = dt.datetime.now(zone)
    try:
        at = dt.datetime.fromisoformat(text) if text else now
    except ValueError:
        raise ToolError(f"'{text}' is no time; write it like 2026-05-07T10:15:03") from None
    at = at if at.tzinfo else at.replace(tzinfo=zone)
    if at > now:
        raise ToolError(f"{text} is still to come: it is {now:%Y-%m-%dT%H:%M:%S}")
    return at.timestamp()


async def _read(url: str, at: float, zone: ZoneInfo) -> PastBoard:
    await upgrade(url)
    midnight = dt.datetime.combine(dt.datetime.fromtimestamp(at, zone).date(), dt.time(), zone)
    async with Database(url) as database:
        try:
            return await board_at(database, at, midnight.timestamp())
        except NoJournalError as error:
            raise ToolError(_none(error.first, at, zone)) from None


def _none(first: float | None, at: float, zone: ZoneInfo) -> str:
    if first is None:
        return "there is no journal yet: it begins with `denwaban run`"
    asked, begins = (dt.datetime.fromtimestamp(one, zone) for one in (at, first))
    return (
        f"there is no journal of {asked:%Y-%m-%dT%H:%M:%S}: the first run begins at {begins:%Y-%m-%dT%H:%M:%S}; "
        "ask for a later time, or read the database in which that day is kept (`store.url` in site.yaml)"
    )


# ---- for people


def _print(told: dict[str, Any], silent_s: float) -> None:
    head = f"{told['at'][:19].replace('T', ' ')}  run {told['run']}, entry {told['entry']}"
    parts: list[RenderableType] = [Text(head)]
    if silent_s > LATE_S:
        parts.append(Text(f"nothing was written since {told['entry_at'][:19].replace('T', ' ')}"))
    parts += [_figures(told["projects"]), _waiting(told["waiting"]), _seats(told["seats"])]
    if told["callbacks"]:
        parts.append(_callbacks(told["callbacks"]))
    Console().print(Group(*parts))


def _figures(projects: dict[str, Any]) -> Table:
    titles = ("project", "received", "answered", "of", "rate", "promise", "outcomes")
    rows = (
        (
            name, one["received"], one["answered"], one["counted"], _percent(one["rate"]),
            _percent(one["promise"]), ", ".join(f"{key} {n}" for key, n in one["outcomes"].items()),
        )
        for name, one in projects.items()
    )  # fmt: skip
    return _table("the day so far", titles, rows, numbers=(1, 2, 3, 4, 5))


def _waiting(waiting: list[dict[str, Any]]) -> Table:
    titles = ("queue", "place", "waited", "caller", "priority", "call")
    places: dict[str, int] = {}
    rows = []
    for one in waiting:
        place = places[one["queue"]] = places.get(one["queue"], 0) + 1
        row = (
            one["queue"],
            place,
            _minutes(one["waited"]),
            one["caller"],
            one["priority"] or "",
            one["call"],
        )
        rows.append(row)
    return _table(f"waiting: {len(rows)}", titles, rows, numbers=(1, 2, 4))


def _seats(seats: list[dict[str, Any]]) -> Table:
    titles = ("seat", "state", "since", "operator", "reason", "call")
    rows = (
        (
            one["seat"],
            one["state"],
            one["since"][11:19],
            one["name"] or one["operator"],
            one["reason"],
            one["call"],
        )
        for one in seats
    )
    return _table(f"seats: {len(seats)}", titles, rows)


def _callbacks(callbacks: list[dict[str, Any]]) -> Table:
    titles = ("callback", "queue", "number", "state", "tries", "asked")
    rows = (
        (one["callback"], one["queue"], one["number"], one["state"], one["tries"], one["asked_at"][11:19])
        for one in callbacks
    )
    return _table(f"callbacks: {len(callbacks)}", titles, rows, numbers=(4,))


def _table(
    title: str, titles: tuple[str, ...], rows: Iterable[tuple[object, ...]], numbers: tuple[int, ...] = ()
) -> Table:
    table = Table(title=title, box=SIMPLE, title_justify="left")
    for place, name in enumerate(titles):
        table.add_column(name, justify="right" if place in numbers else "left")
    for row in rows:
        table.add_row(*(Text(str(value)) for value in row))
    return table


def _percent(rate: float | None) -> str:
    return "" if rate is None else f"{100 * rate:.1f} %"


def _minutes(seconds: float) -> str:
    return f"{int(seconds) // 60}:{int(seconds) % 60:02}"

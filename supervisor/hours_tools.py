"""`denwaban hours`, `override` and `status`: when a project is open, and opening or closing it by hand."""

from __future__ import annotations

import argparse
import datetime as dt
import getpass
import json
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from calls.hours import DAY_MIN, WEEKDAYS, OpeningHours, Span
from ivr.messages import nearest
from ivr.project import Project
from ivr.yaml_marks import ConfigurationError
from supervisor.flow_tools import ToolError, named_project
from telephony.control import ControlError, Reply, ask, control_socket
from telephony.site import load_site

DAYS = 14
MOST_DAYS = 3660


def print_hours(given: argparse.Namespace) -> int:
    """`denwaban hours`: the days of a project, one line each."""
    return _told(lambda: _hours(given))


def override(given: argparse.Namespace) -> int:
    """`denwaban override`: close, open or switch a project of the running service."""
    return _told(lambda: _override(given))


def status(given: argparse.Namespace) -> int:
    """`denwaban status`: what every project of the running service is."""
    return _told(lambda: _status(given))


def _told(do: Callable[[], None]) -> int:
    try:
        do()
    except (ConfigurationError, ControlError, ToolError) as error:
        print(error, file=sys.stderr)
        return 1
    return 0


# ---- hours


def _hours(given: argparse.Namespace) -> None:
    project = named_project(given.config, given.project)
    if given.set and given.set not in project.hours_sets:
        near = nearest(given.set, project.hours_sets)
        raise ToolError(f"there are no hours '{given.set}' in `hours_sets` of this project{near}")
    hours = project.opening_hours(given.set)
    days = [_day(hours, day) for day in _dates(project, given.first, given.last)]
    if given.json:
        told = {"project": project.project, "timezone": project.timezone, "days": days}
        print(json.dumps(told, ensure_ascii=False, indent=2))
    else:
        print("\n".join(map(_line, days)))


def _dates(project: Project, first: str, last: str) -> Iterator[dt.date]:
    day = _date(first) if first else dt.datetime.now(ZoneInfo(project.timezone)).date()
    end = _date(last) if last else day + dt.timedelta(days=DAYS - 1)
    if not 0 <= (end - day).days < MOST_DAYS:
        raise ToolError(f"--to {end} has to come after --from {day}, by less than {MOST_DAYS} days")
    return (day + dt.timedelta(days=n) for n in range((end - day).days + 1))


def _date(text: str) -> dt.date:
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        raise ToolError(f"'{text}' is no date; write it like 2026-12-25") from None


def _day(hours: OpeningHours, day: dt.date) -> dict[str, Any]:
    """One day: its open spans as [from, to], `reason`, and the parts that are closed though they would be open."""
    pieces = hours.own(day)
    return {
        "date": day.isoformat(),
        "weekday": WEEKDAYS[day.weekday()],
        "open": [_times(piece.span) for piece in pieces if piece.open],
        "reason": hours.reason(day),
        "closed": [
            {"hours": _times(piece.span), "reason": piece.reason} for piece in pieces if not piece.open
        ],
    }


def _times(span: Span) -> list[str]:
    """[from, to] on the clock: 22:00 to 02:00 ends on the next day."""
    end = span.end if span.end <= DAY_MIN else span.end - DAY_MIN
    return [f"{minute // 60:02}:{minute % 60:02}" for minute in (span.start, end)]


def _line(day: dict[str, Any]) -> str:
    head = f"{day['date']} {day['weekday']}  "
    if not day["open"]:
        reason = day["reason"]
        return head + (reason if reason.startswith("closed") else f"closed: {reason}")
    spans = ", ".join("-".join(span) for span in day["open"])
    parts = [f"{'-'.join(part['hours'])} closed: {part['reason']}" for part in day["closed"]]
    notes = [*filter(None, [day["reason"]]), *parts]
    return f"{head}{spans}" + (f"  ({'; '.join(notes)})" if notes else "")


# ---- the running service


def _override(given: argparse.Namespace) -> None:
    by = given.by or getpass.getuser()
    order = {
        "project": given.project,
        "kind": given.kind,
        "until": given.until,
        "reason": given.reason,
        "by": by,
    }
    reply = _asked(given.config, {"do": "override", **order})
    print(_state(given.project, reply))
    if not reply["stored"]:
        print("the database did not take it yet: it holds, but not beyond a restart", file=sys.stderr)


def _status(given: argparse.Namespace) -> None:
    projects = _asked(given.config, {"do": "status"})["projects"]
    if given.json:
        print(json.dumps({"projects": projects}, ensure_ascii=False, indent=2))
    else:
        print("\n".join(_state(name, state) for name, state in projects.items()))


def _asked(config: Path, request: dict[str, Any]) -> Reply:
    path = control_socket(load_site(config / "site.yaml").var_directory)
    reply = ask(path, request)
    if reply is None:
        raise ToolError(f"no service answers at {path}: start it with `denwaban run`")
    return reply


def _state(project: str, state: Reply) -> str:
    line = f"{project}: {'open' if state['open'] else 'closed'} ({state['reason']})"
    if state["override"] is None:
        return line
    return f"{line}; by order: {state['override']} until {state['until']}, by {state['by']}"

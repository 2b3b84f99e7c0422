"""What a scenario says that its project, or a file that it names, does not agree with."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Iterator
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from ivr.messages import nearest
from ivr.nodes.collect import Collect
from ivr.nodes.enqueue import Enqueue
from ivr.nodes.menu import Menu
from ivr.project import Project
from ivr.yaml_marks import ConfigurationError, Document, Place
from sim import observed
from sim.distributions import Duration
from sim.habits.menus import lines_with_keys
from sim.mailings import calls_by_day
from sim.scenario.project import project_of
from sim.scenario.seat_checks import Remarks, check_seats

if TYPE_CHECKING:
    from sim.scenario import Scenario

LAST_PLACE, LAST_WAIT_S = 11, 1800
"""Beyond these nothing worse is announced: every place after the tenth is one, and longer waits are not told."""


def check_files(document: Document, scenario: Scenario) -> None:
    """Note every file that is named and is not there."""
    for place, file in _named_files(scenario):
        if file is not None and not scenario.find(file).is_file():
            document.complain(
                place, f"there is no file '{file}', neither beside the scenario nor in this folder"
            )


def check_project(document: Document, scenario: Scenario) -> list[str]:
    """Note what does not fit the scenario's project; the answer is what can be simulated but looks like a mistake."""
    remarks = Remarks(document)
    try:
        project = project_of(scenario)
    except ConfigurationError as error:
        document.problems += error.problems
        return []
    _menus(document, remarks, scenario, project)
    _lateness(remarks, scenario)
    _balking(remarks, scenario, project)
    if scenario.project is not None:
        _days(document, scenario, project)
        _mailings(remarks, scenario, project)
        _classes(remarks, scenario, project)
        _gaps(document, remarks, scenario, project)
        check_seats(document, remarks, scenario, project.opening_hours())
    return remarks.told


def _named_files(scenario: Scenario) -> Iterator[tuple[Place, str | None]]:
    yield ("project",), scenario.project
    yield ("arrivals", "file"), scenario.arrivals.file
    for place, duration in durations(scenario):
        yield (*place, "file"), duration.file


def durations(scenario: Scenario) -> Iterator[tuple[Place, Duration]]:
    """Every duration of a scenario with its YAML path."""
    operators, redial = scenario.operators, scenario.redial
    found: dict[Place, Duration | None] = {
        (name,): getattr(scenario, name) for name in ("handle", "wrapup", "patience", "ring")
    }
    for name, one in scenario.handle.classes.items():
        found["handle", "classes", name] = one
        found["handle", "classes", name, "wrapup"] = one.wrapup
    for kind in ("after_busy", "after_abandon"):
        again = getattr(redial, kind) if redial else None
        found["redial", kind, "wait"] = again.wait if again else None
    found["operators", "away"], found["operators", "lateness"] = operators.away, operators.lateness
    if operators.breaks is not None:
        found["operators", "breaks", "every"] = operators.breaks.every
        found["operators", "breaks", "length"] = operators.breaks.length
    return ((place, duration) for place, duration in found.items() if duration is not None)


def _menus(document: Document, remarks: Remarks, scenario: Scenario, project: Project) -> None:
    nodes = project.flow.table.nodes
    typed_in = [name for name, node in nodes.items() if isinstance(node, Menu | Collect)]
    typed_in += sorted(lines_with_keys(project))
    for name in scenario.flow.menus:
        if name in typed_in:
            _untold(remarks, name, project)
            continue
        if name in nodes:
            told = (
                f"callers press keys in a menu, a collect or a line with keys, and '{name}' is none of them"
            )
        else:
            told = f"{project.project} has no node '{name}'{nearest(name, typed_in)}"
        document.complain(("flow", "menus", name), told, of_key=True)


def _untold(remarks: Remarks, name: str, project: Project) -> None:
    node = project.flow.table.nodes[name]
    if isinstance(node, Enqueue) and project.queues[node.queue].notices is None:
        told = f"the queue '{node.queue}' has no notices: nobody is told of its keys, and nobody presses any"
        remarks.tell(("flow", "menus", name), told, of_key=True)


def _days(document: Document, scenario: Scenario, project: Project) -> None:
    plan, hours = scenario.arrivals, project.opening_hours()
    if plan.profile is not None:
        return
    for day, calls in (plan.by_date or {}).items():
        spans, reason = hours.day(day)
        if calls and not spans:
            told = (
                f"{project.project} is closed on this day ({reason}): give a `profile`, or take the day out"
            )
            document.complain(("arrivals", "by_date", str(day)), told)


def _mailings(remarks: Remarks, scenario: Scenario, project: Project) -> None:
    first, last = scenario.start, scenario.end or dt.date.max
    for index, mailing in enumerate(scenario.arrivals.mailings):
        days = calls_by_day(mailing, project.opening_hours())
        if mailing.letters and not any(first <= day <= last for day in days):
            told = f"nobody calls about these letters from {first} to {last}: see `posted`, `from` and `to`"
            remarks.tell(("arrivals", "mailings", index), told)
    for index, burst in enumerate(scenario.arrivals.bursts):
        if not first <= burst.at.date() <= last:
            remarks.tell(("arrivals", "bursts", index), f"this is not between {first} and {last}")


def _classes(remarks: Remarks, scenario: Scenario, project: Project) -> None:
    known = project.inquiry_classes
    for name in scenario.handle.classes:
        if name not in known:
            told = f"'{name}' is no inquiry class of {project.project}: no call is given it{nearest(name, known)}"
            remarks.tell(("handle", "classes", name), told, of_key=True)


def _balking(remarks: Remarks, scenario: Scenario, project: Project) -> None:
    balking = scenario.balking
    if balking is None:
        return
    notices = [queue.notices for queue in project.queues.values() if queue.notices]
    for name, shares, last in (
        ("position", balking.position, LAST_PLACE),
        ("expected_wait", balking.expected_wait, LAST_WAIT_S),
    ):
        if shares and not any(getattr(one, name) for one in notices):
            told = f"no queue of {project.project} announces it: nobody hangs up for it"
            remarks.tell(("balking", name), told)
        for figure in shares:
            if figure > last:
                told = f"nothing beyond {last} is ever announced: nobody hangs up for {figure}"
                remarks.tell(("balking", name, str(figure)), told, of_key=True)


def _lateness(remarks: Remarks, scenario: Scenario) -> None:
    if scenario.operators.lateness is not None and isinstance(scenario.seats, int):
        told = "nobody is ever late where `seats` is a number: everybody is there day and night"
        remarks.tell(("operators", "lateness"), told)


def _gaps(document: Document, remarks: Remarks, scenario: Scenario, project: Project) -> None:
    """Days without a single call in the middle of a file, though the project was open."""
    if scenario.arrivals.file is None:
        return
    zone, path = ZoneInfo(project.timezone), scenario.find(scenario.arrivals.file)
    try:
        times = observed.inside(observed.arrivals(path, zone), scenario.first, scenario.last, zone)
    except ConfigurationError as error:
        document.problems += error.problems
        return
    called = sorted({dt.datetime.fromtimestamp(time, zone).date() for time in times})
    hours = project.opening_hours()
    missing = [day for day in _between(called) if hours.day(day)[0]]
    if missing:
        days = ", ".join(map(str, missing[:5])) + (", ..." if missing[5:] else "")
        told = f"the file has no call on {len(missing)} open days ({days}): is something missing in it?"
        remarks.tell(("arrivals", "file"), told)


def _between(days: list[dt.date]) -> Iterator[dt.date]:
    """The days between the first and the last one that are not among them."""
    for before, after in itertools.pairwise(days):
        for gap in range(1, (after - before).days):
            yield before + dt.timedelta(days=gap)

"""The project that a scenario is about."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from ivr.loader import load_projects
from ivr.project import Project
from sim.bare import bare_project

if TYPE_CHECKING:
    from sim.scenario import Scenario


def project_of(scenario: Scenario) -> Project:
    """The project of a scenario, with the scenario's lines; the bare queue where it names none.

    Raises ConfigurationError where the project's file cannot be used.
    """
    if scenario.project is None:
        wrapup = not scenario.wrapup.nothing or any(one.wrapup for one in scenario.handle.classes.values())
        return bare_project(lines=scenario.lines, wrapup=wrapup, promise=scenario.promise)
    path = scenario.find(scenario.project)
    (project,) = load_projects([path], calendars(path)).values()
    return project if scenario.lines is None else project.model_copy(update={"lines": scenario.lines})


def calendars(project: Path) -> Path:
    """The folder of the calendars beside a project's file."""
    return project.resolve().parent.parent / "calendars"

"""Builds the engine's configuration from a `config/` folder."""

from __future__ import annotations

from pathlib import Path

from engine.centre import Centre, SeatPlan
from engine.seats_file import SeatsFile
from ivr.loader import load_projects, shaped
from ivr.messages import nearest
from ivr.yaml_marks import ConfigurationError, Document, Problem, read


def load_centre(config: Path) -> Centre:
    """Everything below a `config/` folder that the engine decides by.

    Raises ConfigurationError with all problems of all files.
    """
    problems: list[Problem] = []
    projects = {}
    try:
        projects = load_projects(sorted((config / "projects").glob("*.yaml")), config / "calendars")
    except ConfigurationError as error:
        problems += error.problems
    document = read(config / "seats.yaml")
    seats = _seats(document, set(projects) if not problems else None)
    problems += document.problems
    if not projects and not problems:
        document.complain((), f"there is no project file in {config / 'projects'}")
        problems += document.problems
    if problems:
        raise ConfigurationError(problems)
    return Centre(projects, seats)


def _seats(document: Document, projects: set[str] | None) -> tuple[SeatPlan, ...]:
    file = shaped(document, SeatsFile)
    plans: dict[str, SeatPlan] = {}
    for index, group in enumerate(file.seats if file else ()):
        for place, project in enumerate(group.projects):
            if projects is not None and project not in projects:
                told = f"there is no project '{project}'{nearest(project, projects)}"
                document.complain(("seats", index, "projects", place), told)
        for seat in group.expanded():
            if seat in plans:
                document.complain(("seats", index, "ids"), f"the seat '{seat}' stands here a second time")
            plans[seat] = SeatPlan(seat, group.projects)
    return tuple(plans.values())

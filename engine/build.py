"""Builds the engine's configuration from a `config/` folder."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from engine.centre import Centre, SeatPlan
from engine.extensions_file import Extension, listed_extensions
from engine.seats_file import SeatsFile
from engine.targets import unknown_names
from ivr.loader import NOTHING, load_projects, shaped
from ivr.messages import nearest
from ivr.project import Project
from ivr.yaml_marks import ConfigurationError, Document, Problem, read


def load_centre(config: Path, live: Mapping[str, Project] = NOTHING) -> Centre:
    """Everything below a `config/` folder that the engine decides by.

    `live`: projects that take the place of their files, which are not read.
    Raises ConfigurationError with all problems of all files.
    """
    problems: list[Problem] = []
    projects = {}
    try:
        files = sorted(file for file in (config / "projects").glob("*.yaml") if file.stem not in live)
        projects = load_projects(files, config / "calendars", live)
    except ConfigurationError as error:
        problems += error.problems
    document = read(config / "seats.yaml")
    seats = _seats(document, projects if not problems else None)
    if not problems and not document.problems:
        _all_served(document, projects, seats)
    problems += document.problems
    directory = _directory(config / "extensions.yaml", {seat.id for seat in seats}, problems)
    if not problems:
        from_files = [project for name, project in projects.items() if name not in live]
        problems += _targets(config / "projects", from_files, seats, directory)
    if not projects and not problems:
        document.complain((), f"there is no project file in {config / 'projects'}")
        problems += document.problems
    if problems:
        raise ConfigurationError(problems)
    return Centre(projects, seats, {extension.number: extension for extension in directory})


def _directory(file: Path, taken: set[str], problems: list[Problem]) -> list[Extension]:
    if not file.exists():
        return []
    document = read(file)
    directory = listed_extensions(document, taken)
    problems += document.problems
    return directory


def _targets(
    folder: Path, projects: list[Project], seats: tuple[SeatPlan, ...], directory: list[Extension]
) -> list[Problem]:
    """What is wrong with the telephones that the flows ring."""
    ids, numbers = [seat.id for seat in seats], [extension.number for extension in directory]
    found = unknown_names(folder, projects, "seat", lambda node: node.seats(), ids, "seats.yaml")
    return found + unknown_names(
        folder, projects, "extension", lambda node: node.extensions(), numbers, "extensions.yaml"
    )


def _seats(document: Document, projects: dict[str, Project] | None) -> tuple[SeatPlan, ...]:
    file = shaped(document, SeatsFile)
    plans: dict[str, SeatPlan] = {}
    for index, group in enumerate(file.seats if file else ()):
        if projects is not None:
            _served(document, index, group.projects, projects)
        for seat in group.expanded():
            if seat in plans:
                document.complain(("seats", index, "ids"), f"the seat '{seat}' stands here a second time")
            plans[seat] = SeatPlan(seat, group.projects)
    return tuple(plans.values())


def _served(document: Document, index: int, served: tuple[str, ...], projects: dict[str, Project]) -> None:
    for place, name in enumerate(served):
        if name not in projects:
            told = f"there is no project '{name}'{nearest(name, projects)}"
        elif projects[name].exclusive_seats and len(served) > 1:
            told = f"the project '{name}' has seats of its own (exclusive_seats): they serve no other project"
        else:
            continue
        document.complain(("seats", index, "projects", place), told)


def _all_served(document: Document, projects: dict[str, Project], seats: tuple[SeatPlan, ...]) -> None:
    """A seat serves all queues of its projects: a queue is served if its project is."""
    served = {project for seat in seats for project in seat.projects}
    for name, project in projects.items():
        used = {queue for node in project.flow.table.nodes.values() for queue in node.queues().values()}
        if name not in served:
            for queue in sorted(used):
                told = f"no seat serves the queue '{queue}' of the project '{name}'; name the project at some seats"
                document.complain(("seats",), told)

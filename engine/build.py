"""Builds the engine's configuration from a `config/` folder."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from pathlib import Path

from engine.centre import Centre, Person, SeatPlan
from engine.desk_texts import DESK
from engine.extensions_file import Extension, listed_extensions
from engine.number_plan import NumberPlan
from engine.people_file import listed_people
from engine.seats_file import listed_seats
from engine.targets import unknown_names
from ivr.loader import NOTHING, load_projects
from ivr.project import Project
from ivr.yaml_marks import ConfigurationError, Document, Problem, read


def load_centre(config: Path, live: Mapping[str, Project] = NOTHING) -> Centre:
    """Everything below a `config/` folder that the engine decides by.

    `live`: projects that take the place of their files, which are not read.
    Raises ConfigurationError with all problems of all files.
    """
    problems: list[Problem] = []
    projects = _projects(config, live, problems)
    known = None if problems else projects
    numbers = NumberPlan()
    document = read(config / "seats.yaml")
    seats = listed_seats(document, known, numbers)
    people = _people(config / "people.yaml", known, seats, numbers, problems)
    if not problems and not document.problems:
        _all_served(document, projects, [*seats.values(), *people.values()])
    problems += document.problems
    directory = _directory(config / "extensions.yaml", set(seats), numbers, problems)
    if not problems:
        from_files = [project for name, project in projects.items() if name not in live]
        problems += _targets(config / "projects", from_files, seats, directory)
    if not projects and not problems:
        document.complain((), f"there is no project file in {config / 'projects'}")
        problems += document.problems
    if problems:
        raise ConfigurationError(problems)
    extensions = {extension.number: extension for extension in directory}
    return Centre(projects, tuple(seats.values()), extensions, people=people)


def _projects(config: Path, live: Mapping[str, Project], problems: list[Problem]) -> dict[str, Project]:
    try:
        files = sorted(file for file in (config / "projects").glob("*.yaml") if file.stem not in live)
        projects = load_projects(files, config / "calendars", live)
    except ConfigurationError as error:
        problems += error.problems
        return {}
    if DESK in projects:
        document = read(config / "projects" / f"{DESK}.yaml")
        document.complain(
            ("project",), f"'{DESK}' is what the telephones at the seats say; choose another name"
        )
        problems += document.problems
    return projects


def _people(
    file: Path,
    projects: Mapping[str, Project] | None,
    seats: Collection[str],
    numbers: NumberPlan,
    problems: list[Problem],
) -> dict[str, Person]:
    if not file.exists():
        return {}
    document = read(file)
    people = listed_people(document, projects, seats, numbers)
    problems += document.problems
    return people


def _directory(file: Path, taken: set[str], numbers: NumberPlan, problems: list[Problem]) -> list[Extension]:
    if not file.exists():
        return []
    document = read(file)
    directory = listed_extensions(document, taken, numbers)
    problems += document.problems
    return directory


def _targets(
    folder: Path, projects: list[Project], seats: Collection[str], directory: list[Extension]
) -> list[Problem]:
    """What is wrong with the telephones that the flows ring."""
    numbers = [extension.number for extension in directory]
    found = unknown_names(folder, projects, "seat", lambda node: node.seats(), seats, "seats.yaml")
    return found + unknown_names(
        folder, projects, "extension", lambda node: node.extensions(), numbers, "extensions.yaml"
    )


def _all_served(document: Document, projects: dict[str, Project], serving: list[SeatPlan | Person]) -> None:
    """Who serves a project serves all its queues: a queue is served if its project is.

    At a personal seat it is the people who serve.
    """
    by = [one for one in serving if not (isinstance(one, SeatPlan) and one.personal)]
    served = {project for one in by for project in one.projects}
    for name, project in projects.items():
        used = {queue for node in project.flow.table.nodes.values() for queue in node.queues().values()}
        if name not in served:
            for queue in sorted(used):
                told = (
                    f"nobody serves the queue '{queue}' of the project '{name}'; name the project at some seats, "
                    "or for people if those seats are personal"
                )
                document.complain(("seats",), told)

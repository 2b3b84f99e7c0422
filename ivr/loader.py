"""Reads project files: every mistake of every file in one run, each with its line and column."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ValidationError

from ivr.degraded_checks import check_degraded
from ivr.flow_checks import check_flow
from ivr.guidance_checks import check_guidance
from ivr.hours_model import Calendar, ProjectHours
from ivr.language_checks import check_languages, check_own_language
from ivr.messages import tell
from ivr.project import Project
from ivr.queue_checks import check_queues
from ivr.recording_checks import check_recording
from ivr.yaml_marks import ConfigurationError, Document, Place, Problem, read

Model = TypeVar("Model", bound=BaseModel)
SERVICE = "callers dial this number (it stands under `numbers`); give the service another one"
NOTHING: Mapping[str, Project] = {}


def load_projects(
    paths: Iterable[Path], calendars: Path, beside: Mapping[str, Project] = NOTHING
) -> dict[str, Project]:
    """The projects of some files, by name; `calendars` is the folder of calendar files.

    `beside`: projects that are there already; they are in the answer, and their numbers are taken.
    Raises ConfigurationError with all problems of all files.
    """
    problems: list[Problem] = []
    projects = dict(beside)
    owners = {number: name for name, project in beside.items() for _, number in numbers_of(project)}
    for path in paths:
        document = read(path)
        project = _project(document, calendars)
        if project is not None:
            _unique(document, project, projects, owners)
            projects.setdefault(project.project, project)
        problems += document.problems
    if problems:
        raise ConfigurationError(list(dict.fromkeys(problems)))  # a shared calendar tells its own once
    return dict(sorted(projects.items()))


def load_project(path: Path, calendars: Path) -> Project:
    """The project of one file, whatever the file is called: a draft, or a copy. Raises ConfigurationError."""
    document = read(path)
    project = _project(document, calendars, any_name=True)
    if project is None or document.problems:
        raise ConfigurationError(list(dict.fromkeys(document.problems)))
    return project


def load(path: Path, model: type[Model]) -> Model:
    """One YAML file as one model; raises ConfigurationError."""
    document = read(path)
    found = shaped(document, model)
    if found is None or document.problems:
        raise ConfigurationError(document.problems)
    return found


def shaped(document: Document, model: type[Model]) -> Model | None:
    """The document's data as a model; what does not fit is noted in the document."""
    if document.problems:
        return None
    try:
        return model.model_validate(document.data)
    except ValidationError as error:
        for detail in error.errors():
            tell(document, detail, model)
        return None


def _project(document: Document, calendars: Path, *, any_name: bool = False) -> Project | None:
    project = shaped(document, Project)
    if project is None:
        return None
    if not any_name and project.project != Path(document.file).stem:
        document.complain(("project",), f"the file of this project has to be named {project.project}.yaml")
    before = len(document.problems)
    check_flow(document, project)
    if len(document.problems) == before:  # a name that leads nowhere would say nothing of who comes where
        check_languages(document, project)
    check_queues(document, project)
    check_own_language(document, project)
    check_guidance(document, project, calendars.parent / "guidance")
    check_recording(document, project)
    check_degraded(document, project)
    return _with_calendar(document, project, calendars)


def _with_calendar(document: Document, project: Project, calendars: Path) -> Project | None:
    hours = _complete(document, ("hours",), project.hours, calendars)
    sets = {
        name: _complete(document, ("hours_sets", name), given, calendars)
        for name, given in project.hours_sets.items()
    }
    if hours is None or None in sets.values():
        return None
    return project.model_copy(update={"hours": hours, "hours_sets": sets})


def _complete(document: Document, path: Place, hours: ProjectHours, calendars: Path) -> ProjectHours | None:
    """The hours with the content of their calendars."""
    found = [_calendar(document, path, name, calendars) for name in hours.calendar]
    if None in found:
        return None
    complete = hours.model_copy(update={"days_off": tuple(found)})
    for index in complete.overlapping():
        told = "these hours overlap with those of the day before or after"
        document.complain((*path, "open", index, "hours"), told)
    return complete


def _calendar(document: Document, path: Place, name: str, calendars: Path) -> Calendar | None:
    read_from = read(calendars / f"{name}.yaml")
    calendar = shaped(read_from, Calendar)
    if calendar is None:
        document.complain((*path, "calendar"), f"the calendar '{name}' cannot be used")
        document.problems += read_from.problems
    return calendar


def _unique(
    document: Document, project: Project, projects: dict[str, Project], owners: dict[str, str]
) -> None:
    if project.project in projects:
        document.complain(("project",), f"the project '{project.project}' stands in another file already")
        return
    for path, number in numbers_of(project):
        if number in owners:
            owner = owners[number]
            told = f"this number belongs to the project '{owner}' already"
            if owner == project.project:
                twice = "this number stands here a second time"
                told = SERVICE if path[0] == "service_number" else twice
            document.complain(path, told)
        owners.setdefault(number, project.project)


def numbers_of(project: Project) -> Iterator[tuple[Place, str]]:
    """Every number that leads to a project, with its YAML path."""
    for index, number in enumerate(project.numbers):
        yield ("numbers", index, "number"), number.number
    if project.service_number is not None:
        yield ("service_number", "number"), project.service_number.number

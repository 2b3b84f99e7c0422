"""Reads project files: every mistake of every file in one run, each with its line and column."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ValidationError

from ivr.flow_checks import check_flow
from ivr.hours_model import Calendar
from ivr.messages import tell
from ivr.project import Project
from ivr.yaml_marks import ConfigurationError, Document, Problem, read

Model = TypeVar("Model", bound=BaseModel)


def load_projects(paths: Iterable[Path], calendars: Path) -> dict[str, Project]:
    """The projects of some files, by name; `calendars` is the folder of calendar files.

    Raises ConfigurationError with all problems of all files.
    """
    problems: list[Problem] = []
    projects: dict[str, Project] = {}
    owners: dict[str, str] = {}
    for path in paths:
        document = read(path)
        project = _project(document, calendars)
        if project is not None:
            _unique(document, project, projects, owners)
            projects.setdefault(project.project, project)
        problems += document.problems
    if problems:
        raise ConfigurationError(list(dict.fromkeys(problems)))  # a shared calendar tells its own once
    return projects


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


def _project(document: Document, calendars: Path) -> Project | None:
    project = shaped(document, Project)
    if project is None:
        return None
    if project.project != Path(document.file).stem:
        document.complain(("project",), f"the file of this project has to be named {project.project}.yaml")
    check_flow(document, project)
    _texts(document, project)
    return _with_calendar(document, project, calendars)


def _texts(document: Document, project: Project) -> None:
    for name, texts in project.guidance.items():
        if project.language not in texts:
            document.complain(("guidance", name), f"the text '{name}' is missing in '{project.language}'")
        for language, text in texts.items():
            if not text.strip():
                document.complain(("guidance", name, language), "there is nothing to say in this text")


def _with_calendar(document: Document, project: Project, calendars: Path) -> Project | None:
    name = project.hours.calendar
    if not name:
        return project
    calendar_document = read(calendars / f"{name}.yaml")
    calendar = shaped(calendar_document, Calendar)
    if calendar is None:
        document.complain(("hours", "calendar"), f"the calendar '{name}' cannot be used")
        document.problems += calendar_document.problems
        return None
    return project.model_copy(update={"hours": project.hours.model_copy(update={"days_off": calendar})})


def _unique(
    document: Document, project: Project, projects: dict[str, Project], owners: dict[str, str]
) -> None:
    if project.project in projects:
        document.complain(("project",), f"the project '{project.project}' stands in another file already")
        return
    for index, number in enumerate(project.numbers):
        if number.number in owners:
            owner = owners[number.number]
            told = f"this number belongs to the project '{owner}' already"
            if owner == project.project:
                told = "this number stands here a second time"
            document.complain(("numbers", index, "number"), told)
        owners.setdefault(number.number, project.project)

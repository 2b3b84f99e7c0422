"""A project as one text, with the calendars that it needs: what the journal keeps, to be replayed without files.

It holds what the YAML files say, and not what was made of it: so it is read by the same models as they are.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ivr.hours_model import Calendar, ProjectHours
from ivr.project import Project
from ivr.yaml_marks import read


def bundle_of(project: Mapping[str, Any], calendars: Mapping[str, Any]) -> str:
    """The bundle of a project and its calendars (by name), each as the plain data of its file."""
    content = {"project": project, "calendars": {name: calendars[name] for name in sorted(calendars)}}
    return json.dumps(content, ensure_ascii=False, separators=(",", ":"))


def bundle_of_file(file: Path, calendars: Path) -> str:
    """The bundle of a project file; the loader has found no mistake in it and in its calendars."""
    data = read(file).data
    names = calendar_names(Project.model_validate(data))
    return bundle_of(data, {name: read(calendars / f"{name}.yaml").data for name in names})


def project_of(bundle: str) -> Project:
    """The project of a bundle. Raises ValueError where it is none, or none that this release understands."""
    content = json.loads(bundle)
    if not isinstance(content, dict) or content.keys() != {"project", "calendars"}:
        raise ValueError("this is no bundle of a project")
    project = Project.model_validate(content["project"])
    calendars = {name: Calendar.model_validate(data) for name, data in content["calendars"].items()}
    missing = [name for name in calendar_names(project) if name not in calendars]
    if missing:
        raise ValueError(f"the bundle of {project.project} lacks the calendar {missing[0]}")
    sets = {name: _complete(hours, calendars) for name, hours in project.hours_sets.items()}
    return project.model_copy(update={"hours": _complete(project.hours, calendars), "hours_sets": sets})


def calendar_names(project: Project) -> list[str]:
    """The calendars that a project needs, each once."""
    sets = (project.hours, *project.hours_sets.values())
    return list(dict.fromkeys(name for hours in sets for name in hours.calendar))


def _complete(hours: ProjectHours, calendars: Mapping[str, Calendar]) -> ProjectHours:
    return hours.model_copy(update={"days_off": tuple(calendars[name] for name in hours.calendar)})

"""What seats and people have in common: the projects that they serve, how well, and which they may listen to."""

from __future__ import annotations

from collections.abc import Mapping

from pydantic import BaseModel, ConfigDict, Field

from engine.centre import Skill
from ivr.messages import nearest
from ivr.project import Project
from ivr.yaml_marks import Document, Place


class SkillEntry(BaseModel):
    """`level` 1 is asked first; only callers who have waited `after_s` seconds are put through."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    level: int = Field(default=1, ge=1, le=9)
    after_s: float = Field(default=0.0, ge=0)


class Serving(BaseModel):
    """Base of the entries of seats.yaml and people.yaml.

    `projects`: whose calls are taken. `skills`: by project, or by queue as project/queue; what stands in neither has
    level 1 and is taken at once. `supervises`: the projects whose conversations may be heard and joined.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str = ""
    projects: tuple[str, ...] = ()
    skills: dict[str, SkillEntry] = Field(default_factory=dict)
    supervises: tuple[str, ...] = ()

    def skill_table(self) -> dict[str, Skill]:
        """The skills as the centre keeps them."""
        return {name: Skill(entry.level, entry.after_s) for name, entry in self.skills.items()}


def check_serving(document: Document, place: Place, entry: Serving, projects: Mapping[str, Project]) -> None:
    """Note every name in an entry that leads nowhere, and a project that does not share its seats."""
    for index, name in enumerate(entry.projects):
        told = _served(name, entry.projects, projects)
        if told:
            document.complain((*place, "projects", index), told)
    for name in entry.skills:
        told = _skill(name, entry.projects, projects)
        if told:
            document.complain((*place, "skills", name), told)
    for index, name in enumerate(entry.supervises):
        if name not in projects:
            document.complain((*place, "supervises", index), _no_project(name, projects))


def _no_project(name: str, projects: Mapping[str, Project]) -> str:
    return f"there is no project '{name}'{nearest(name, projects)}"


def _served(name: str, served: tuple[str, ...], projects: Mapping[str, Project]) -> str:
    if name not in projects:
        return _no_project(name, projects)
    if projects[name].exclusive_seats and len(served) > 1:
        return f"the project '{name}' has seats of its own (exclusive_seats): they serve no other project"
    return ""


def _skill(skill: str, served: tuple[str, ...], projects: Mapping[str, Project]) -> str:
    project, slash, queue = skill.partition("/")
    if project not in projects:
        return _no_project(project, projects)
    if project not in served:
        return f"'{project}' is not served here; name it under `projects` too"
    queues = projects[project].queues
    if slash and queue not in queues:
        return f"there is no queue '{queue}' in the project '{project}'{nearest(queue, queues)}"
    return ""

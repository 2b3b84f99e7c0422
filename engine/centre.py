"""What the engine works by: projects, seats, and which number belongs to whom. Built once, never changed."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field

from calls.queue_settings import QueueSettings
from engine.extensions_file import Extension
from engine.service_line import service_project
from ivr.project import Project


@dataclass(frozen=True)
class SeatPlan:
    """A seat and the projects whose calls it takes."""

    id: str
    projects: tuple[str, ...]


def queue_id(project: str, queue: str) -> str:
    """The name of a project's queue among all queues."""
    return f"{project}/{queue}"


@dataclass(frozen=True)
class Centre:
    """The whole configuration that the engine's decisions depend on."""

    projects: dict[str, Project]
    seats: tuple[SeatPlan, ...]
    extensions: Mapping[str, Extension] = field(default_factory=dict)  # by the number that is dialled
    early_media: bool = False  # texts of nodes with `answer: false` are said without answering the call
    service_lines: dict[str, Project] = field(init=False)
    versions: Mapping[str, int] = field(default_factory=dict)  # the numbers of published versions
    by_number: dict[str, Project] = field(init=False)

    def __post_init__(self) -> None:
        lines = [line for project in self.projects.values() if (line := service_project(project))]
        object.__setattr__(self, "service_lines", {line.project: line for line in lines})
        numbers = {n.number: project for project in self.answering().values() for n in project.numbers}
        object.__setattr__(self, "by_number", numbers)

    def answering(self) -> dict[str, Project]:
        """Everything that takes calls by a number: the projects, and their service numbers."""
        return self.projects | self.service_lines

    def version_of(self, name: str) -> int:
        """The published version of a project, or of the one whose service number this is; 0 if there is none."""
        return self.versions.get(name.partition(".")[0], 0)

    def queues(self) -> dict[str, QueueSettings]:
        """All queues by their id."""
        return {
            queue_id(project.project, name): settings
            for project in self.projects.values()
            for name, settings in project.queues.items()
        }

    def queues_of(self, seat: SeatPlan) -> tuple[str, ...]:
        """The queues that a seat serves, in the order of the configuration."""
        return tuple(
            queue_id(name, queue)
            for name in seat.projects
            if name in self.projects
            for queue in self.projects[name].queues
        )

    def digest(self) -> str:
        """SHA-256 (hexadecimal) of all that decisions depend on."""
        state = hashlib.sha256()
        for name in sorted(self.projects):
            state.update(self.projects[name].model_dump_json().encode())
            for hours in ("", *sorted(self.projects[name].hours_sets)):
                state.update(repr(self.projects[name].opening_hours(hours)).encode())
        for seat in self.seats:
            state.update(f"{seat.id} {' '.join(seat.projects)}\n".encode())
        for extension in self.extensions.values():
            state.update(f"{extension.number} {extension.id} {extension.via}\n".encode())
        state.update(f"early media {self.early_media}\n".encode())
        return state.hexdigest()

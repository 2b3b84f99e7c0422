"""What the engine works by: projects, seats, people, and which number belongs to whom. Built once, never changed."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from acd.seat import Serves
from calls.command import TargetKind
from calls.queue_settings import QueueSettings
from engine.extensions_file import Extension
from engine.number_plan import OUTSIDE
from engine.service_line import service_project
from ivr.project import Project

Role = Literal["operator", "leader", "supervisor"]


class Skill(NamedTuple):
    """How well somebody serves a queue: level 1 is asked first; only callers who have waited `after_s` seconds."""

    level: int = 1
    after_s: float = 0.0


@dataclass(frozen=True)
class SeatPlan:
    """A seat and the projects whose calls it takes.

    `number`: what colleagues dial to reach it (empty: nothing). `skills`: by queue id (`project/queue`) or by
    project; whatever stands in neither is served with Skill(). `supervises`: the projects whose conversations may be
    heard from here. `auto_answer`: its telephone picks up by itself (headset). `personal`: it takes calls only
    once a person has logged in.
    """

    id: str
    projects: tuple[str, ...]
    number: str = ""
    skills: Mapping[str, Skill] = field(default_factory=dict, hash=False)
    supervises: tuple[str, ...] = ()
    auto_answer: bool = False
    personal: bool = False


@dataclass(frozen=True)
class Person:
    """Somebody who works here; `number` is what he types after the star code that logs him in.

    `projects`, `skills` and `supervises` take the place of those of the seat at which he sits (see SeatPlan).
    """

    id: str
    number: str
    name: str = ""
    projects: tuple[str, ...] = ()
    skills: Mapping[str, Skill] = field(default_factory=dict, hash=False)
    supervises: tuple[str, ...] = ()
    role: Role = "operator"


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
    people: Mapping[str, Person] = field(default_factory=dict)  # by id
    plans: dict[str, SeatPlan] = field(init=False)  # the seats by id
    seat_by_number: dict[str, SeatPlan] = field(init=False)
    person_by_number: dict[str, Person] = field(init=False)

    def __post_init__(self) -> None:
        lines = [line for project in self.projects.values() if (line := service_project(project))]
        object.__setattr__(self, "service_lines", {line.project: line for line in lines})
        numbers = {n.number: project for project in self.answering().values() for n in project.numbers}
        object.__setattr__(self, "by_number", numbers)
        object.__setattr__(self, "plans", {seat.id: seat for seat in self.seats})
        short = {seat.number: seat for seat in self.seats if seat.number}
        object.__setattr__(self, "seat_by_number", short)
        people = {person.number: person for person in self.people.values() if person.number}
        object.__setattr__(self, "person_by_number", people)

    def answering(self) -> dict[str, Project]:
        """Everything that takes calls by a number: the projects, and their service numbers."""
        return self.projects | self.service_lines

    def version_of(self, name: str) -> int:
        """The published version of a project, or of the one whose service number this is; 0 if there is none."""
        return self.versions.get(name.partition(".")[0], 0) if self.versions else 0

    def queues(self) -> dict[str, QueueSettings]:
        """All queues by their id."""
        return {
            queue_id(project.project, name): settings
            for project in self.projects.values()
            for name, settings in project.queues.items()
        }

    def serves(self, plan: SeatPlan, person: Person | None = None) -> tuple[Serves, ...]:
        """What a seat serves while a person (None: nobody in particular) sits there, in the order of the configuration.

        Nothing where the two do not fit, and nothing at a personal seat without a person.
        """
        skills = (person or plan).skills
        served = self._queues(self.projects_at(plan, person))
        return tuple(Serves(queue, *_skill(skills, queue)) for queue in served)

    def projects_at(self, plan: SeatPlan, person: Person | None) -> tuple[str, ...]:
        """The projects whose calls a seat takes while a person (None: nobody in particular) sits there."""
        if not self.fits(plan, person) or (plan.personal and person is None):
            return ()
        return (person or plan).projects

    def _queues(self, projects: tuple[str, ...]) -> Iterator[str]:
        for name in projects:
            if name in self.projects:
                yield from (queue_id(name, queue) for queue in self.projects[name].queues)

    def fits(self, plan: SeatPlan, person: Person | None) -> bool:
        """Whether a person may sit at a seat.

        A project with seats of its own (`exclusive_seats`) is served at those alone, by people who serve nothing else.
        """
        if person is None:
            return True
        own = self._exclusive(plan.projects) | self._exclusive(person.projects)
        return not own or set(plan.projects) == own == set(person.projects)

    def _exclusive(self, projects: tuple[str, ...]) -> set[str]:
        return {name for name in projects if name in self.projects and self.projects[name].exclusive_seats}

    def may_supervise(self, plan: SeatPlan, person: Person | None, project: str) -> bool:
        """Whether who sits there may take part in conversations of a project; a personal seat asks for a person."""
        if person is None and plan.personal:
            return False
        return project in (person or plan).supervises

    def telephone(self, number: str) -> tuple[TargetKind, str] | None:
        """Whom a telephone of ours reaches by a number: a seat (its id), an extension or the outside (the number).

        None where it is nobody's.
        """
        if number in self.seat_by_number:
            return "seat", self.seat_by_number[number].id
        if number in self.extensions:
            return "extension", number
        return ("outside", number) if OUTSIDE.fullmatch(number) else None

    def digest(self) -> str:
        """SHA-256 (hexadecimal) of all that decisions depend on."""
        state = hashlib.sha256()
        for name in sorted(self.projects):
            state.update(self.projects[name].model_dump_json().encode())
            for hours in ("", *sorted(self.projects[name].hours_sets)):
                state.update(repr(self.projects[name].opening_hours(hours)).encode())
        for one in (*self.seats, *self.people.values()):
            state.update(f"{one!r}\n".encode())
        for extension in self.extensions.values():
            state.update(f"{extension.number} {extension.id} {extension.via}\n".encode())
        state.update(f"early media {self.early_media}\n".encode())
        return state.hexdigest()


def _skill(skills: Mapping[str, Skill], queue: str) -> Skill:
    """The skill at a queue: that of the queue itself, or that of its project."""
    return skills.get(queue) or skills.get(queue.partition("/")[0]) or Skill()

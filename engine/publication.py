"""Another version of a project takes the place of the one at work, in the middle of the day.

A new caller finds the new version; a call in progress keeps its own project, hours and queue settings to its end.
So a queue that the new version no longer has stays, with its seats, until nobody can come into it any more.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from calls.events import ProjectPublished, ProjectWithdrawn
from engine.centre import Centre, SeatPlan, queue_id
from engine.floor import Floor
from engine.hours_clock import hours_clocks
from ivr.bundle import project_of
from ivr.project import Project


def publish(floor: Floor, event: ProjectPublished) -> None:
    """Put a version into service. Raises ValueError, and changes nothing, where the bundle is none."""
    name, project = event.project, project_of(event.bundle)
    if project.project != name:
        raise ValueError(f"the bundle of {name} holds the project {project.project}")
    versions = {**floor.centre.versions, name: event.version}
    _change(floor, {**floor.centre.projects, name: project}, versions)


def withdraw(floor: Floor, event: ProjectWithdrawn) -> None:
    """Take a project out of service; one that is not there is no mistake."""
    centre = floor.centre
    _change(
        floor,
        {name: project for name, project in centre.projects.items() if name != event.project},
        {name: version for name, version in centre.versions.items() if name != event.project},
    )


def _change(floor: Floor, projects: dict[str, Project], versions: Mapping[str, int]) -> None:
    floor.centre = replace(floor.centre, projects=projects, versions=versions)
    _renew_clocks(floor)
    for name in floor.centre.answering():
        floor.lines.setdefault(name, 0)
    held = _held_queues(floor)
    serves = {seat.id: _served(floor.centre, seat, held) for seat in floor.centre.seats}
    floor.router.reorganise([*floor.centre.queues(), *held], serves)


def _renew_clocks(floor: Floor) -> None:
    for name, clock in hours_clocks(floor.centre.answering().values()).items():
        if name in floor.hours:
            clock.carry_on(floor.hours[name])
        floor.hours[name] = clock


def _held_queues(floor: Floor) -> dict[str, str]:
    """The queues, with their projects, into which calls in progress may still come though they are no more."""
    known = floor.centre.queues()
    return {
        name: call.project.project
        for call in floor.calls.values()
        for queue in call.project.queues
        if (name := queue_id(call.project.project, queue)) not in known
    }


def _served(centre: Centre, seat: SeatPlan, held: Mapping[str, str]) -> tuple[str, ...]:
    return (*centre.queues_of(seat), *(queue for queue, project in held.items() if project in seat.projects))

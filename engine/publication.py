"""Another version of a project takes the place of the one at work, in the middle of the day.

A new caller finds the new version; a call in progress keeps its own project, hours and queue settings to its end.
So a queue that the new version no longer has stays, with its seats, until nobody can come into it any more.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from acd.router import Changes
from acd.seat import Seat, Serves
from calls.events import ProjectPublished, ProjectWithdrawn
from engine.call import Call
from engine.centre import queue_id
from engine.floor import Floor
from engine.hours_clock import hours_clocks
from ivr.bundle import project_of
from ivr.project import Project


def publish(floor: Floor, event: ProjectPublished) -> Changes:
    """Put a version into service; answers with what follows for the line.

    Raises ValueError, and changes nothing, where the bundle is none.
    """
    name, project = event.project, project_of(event.bundle)
    if project.project != name:
        raise ValueError(f"the bundle of {name} holds the project {project.project}")
    versions = {**floor.centre.versions, name: event.version}
    return _change(floor, {**floor.centre.projects, name: project}, versions)


def withdraw(floor: Floor, event: ProjectWithdrawn) -> Changes:
    """Take a project out of service; one that is not there is no mistake."""
    centre = floor.centre
    return _change(
        floor,
        {name: project for name, project in centre.projects.items() if name != event.project},
        {name: version for name, version in centre.versions.items() if name != event.project},
    )


def _change(floor: Floor, projects: dict[str, Project], versions: Mapping[str, int]) -> Changes:
    floor.centre = replace(floor.centre, projects=projects, versions=versions)
    _renew_clocks(floor)
    for name in floor.centre.answering():
        floor.lines.setdefault(name, 0)
    held = _held_queues(floor)
    serves = {seat.id: _served(floor, seat, held) for seat in floor.seats.values()}
    settings = {queue: call.project.queues[queue.partition("/")[2]] for queue, call in held.items()}
    return floor.router.reorganise(floor.centre.queues() | settings, serves)


def _renew_clocks(floor: Floor) -> None:
    wall = next((clock.wall for clock in floor.hours.values()), 0.0)  # all of them hang on the same one
    for name, clock in hours_clocks(floor.centre.answering().values()).items():
        clock.wall = wall
        if name in floor.hours:
            clock.carry_on(floor.hours[name])
        floor.hours[name] = clock


def _held_queues(floor: Floor) -> dict[str, Call]:
    """The queues, each with a call that may still come into it, that are no more."""
    known = floor.centre.queues()
    return {
        name: call
        for call in floor.calls.values()
        for queue in call.project.queues
        if (name := queue_id(call.project.project, queue)) not in known
    }


def _served(floor: Floor, seat: Seat, held: Mapping[str, Call]) -> tuple[Serves, ...]:
    projects = floor.centre.projects_at(floor.centre.plans[seat.id], floor.centre.people.get(seat.operator))
    left = (Serves(queue) for queue, call in held.items() if call.project.project in projects)
    return (*floor.serves(seat), *left)

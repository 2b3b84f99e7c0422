"""What the engine works by: projects, seats, and which number belongs to whom. Built once, never changed."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

from calls.hours import HoursStatus, OpeningHours
from calls.queue_settings import QueueSettings
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
    by_number: dict[str, Project] = field(init=False)

    def __post_init__(self) -> None:
        numbers = {n.number: project for project in self.projects.values() for n in project.numbers}
        object.__setattr__(self, "by_number", numbers)

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
            state.update(repr(self.projects[name].opening_hours()).encode())
        for seat in self.seats:
            state.update(f"{seat.id} {' '.join(seat.projects)}\n".encode())
        return state.hexdigest()


class HoursClock:
    """One project's opening hours on the engine's clock.

    An answer is kept as long as it holds, so that it costs nothing while the hour stays the same. `shift` (seconds)
    reads the hours at another time than now: the test clock.
    """

    def __init__(self, hours: OpeningHours, timezone: str) -> None:
        self._hours = hours
        self._zone = ZoneInfo(timezone)
        self._from = self._until = 0.0
        self._status = HoursStatus(False, "", dt.datetime.min.replace(tzinfo=dt.UTC))
        self.shift = 0.0

    def status(self, now: float) -> HoursStatus:
        """Open or closed at `now` (seconds since 1970 UTC)."""
        at = now + self.shift
        if not self._from <= at < self._until:
            local = dt.datetime.fromtimestamp(at, self._zone)
            self._status = self._hours.status(local)
            self._from, self._until = at, self._status.until.timestamp()
        return self._status


def hours_clocks(projects: Iterable[Project]) -> dict[str, HoursClock]:
    """A clock for each project, by its name."""
    return {p.project: HoursClock(p.opening_hours(), p.timezone) for p in projects}

"""What the API needs of the running service, and nothing more."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple, Protocol
from zoneinfo import ZoneInfo

from acd.expected_wait import expected_wait
from acd.seat import Seat
from calls.budget import NOBODY, period_of
from calls.event import Event
from calls.lost import LostCaller
from calls.pace import Standing
from engine.centre import Centre
from engine.floor import Floor
from ivr.project import Project
from telephony.alarms import Alarms
from telephony.health import Health


class Duty(NamedTuple):
    """That somebody should be at work, in seconds since 1970 UTC. `who`: a person's id, or a seat's for whoever."""

    who: str
    begins: float
    ends: float
    on_break: bool = False


class ShiftPlan(Protocol):
    """Who should be there."""

    def on_duty(self, at: float) -> Iterable[Duty]:
        """Who is on duty at a moment (seconds since 1970 UTC), in the order of the plan."""


class NoPlan:
    """A centre without a shift plan: nobody is missed."""

    def on_duty(self, at: float) -> Iterable[Duty]:
        """Nobody."""
        return ()


class Orders(Protocol):
    """Opening and closing projects by hand; `telephony.orders.Orders` is one."""

    def status(self) -> dict[str, dict[str, Any]]:
        """Each project's `open`, `reason`, `override`, `until` and `by`."""

    async def override(
        self, project: str, kind: str, until: dt.datetime | None, reason: str, by: str
    ) -> dict[str, Any]:
        """Give an order; the project's status and `stored`. Raises ControlError with what to do."""


class Audit(Protocol):
    """Where it is noted who did what; `store.audit.AuditLog` is one."""

    def note(self, what: str, by: str, why: str = "", **details: str | float | None) -> None:
        """Write one line, and return when it is on the disk."""


class FloorView(Protocol):
    """What is read of the engine's floor: `engine.floor.Floor` is one. Nothing here changes it."""

    @property
    def centre(self) -> Centre:
        """The configuration at work."""

    @property
    def seats(self) -> Mapping[str, Seat]:
        """The seats by id."""


async def _nobody_lost(since: float) -> list[LostCaller]:
    return []


async def _nobody_called(project: Project, at: float) -> Standing:
    day = dt.datetime.fromtimestamp(at, ZoneInfo(project.timezone)).date()
    return Standing(at, period_of(project.promise, day), NOBODY, ())


@dataclass(frozen=True)
class Office:
    """One running service. `feed` gives the engine an event; `secrets`: the site's folder of them.

    `expected_wait`: seconds that somebody who came now would wait in a queue at a moment, None where not known; `pace`:
    seconds per answer of that queue.
    `lost`: the callers whose calls the system lost at a time or later (seconds since 1970 UTC).
    `standing`: the calls of a project's period up to a moment.
    `metrics`: all of them, as Prometheus reads them.
    """

    feed: Callable[[Event], None]
    floor: FloorView
    orders: Orders
    audit: Audit
    secrets: Path
    expected_wait: Callable[[str, float], float | None] = lambda queue, now: None
    pace: Callable[[str, float], float | None] = lambda queue, now: None
    shifts: ShiftPlan = field(default_factory=NoPlan)
    clock: Callable[[], float] = time.time
    lost: Callable[[float], Awaitable[list[LostCaller]]] = _nobody_lost
    standing: Callable[[Project, float], Awaitable[Standing]] = _nobody_called
    alarms: Alarms = field(default_factory=Alarms)
    health: Health = field(default_factory=lambda: Health(Alarms()))
    metrics: Callable[[], bytes] = lambda: b""


def expected_wait_on(floor: Floor) -> Callable[[str, float], float | None]:
    """The expected wait as flows know it: nothing where a seat is free, else by how the line has moved of late."""

    def of(queue: str, now: float) -> float | None:
        if floor.router.free(queue):
            return 0.0
        standing = floor.router.standing_since(queue, now)
        return expected_wait(floor.answers.of(queue), floor.router.waiting(queue), now, standing)

    return of


def pace_on(floor: Floor) -> Callable[[str, float], float | None]:
    """The pace behind it: how fast the line of a queue moves, whether or not a seat is free at this moment."""

    def of(queue: str, now: float) -> float | None:
        return floor.answers.of(queue).pace(now, floor.router.standing_since(queue, now))

    return of

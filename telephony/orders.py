"""Orders by hand on a running service: looked at, put into the audit log, and given to the engine."""

from __future__ import annotations

import asyncio
import datetime as dt
import logging
import time
from collections.abc import Awaitable, Callable
from typing import Any, get_args
from zoneinfo import ZoneInfo

from calls.commands import OverrideHours
from calls.events import HoursOverridden, OverrideKind
from engine.floor import Floor
from ivr.project import Project
from store.audit import AuditLog
from telephony.control import ControlError, Reply, Request, Route

log = logging.getLogger(__name__)

KINDS: tuple[OverrideKind, ...] = get_args(OverrideKind)
LONGEST = dt.timedelta(days=366)
LONGEST_TEXT = 200
SAFE_S = 5.0


class Orders:
    """Overrides the opening hours of projects. `safe` waits until all that was fed is in the database."""

    def __init__(
        self,
        floor: Floor,
        audit: AuditLog,
        feed: Callable[[HoursOverridden], None],
        safe: Callable[[], Awaitable[None]],
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._floor = floor
        self._audit = audit
        self._feed = feed
        self._safe = safe
        self._clock = clock

    def routes(self) -> dict[str, Route]:
        """What the control socket answers: `override` (project, kind, until, reason, by) and `status`."""
        return {"override": self._asked, "status": self._status}

    async def override(
        self, project: str, kind: str, until: dt.datetime | None, reason: str, by: str
    ) -> dict[str, Any]:
        """Close, open or switch a project, or take that back (`none`); the same keys as `status`, and `stored`.

        `until` without a time zone is the project's local time; only `none` needs none. `stored` is False where
        the database did not take the order in time: it holds, but would not outlive a restart of the service.
        Raises ControlError with what to do.
        """
        event = self._checked(project, kind, until, reason, by)
        self.give(event)
        return {**self.status()[project], "stored": await self._is_safe()}

    def carry_out(self, command: OverrideHours) -> None:
        """The engine's own order: somebody with the PIN has called the service number."""
        self.give(HoursOverridden(command.project, command.kind, command.until, command.reason, command.by))

    def give(self, event: HoursOverridden) -> None:
        """Write an order into the audit log and let the engine know."""
        try:
            until = None if event.kind == "none" else self._local(event.project, event.until)
            self._audit.note(
                "override", event.by, event.reason, project=event.project, kind=event.kind, until=until
            )
        except OSError as error:
            # Who closes a project because the house is on fire must not be stopped by a full disk.
            log.error("the audit log cannot be written (%s): free some room on its disk", error.strerror)
        self._feed(event)

    def status(self) -> dict[str, dict[str, Any]]:
        """Each project by its name: `open`, `reason`, and the order that holds: `override`, `until`, `by`."""
        now = self._clock()
        found: dict[str, dict[str, Any]] = {}
        for name in self._floor.centre.projects:
            clock = self._floor.hours[name]
            order, status = clock.override, clock.status(now)
            found[name] = {
                "open": status.open,
                "reason": status.reason,
                "override": order.kind if order else None,
                "until": self._local(name, order.until) if order else None,
                "by": order.by if order else None,
            }
        return found

    async def _asked(self, request: Request) -> Reply:
        texts = {name: str(request.get(name) or "") for name in ("project", "kind", "reason", "by", "until")}
        try:
            until = dt.datetime.fromisoformat(texts["until"]) if texts["until"] else None
        except ValueError:
            raise ControlError(f"'{texts['until']}' is no time; write it like 2026-05-07T17:15") from None
        return await self.override(texts["project"], texts["kind"], until, texts["reason"], texts["by"])

    async def _status(self, request: Request) -> Reply:
        return {"projects": self.status()}

    async def _is_safe(self) -> bool:
        try:
            async with asyncio.timeout(SAFE_S):
                await self._safe()
        except TimeoutError:
            return False
        return True

    def _checked(
        self, project: str, kind: str, until: dt.datetime | None, reason: str, by: str
    ) -> HoursOverridden:
        of = self._project(project)
        known = next((known for known in KINDS if known == kind), None)
        if known is None:
            raise ControlError(f"'{kind}' is no order; write one of {', '.join(KINDS)}")
        if known == "disaster" and of.disaster is None:
            raise ControlError(f"{project} has no disaster flow: name its first node under `disaster:`")
        _one_line(by, "the name of who orders it", needed=True)
        _one_line(reason, "the reason", needed=known != "none")
        return HoursOverridden(project, known, self._end(of, known, until), reason, by)

    def _end(self, project: Project, kind: OverrideKind, until: dt.datetime | None) -> float:
        now = self._clock()
        if kind == "none":
            return now
        if until is None:
            raise ControlError("until when? write a time like --until 2026-05-07T17:15")
        if until.tzinfo is None:
            until = until.replace(tzinfo=ZoneInfo(project.timezone))
        if not now < until.timestamp() <= now + LONGEST.total_seconds():
            raise ControlError(f"{until:%Y-%m-%d %H:%M} is over, or more than a year away")
        return until.timestamp()

    def _project(self, name: str) -> Project:
        projects = self._floor.centre.projects
        if name not in projects:
            raise ControlError(f"there is no project '{name}' (known: {', '.join(sorted(projects))})")
        return projects[name]

    def _local(self, project: str, at: float) -> str:
        zone = ZoneInfo(self._floor.centre.projects[project].timezone)
        return dt.datetime.fromtimestamp(at, zone).isoformat(timespec="seconds")


def _one_line(text: str, what: str, *, needed: bool) -> None:
    if len(text) > LONGEST_TEXT or not text.isprintable() or (needed and not text.strip()):
        raise ControlError(f"{what} has to be one line of at most {LONGEST_TEXT} letters")

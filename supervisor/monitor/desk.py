"""What can be done at the monitor: each of it looked at, and put to the engine on behalf of who asks."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import quote

from supervisor.monitor.audit_tail import Entry, newest
from supervisor.monitor.board import MonitorBoard
from supervisor.monitor.engine_api import EngineApi, on_behalf
from supervisor.monitor.guests import Guest, Guests, everywhere
from supervisor.monitor.models import Audit, AuditEntry, Done, Ear, SeatState, Switch, Switched
from supervisor.monitor.problems import ProblemError
from supervisor.monitor.rows import SeatRow
from supervisor.users.roles import Act

_SEAT: Mapping[str, str] = {"ready": "ready", "break": "break", "logged_out": "logout"}
_EAR: Mapping[str, Act] = {
    "listen": Act.LISTEN,
    "whisper": Act.WHISPER,
    "barge": Act.BARGE,
    "take_over": Act.TAKE_OVER,
}


class Desk:
    """Carries out what guests ask for; raises ProblemError where it is not done. `audit`: the file of the audit log."""

    def __init__(self, engine: EngineApi, guests: Guests, board: MonitorBoard, audit: Path) -> None:
        self._engine = engine
        self._guests = guests
        self._board = board
        self._audit = audit

    async def seat(self, guest: Guest, seat: str, body: SeatState) -> Done:
        """Ready, break or logged out."""
        sent = {"reason": body.reason} if body.state == "break" else None
        return await self._at_seat(guest, Act.SEAT, seat, _SEAT[body.state], body.reason, sent)

    async def ear(self, guest: Guest, call: str, body: Ear) -> Done:
        """Listen, whisper, barge, take over."""
        sent = {"mode": body.mode, "target": call}
        return await self._at_seat(guest, _EAR[body.mode], body.seat, "ear", body.reason, sent)

    async def ear_closed(self, guest: Guest, seat: str) -> Done:
        """Enough heard."""
        return await self._at_seat(guest, Act.LISTEN, seat, "ear", "", None, "DELETE")

    async def switch(self, guest: Guest, project: str, body: Switch) -> Switched:
        """Close, open, disaster, or take that back."""
        sent = body.model_dump()
        told = await self._ask(
            guest, Act.SWITCH, "POST", f"/v1/projects/{_named(project)}/override", body.reason, sent
        )
        return Switched(project=project, stored=bool(told["stored"]))

    async def audit(self, guest: Guest, limit: int) -> Audit:
        """The newest entries of the audit log that he may read."""
        projects = self._guests.projects(guest.user, Act.AUDIT)
        everything = everywhere(guest.user, Act.AUDIT)
        if not projects and not everything:
            raise ProblemError("not_allowed", "the audit log is read by auditors and administrators")

        def may_read(entry: Entry) -> bool:
            return everything or self._is_of(entry, projects)

        try:
            entries = await asyncio.to_thread(newest, self._audit, may_read, limit)
        except OSError as error:
            told = f"the audit log cannot be read ({error.strerror}): look at the disk that it is on"
            raise ProblemError("failed", told) from None
        return Audit(entries=[AuditEntry.model_validate(entry) for entry in entries])

    def _is_of(self, entry: Entry, projects: frozenset[str]) -> bool:
        """Whether an entry is about these projects, or about a seat of these and of no others."""
        if entry.get("project"):
            return str(entry["project"]) in projects
        row = self._board.tables["seats"].get(str(entry.get("seat", "")))
        return isinstance(row, SeatRow) and bool(row.projects) and projects.issuperset(row.projects)

    async def _at_seat(
        self, guest: Guest, act: Act, seat: str, what: str, why: str, body: Any, method: str = "POST"
    ) -> Done:
        path = f"/v1/seats/{_named(seat)}/{what}"
        told = await self._ask(guest, act, method, path, why, body)
        return Done(subject=str(told["subject"]))

    async def _ask(
        self, guest: Guest, act: Act, method: str, path: str, why: str, body: Any
    ) -> dict[str, Any]:
        """The engine decides by the projects in which he may do this; what he may not even see is not there."""
        user, guests = guest.user, self._guests
        sees, acts = guests.projects(user, Act.WATCH), guests.projects(user, act)
        if not acts:
            raise ProblemError(
                "not_allowed", "your role may not do this: an administrator can give you another"
            )
        return await self._engine.ask(method, path, on_behalf(user.id, user.name, sees, acts, why), body)


def _named(id_: str) -> str:
    """An id as a part of a path, and as no more than that. Raises ProblemError for one that nothing can have."""
    if id_ in (".", ".."):
        raise ProblemError("not_found", f"there is no '{id_}'")
    return quote(id_, safe="")

"""What goes on by itself while nothing changes: told once a second, put together once for all who want it."""

from __future__ import annotations

from collections.abc import Hashable

import msgspec
from msgspec.structs import replace

from supervisor.api import sight
from supervisor.api.frames import Tick
from supervisor.api.reads import queue_names
from supervisor.api.rights import Who
from supervisor.api.work import Desk

TICK_S = 1.0
_encode = msgspec.json.Encoder().encode


class Ticking:
    """The tick of one moment: everything as it is now. Whatever has changed before has to be told before."""

    def __init__(self, desk: Desk) -> None:
        views, now = desk.views, desk.views.now()
        self._full = Tick(
            seq=desk.board.number,
            at=now,
            alarms=views.alarms(),
            queues=[views.queue(name, now) for name in queue_names(desk)],
            projects=views.projects(now),
        )
        self._seen: dict[tuple[Hashable, ...], bytes] = {}

    def seen_by(self, who: Who) -> bytes:
        """As much of it as somebody may see, the way it is sent. All with the same rights see the same."""
        key = (who.admin, who.projects, who.supervises)
        if key not in self._seen:
            self._seen[key] = _encode(self._cut(who))
        return self._seen[key]

    def _cut(self, who: Who) -> Tick:
        full = self._full
        return replace(
            full,
            queues=[queue for queue in full.queues if sight.queue_for(who, queue) is not None],
            projects=[project for project in full.projects if sight.sees(who, (project.project,))],
        )

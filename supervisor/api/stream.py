"""The live stream: to each listener first everything that he may see, then every change of it in order.

The engine never waits for a listener. One who does not read is cut off when MOST changes (or ticks) wait for him.
Counts do not make the number full: a day that is read from the store at a start has thousands of them at once, and the
others come with changes of calls.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Iterable, Mapping, Sequence

import msgspec

from engine.centre import queue_id
from supervisor.api import reads
from supervisor.api.frames import AnyChange, Changes, CountChanged, Snapshot
from supervisor.api.rights import Who
from supervisor.api.telling import Telling, telling
from supervisor.api.ticking import TICK_S, Ticking
from supervisor.api.work import Desk, Work
from supervisor.board import Change
from supervisor.board.fold import Kind

log = logging.getLogger(__name__)

MOST = 2_000
_encode = msgspec.json.Encoder().encode


class Listener:
    """One who listens. `cut` is called when he is too slow; afterwards nothing is kept for him.

    `ticks`: he wants them.
    """

    def __init__(
        self, desk: Desk, who: Who, cut: Callable[[], None], most: int, *, ticks: bool = False
    ) -> None:
        self.work = Work(desk, who, {}, None)
        self.cut = cut
        self.ticks = ticks
        self._most = most
        self._seen: set[tuple[Kind, str]] = set()
        self._waiting: list[AnyChange | bytes] = []  # bytes: a tick, as it is sent
        self._counts = 0
        self._snapshot: Snapshot | None = None
        self._since = 0
        self._seats: list[str] = []
        self._woken = asyncio.Event()
        self.begin()

    def begin(self) -> None:
        """Everything anew: what was to be sent is in it."""
        desk, now = self.work.desk, self.work.desk.views.now()
        self._snapshot = shot = Snapshot(
            seq=desk.board.number,
            at=now,
            me=reads.me(self.work),
            seats=reads.seats_now(self.work, now),
            calls=reads.calls_now(self.work, now),
            queues=reads.queues_now(self.work, now),
            callbacks=reads.callbacks_now(self.work),
            ears=reads.ears_now(self.work, now),
            projects=reads.projects_now(self.work, now),
            counts=reads.counts_today(self.work, now),
        )
        self._since, self._seats = shot.seq, shot.me.seats
        self._waiting, self._counts = [], 0
        if self.ticks:
            self._waiting.append(Ticking(desk).seen_by(self.work.who))
        self._seen = {("seat", one.seat) for one in shot.seats} | {("call", one.call) for one in shot.calls}
        self._seen |= {("callback", one.callback) for one in shot.callbacks}
        self._seen |= {("ear", one.seat) for one in shot.ears} | {("queue", one.queue) for one in shot.queues}
        self._seen |= {("project", one.project) for one in shot.projects}
        self._woken.set()

    def tell(self, changes: Iterable[Telling], sitting: Mapping[str, list[str]]) -> None:
        """Take changes in, of which he is told what he may see. `sitting`: where everybody sits."""
        if sitting.get(self.work.who.id, []) != self._seats:
            self.begin()
            return
        for one in changes:
            if one.change.number > self._since:
                self._tell(one)
        self._wake()

    def tick(self, ticking: Ticking) -> None:
        """Take a tick in, behind everything that changed before."""
        self._waiting.append(ticking.seen_by(self.work.who))
        self._wake()

    def _wake(self) -> None:
        if len(self._waiting) - self._counts > self._most:
            self._waiting, self._counts = [], 0
            self.cut()
        elif self._waiting:
            self._woken.set()

    def _tell(self, one: Telling) -> None:
        seen, key = one.seen_by(self.work.who), (one.change.kind, one.change.id)
        if seen is not None:
            if isinstance(seen, CountChanged):
                self._counts += 1
            else:
                self._seen.add(key)
            self._waiting.append(seen)
        elif key in self._seen:
            self._seen.discard(key)
            self._waiting.append(one.gone())

    async def frame(self) -> str:
        """The next frame: the snapshot, a tick, or all changes up to the next tick. Waits for one."""
        while self._snapshot is None and not self._waiting:
            self._woken.clear()
            await self._woken.wait()
        if self._snapshot is not None:
            frame, self._snapshot = _encode(self._snapshot), None
        else:
            frame = self._first()
        return frame.decode()

    def _first(self) -> bytes:
        first = self._waiting[0]
        if isinstance(first, bytes):
            del self._waiting[0]
            return first
        changes: list[AnyChange] = []
        for one in self._waiting:
            if isinstance(one, bytes):
                break
            changes.append(one)
            self._counts -= isinstance(one, CountChanged)
        del self._waiting[: len(changes)]
        return _encode(Changes(changes))


class Stream:
    """Brings changes to all listeners. Changes of one moment go out together, after the engine's step.

    `most`: so many changes may wait for one of them. There is one timer for all who want ticks, and none for nobody.
    """

    def __init__(self, desk: Desk, most: int = MOST) -> None:
        self.most = most
        self._desk = desk
        self._listeners: set[Listener] = set()
        self._changes: list[Change] = []
        self._timer: asyncio.TimerHandle | None = None

    def __len__(self) -> int:
        return len(self._listeners)

    def join(self, listener: Listener) -> None:
        """He is told from now on."""
        self._listeners.add(listener)
        if listener.ticks and self._timer is None:
            self._timer = asyncio.get_running_loop().call_later(TICK_S, self._tick)

    def leave(self, listener: Listener) -> None:
        """He is told no more."""
        self._listeners.discard(listener)
        if self._timer is not None and not any(one.ticks for one in self._listeners):
            self._timer.cancel()
            self._timer = None

    def observe(self, changes: list[Change]) -> None:
        """Take changes of the board in. Costs the engine nothing but this."""
        if not self._listeners or not changes:
            return
        if not self._changes:
            asyncio.get_running_loop().call_soon(self._bring)
        self._changes += changes

    def _bring(self) -> None:
        changes, self._changes = self._changes, []
        if not changes:
            return
        try:
            self._tell(changes)
        except Exception:
            log.exception("the changes of one moment could not be told: all who listen have to begin anew")
            self._cut(self._listeners)

    def _tick(self) -> None:
        self._timer = asyncio.get_running_loop().call_later(TICK_S, self._tick)
        self._bring()  # what has changed comes first
        wanting = [listener for listener in self._listeners if listener.ticks]
        try:
            ticking = Ticking(self._desk)
            for listener in wanting:
                listener.tick(ticking)
        except Exception:
            log.exception("a tick could not be told: all who want one have to begin anew")
            self._cut(wanting)

    @staticmethod
    def _cut(listeners: Iterable[Listener]) -> None:
        for listener in list(listeners):
            listener.cut()

    def _tell(self, changes: list[Change]) -> None:
        views, house = self._desk.views, self._desk.house
        told = [telling(change, views, house) for change in self._with_queues(changes)]
        sitting = house.sitting()
        for listener in list(self._listeners):
            listener.tell(told, sitting)

    def _with_queues(self, changes: list[Change]) -> list[Change]:
        """Each queue once: also those that a changed seat serves, and those of a project that was published."""
        last: dict[str, Change] = {}
        for change in changes:
            for queue in self._queues(change):
                last[queue] = change._replace(kind="queue", id=queue, now=None)
        others = [change for change in changes if change.kind != "queue"]
        return sorted([*others, *last.values()], key=lambda change: change.number)

    def _queues(self, change: Change) -> Sequence[str]:
        house = self._desk.house
        match change.kind:
            case "queue":
                return (change.id,)
            case "seat":
                return house.queues(change.id)
            case "project" if change.id in house.centre.projects:
                return [queue_id(change.id, name) for name in house.centre.projects[change.id].queues]
        return ()

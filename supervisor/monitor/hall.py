"""The hall: all rooms and everybody in them, told of everything at its time."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable

from supervisor.monitor.board import MonitorBoard
from supervisor.monitor.mirror import Frame
from supervisor.monitor.room import Room
from supervisor.monitor.screen import Screen
from supervisor.monitor.sight import Sight

log = logging.getLogger(__name__)

TOGETHER_S = 0.04
"""Changes within so many seconds go out as one frame: unseen by the eye, and a burst costs what one change does."""
TICK_S = 1.0
FIGURES_EVERY = 5
"""After so many ticks the figures are looked at again, whatever has changed."""


class Hall:
    """Brings what the engine tells to the screens. `clock`: seconds since 1970 UTC."""

    def __init__(self, board: MonitorBoard, clock: Callable[[], float] = time.time) -> None:
        self.board = board
        self._clock = clock
        self._rooms: dict[Sight, Room] = {}
        self._screens: dict[Room, set[Screen]] = {}
        self._later: asyncio.TimerHandle | None = None
        self._doubt = False

    def __len__(self) -> int:
        return sum(map(len, self._screens.values()))

    # ---- who looks on

    def enter(self, sight: Sight, cut: Callable[[], None]) -> Screen:
        """Somebody looks on from now on; the first that he is told is everything."""
        room = self._room(sight)
        screen = Screen(room, cut)
        self._screens[room].add(screen)
        screen.offer(self._snapshot(room))
        return screen

    def leave(self, screen: Screen) -> None:
        """He does so no more; an empty room is closed."""
        room = screen.room
        here = self._screens.get(room)
        if here is None:
            return
        here.discard(screen)
        if not here:
            del self._screens[room], self._rooms[room.sight]

    def move(self, screen: Screen, sight: Sight) -> None:
        """He may see something else from now on."""
        if screen.room.sight == sight:
            return
        self.leave(screen)
        screen.room = self._room(sight)
        self._screens[screen.room].add(screen)
        self.again(screen)

    def again(self, screen: Screen) -> None:
        """He has missed something."""
        screen.begin_anew(self._snapshot(screen.room))

    def _room(self, sight: Sight) -> Room:
        if sight not in self._rooms:
            self.flush()  # a new room begins with what all others have been told
            room = self._rooms[sight] = Room(sight, self.board.tables)
            self._screens[room] = set()
        return self._rooms[sight]

    def _snapshot(self, room: Room) -> bytes:
        return room.snapshot(self._clock(), self.board.data_at)

    # ---- what is told

    def hear(self, frame: Frame) -> None:
        """The engine has told something. What cannot be taken in is raised again."""
        try:
            self.board.take(frame)
        except Exception:
            self._doubt = True  # a part of it may be in, and nobody knows which
            raise
        finally:
            self.soon()

    def away(self, why: str) -> None:
        """The engine is not heard."""
        self.board.away(self._clock(), why)
        self.soon()

    def soon(self) -> None:
        """There may be something to tell."""
        if self._later is None and (self._doubt or self.board.waiting()):
            self._later = asyncio.get_running_loop().call_later(TOGETHER_S, self.flush)

    def flush(self) -> None:
        """Tell everybody what has changed."""
        if self._later is not None:
            self._later.cancel()
            self._later = None
        at, board = self._clock(), self.board
        keys, doubt = board.changed(at), self._doubt
        self._doubt = False
        if keys or doubt:
            self._tell(lambda room: room.changes(board.tables, None if doubt else keys, at, board.data_at))

    async def run(self) -> None:
        """Say every second that time goes on, for ever."""
        ticks = 0
        while True:
            await asyncio.sleep(TICK_S)
            ticks += 1
            if ticks % FIGURES_EVERY == 0:
                self.board.time_goes_on()
            self.tick()

    def tick(self) -> None:
        """Time goes on."""
        self.flush()
        at = self._clock()
        self._tell(lambda room: room.tick(at, self.board.data_at))

    def _tell(self, frame_of: Callable[[Room], bytes | None]) -> None:
        """A room that cannot be told is closed, and the others are told: who was in it comes back to a new one."""
        for room, screens in list(self._screens.items()):
            try:
                frame = frame_of(room)
            except Exception:
                log.exception("a room could not be told: its screens begin anew")
                self._close(room)
                continue
            if frame is not None:
                _offer(screens, frame)

    def _close(self, room: Room) -> None:
        screens = self._screens.pop(room)
        del self._rooms[room.sight]
        for screen in screens:
            screen.cut()


def _offer(screens: set[Screen], frame: bytes) -> None:
    for screen in list(screens):
        screen.offer(frame)

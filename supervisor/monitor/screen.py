"""One browser that looks on: its frames wait here for it, and not for long."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable
from typing import Protocol

from supervisor.monitor.room import Room

MOST_FRAMES = 400
MOST_BYTES = 4 * 1024 * 1024
"""Who has more waiting for him than this does not read: he is cut off, and nobody waits for him."""
STUCK_S = 10.0
"""So long one frame may take to be sent (seconds)."""


class Socket(Protocol):
    """What is written to: an `aiohttp.web.WebSocketResponse`."""

    async def send_str(self, data: str, compress: int | None = None) -> None:
        """Send a text; returns when there is room for the next."""


class Screen:
    """`offer` gives it a frame; `send` sends them for as long as it is there. `cut` ends a connection at once."""

    def __init__(self, room: Room, cut: Callable[[], None]) -> None:
        self.room = room
        self.cut_off = False
        self._cut = cut
        self._frames: deque[bytes] = deque()
        self._bytes = 0
        self._woken = asyncio.Event()

    def offer(self, frame: bytes) -> None:
        """It has to be told this, after all that waits already."""
        if self.cut_off:
            return
        self._frames.append(frame)
        self._bytes += len(frame)
        if len(self._frames) > MOST_FRAMES or (self._bytes > MOST_BYTES and len(self._frames) > 1):
            self.cut()
        else:
            self._woken.set()

    def begin_anew(self, snapshot: bytes) -> None:
        """What waits is not needed any more: here is everything."""
        self._frames.clear()
        self._bytes = 0
        self.offer(snapshot)

    def cut(self) -> None:
        """End it."""
        if self.cut_off:
            return
        self.cut_off = True
        self._frames.clear()
        self._cut()
        self._woken.set()

    async def send(self, socket: Socket) -> None:
        """Send what is offered, until it is cut off."""
        while not self.cut_off:
            await self._woken.wait()
            self._woken.clear()
            while self._frames:
                frame = self._frames.popleft()
                self._bytes -= len(frame)
                try:
                    async with asyncio.timeout(STUCK_S):
                        await socket.send_str(frame.decode())
                except TimeoutError:
                    self.cut()

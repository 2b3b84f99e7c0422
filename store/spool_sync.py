"""Makes what was written durable, off the engine's path."""

from __future__ import annotations

import threading
from collections.abc import Callable


class Syncer:
    """Calls `sync` in a thread of its own, at most `within` seconds after `touch`.

    `touch` is called for every entry: it wakes the thread only where it sleeps, and costs next to nothing else.
    """

    def __init__(self, sync: Callable[[], None], within: float) -> None:
        self._sync = sync
        # The disk needs some of the time itself.
        self._pause = within / 2
        self._wake = threading.Lock()
        self._wake.acquire()
        self._woken = False
        self._end = threading.Event()
        self._thread = threading.Thread(target=self._work, name="spool", daemon=True)
        self._thread.start()

    def touch(self) -> None:
        """Something was written; from one thread only."""
        if not self._woken:
            self._woken = True
            self._wake.release()

    def close(self) -> None:
        """End the thread, after a last `sync`."""
        self._end.set()
        self.touch()
        self._thread.join()

    def _work(self) -> None:
        while not self._end.is_set():
            self._wake.acquire()
            self._end.wait(self._pause)
            # From here on a touch wakes the thread anew; what was written before it is synced now.
            self._woken = False
            self._sync()

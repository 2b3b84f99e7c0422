"""One engine per site: whoever comes second is told who was first."""

from __future__ import annotations

import fcntl
import os
import socket
import time
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from types import TracebackType

import msgspec


class Holder(msgspec.Struct, frozen=True):
    """Who holds a site; `since` in seconds since 1970 UTC."""

    pid: int
    host: str
    since: float


class SiteHeldError(Exception):
    """Another engine holds the site; `holder` is None where it has only just begun."""

    def __init__(self, path: Path, holder: Holder | None) -> None:
        self.holder = holder
        who, advice = "another process", "wait for it to end"
        if holder is not None:
            since = datetime.fromtimestamp(holder.since).astimezone()
            who = f"process {holder.pid} on {holder.host}, since {since:%Y-%m-%d %H:%M:%S %z}"
            advice = f"end it first (kill {holder.pid})"
        super().__init__(
            f"this site is already held by {who} ({path}): {advice}, or give this engine a site of its own"
        )


class SiteLock:
    """Hold it as long as the engine lives: `with SiteLock(path):`, or `take()` and `release()`.

    The system itself lets go of it when the process dies, however it dies; the file stays and means nothing.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._descriptor: int | None = None

    def take(self) -> None:
        """Raises SiteHeldError, or OSError where the file cannot be made."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        # Not inherited by programs that are started: Asterisk outlives its engine.
        descriptor = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            held_by = _holder(descriptor)
            os.close(descriptor)
            raise SiteHeldError(self.path, held_by) from None
        except OSError:
            os.close(descriptor)
            raise
        self._descriptor = descriptor
        _sign(descriptor)

    def release(self) -> None:
        """Let go of it; nothing happens where it is not held."""
        descriptor, self._descriptor = self._descriptor, None
        if descriptor is not None:
            os.close(descriptor)

    def __enter__(self) -> SiteLock:
        self.take()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.release()


def _sign(descriptor: int) -> None:
    data = msgspec.json.encode(Holder(os.getpid(), socket.gethostname(), time.time())) + b"\n"
    with suppress(OSError):  # a full disk: the lock holds, only nobody is told whose it is
        os.pwrite(descriptor, data, 0)
        os.ftruncate(descriptor, len(data))


def _holder(descriptor: int) -> Holder | None:
    try:
        return msgspec.json.decode(os.pread(descriptor, 4096, 0), type=Holder)
    except msgspec.DecodeError:
        return None

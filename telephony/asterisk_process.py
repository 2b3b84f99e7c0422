"""One process, ours or taken over, held by a descriptor: a number that is used again later never hurts."""

from __future__ import annotations

import asyncio
import os
import select
import signal
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

_IGNORED_BY_PYTHON = (signal.SIGPIPE, signal.SIGXFSZ)


class AsteriskProcess:
    """Waited for, signalled and forgotten. Raises ProcessLookupError where there is no process of that number.

    It outlives this object, and us, unless it is told to end.
    """

    def __init__(self, pid: int) -> None:
        self.pid = pid
        self.code: int | None = None
        """Its exit code once it has ended, minus the signal that ended it; None if it was no child of ours."""
        self._descriptor: int | None = os.pidfd_open(pid)
        self._gone = False

    @property
    def ended(self) -> bool:
        """Whether it has; asked without waiting. One that is stopped or hangs has not."""
        if not self._gone and self._descriptor is not None and _readable(self._descriptor):
            self._gone = True
            self._reap(self._descriptor)
        return self._gone

    async def wait(self) -> int | None:
        """Returns `code` when it has ended. Any number of tasks may wait, in any loop."""
        if not self.ended and self._descriptor is not None:
            descriptor = os.dup(self._descriptor)  # a loop takes one reader per descriptor
            try:
                await _until_readable(descriptor)
                self._gone = True
                self._reap(descriptor)
            finally:
                os.close(descriptor)
        return self.code

    async def ended_within(self, seconds: float) -> bool:
        """Whether it ended so soon."""
        try:
            async with asyncio.timeout(seconds):
                await self.wait()
        except TimeoutError:
            return False
        return True

    def send(self, number: signal.Signals) -> None:
        """Nothing happens where it has ended already."""
        if self._descriptor is not None and not self._gone:
            with suppress(ProcessLookupError):
                signal.pidfd_send_signal(self._descriptor, number)

    async def end(self, first: signal.Signals, patience_s: float) -> None:
        """This signal, and SIGKILL where it is still there after `patience_s`; gone afterwards."""
        self.send(first)
        if not await self.ended_within(patience_s):
            self.send(signal.SIGKILL)
            await self.wait()

    def forget(self) -> None:
        """Let go of it: it goes on by itself."""
        descriptor, self._descriptor = self._descriptor, None
        if descriptor is not None:
            os.close(descriptor)

    def _reap(self, descriptor: int) -> None:
        """Nobody else waits for it; one that is not our child is its own parent's business."""
        with suppress(ChildProcessError):
            done = os.waitid(os.P_PIDFD, descriptor, os.WEXITED | os.WNOHANG)
            if done is not None:
                self.code = done.si_status if done.si_code == os.CLD_EXITED else -done.si_status


def spawn(command: Sequence[str], directory: Path, output: Path) -> AsteriskProcess:
    """Starts it in a session of its own: Ctrl-C reaches us and not it, and a kill of us leaves its calls talking.

    What it writes goes into the file `output`, not a pipe: nobody has to read it, so it can never block on it.
    """
    flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC
    # Not asyncio's own subprocess: that kills what still runs when it is put away.
    pid = os.posix_spawnp(
        "env",
        ["env", f"--chdir={directory}", *command],
        os.environ,
        file_actions=[
            (os.POSIX_SPAWN_OPEN, 0, os.devnull, os.O_RDONLY, 0),
            (os.POSIX_SPAWN_OPEN, 1, str(output), flags, 0o600),
            (os.POSIX_SPAWN_DUP2, 1, 2),
        ],
        setsid=True,
        setsigdef=_IGNORED_BY_PYTHON,
    )
    return AsteriskProcess(pid)


def _readable(descriptor: int) -> bool:
    poll = select.poll()
    poll.register(descriptor, select.POLLIN)
    return bool(poll.poll(0))


async def _until_readable(descriptor: int) -> None:
    loop, readable = asyncio.get_running_loop(), asyncio.Event()
    loop.add_reader(descriptor, readable.set)
    try:
        await readable.wait()
    finally:
        loop.remove_reader(descriptor)

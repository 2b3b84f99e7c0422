"""The engine as a process of its own, and who starts it again when it has died: what systemd does in service."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path

import msgspec

from sim.drill.failure import DrillFailedError
from sim.drill.house import House
from store.lock import Holder
from telephony.awakening import LOCK

Say = Callable[[str], None]
START_S = 60.0
STOP_S = 40.0
RESTART_S = 0.1
"""systemd's own pause (RestartSec) before it starts a service again."""
_POLL_S = 0.02
_TAKING_CALLS = "taking calls"
_TOLD_LINES = 15


class EngineDownError(DrillFailedError):
    """The engine did not come up, or did not end; the text has its last words."""


class EngineProcess:
    """`start` it, `kill` it as often as you like, `stop` it. `lines` is all that it ever said.

    `backs`: when it took calls again after each death (seconds since 1970 UTC).
    """

    def __init__(self, house: House, say: Say) -> None:
        self._house = house
        self._say = say
        self._process: asyncio.subprocess.Process | None = None
        self._keeper: asyncio.Task[None] | None = None
        self._ready = asyncio.Event()
        self._stopping = self._was_ready = False
        self._read_to = 0
        self.lines: list[str] = []
        self.starts: list[float] = []
        self.backs: list[float] = []
        self.exit_code: int | None = None

    @property
    def pid(self) -> int:
        """Of the engine that runs now, or ran last."""
        assert self._process is not None, "it was not started"
        return self._process.pid

    @property
    def log(self) -> Path:
        """Everything that it said, for those who look closer."""
        return self._house.folder / "engine.log"

    async def start(self) -> None:
        """Up, and taking calls; one that cannot even start is not started again. Raises EngineDownError."""
        self._keeper = asyncio.create_task(self._keep())
        ready = asyncio.create_task(self.until_ready())
        await asyncio.wait({ready, self._keeper}, return_when=asyncio.FIRST_COMPLETED)
        if not ready.done():
            ready.cancel()
            raise EngineDownError(f"the engine does not start. {self._words()}")
        await ready

    async def until_ready(self, limit_s: float = START_S) -> None:
        """Wait until it takes calls. Raises EngineDownError."""
        try:
            async with asyncio.timeout(limit_s):
                await self._ready.wait()
        except TimeoutError:
            raise EngineDownError(
                f"the engine takes no calls after {limit_s:.0f} s. {self._words()}"
            ) from None

    async def kill(self) -> float:
        """SIGKILL for the process that holds the site; the moment of it. Another one takes its place."""
        holder = msgspec.json.decode((self._house.var / LOCK).read_bytes(), type=Holder)
        self._ready.clear()
        at = time.time()
        os.kill(holder.pid, signal.SIGKILL)
        return at

    async def stop(self) -> None:
        """As an operator stops the service. Raises EngineDownError where it does not end, or not well."""
        self._stopping = True
        if self._keeper is None:
            return
        try:
            async with asyncio.timeout(STOP_S):
                await self._terminate(self._keeper)
        except TimeoutError:
            self._kill_now()
            raise EngineDownError(f"the engine did not end within {STOP_S:.0f} s. {self._words()}") from None
        if self.exit_code:
            raise EngineDownError(f"the engine ended with exit code {self.exit_code}. {self._words()}")

    async def _terminate(self, keeper: asyncio.Task[None]) -> None:
        """Once for each process: one may just be starting when another has died."""
        told: set[int] = set()
        while not keeper.done():
            process = self._process
            if process is not None and process.returncode is None and process.pid not in told:
                told.add(process.pid)
                process.send_signal(signal.SIGTERM)
            await asyncio.wait({keeper}, timeout=RESTART_S)

    def _kill_now(self) -> None:
        if self._process is not None and self._process.returncode is None:
            self._process.kill()

    async def _keep(self) -> None:
        while not self._stopping:
            await self._run_once()
            self._ready.clear()
            if not self._was_ready:
                return
            if not self._stopping:
                self._say(f"the engine has ended (exit code {self.exit_code}) and is started again")
                await asyncio.sleep(RESTART_S)

    async def _run_once(self) -> None:
        self.starts.append(time.time())
        # Into a file, not a pipe: what the engine leaves behind (Asterisk) may hold it open as long as it likes.
        with self.log.open("ab") as log:
            process = self._process = await asyncio.create_subprocess_exec(
                *self._command(),
                stdin=asyncio.subprocess.DEVNULL,
                stdout=asyncio.subprocess.DEVNULL,
                stderr=log,
                start_new_session=True,
                cwd=self._house.root,
            )
        listening = asyncio.create_task(self._listen())
        try:
            self.exit_code = await process.wait()
        finally:
            listening.cancel()
        self._read()

    def _command(self) -> list[str]:
        program = str(self._house.root / "denwaban.py")
        return [sys.executable, program, "--config", str(self._house.config), "run"]

    async def _listen(self) -> None:
        while True:
            self._read()
            await asyncio.sleep(_POLL_S)

    def _read(self) -> None:
        """What it has said since it was asked last."""
        with self.log.open("rb") as log:
            log.seek(self._read_to)
            new = log.read()
        whole, _, _ = new.rpartition(b"\n")
        if not whole:
            return
        self._read_to += len(whole) + 1
        for line in whole.decode(errors="replace").splitlines():
            self.lines.append(line)
            if _TAKING_CALLS in line:
                self._is_ready()

    def _is_ready(self) -> None:
        if self._was_ready:
            self.backs.append(time.time())
        self._was_ready = True
        self._ready.set()

    def _words(self) -> str:
        return "Its last words:\n" + "\n".join(f"    {line}" for line in self.lines[-_TOLD_LINES:])

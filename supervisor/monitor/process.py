"""The monitor as a process of its own, for whoever starts one beside something else than `denwaban run`."""

from __future__ import annotations

import asyncio
import contextlib
import signal
import sys
from pathlib import Path
from types import TracebackType

from yarl import URL

from telephony.control import ControlError

ROOT = Path(__file__).resolve().parents[2]
START_S, STOP_S = 30.0, 15.0
_LAST_LINES = 15


class MonitorStartError(ControlError):
    """It does not start; the message has its last words."""


class MonitorProcess:
    """`async with MonitorProcess(site_yaml) as monitor:` answers inside at `monitor.url`, over TLS.

    `site_yaml`: the site's file, whose API need not answer. What it says is kept beside that, in monitor.log. Raises
    MonitorStartError where it does not start.
    """

    def __init__(self, site_yaml: Path, page: Path) -> None:
        self.url = URL()
        self.log = site_yaml.parent / "monitor.log"
        self._command = (sys.executable, "-m", "supervisor.monitor", "--site", site_yaml, "--page", page)
        self._process: asyncio.subprocess.Process | None = None

    async def __aenter__(self) -> MonitorProcess:
        await self.start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.stop()

    @property
    def pid(self) -> int:
        """Its process id."""
        assert self._process is not None, "it was not started"
        return self._process.pid

    async def start(self) -> None:
        """Until it answers."""
        with self.log.open("ab") as said:
            self._process = await asyncio.create_subprocess_exec(
                *self._command, cwd=ROOT, stdout=asyncio.subprocess.PIPE, stderr=said
            )
        assert self._process.stdout is not None
        line = b""
        with contextlib.suppress(TimeoutError):
            line = await asyncio.wait_for(self._process.stdout.readline(), START_S)
        self.url = URL(line.decode().strip())
        if not self.url.host:
            with contextlib.suppress(TimeoutError):  # it says why before it is gone
                await asyncio.wait_for(self._process.wait(), STOP_S)
            await self.stop()
            raise MonitorStartError(f"the monitor did not start; its last words are: {self._words()}")

    async def stop(self, by: signal.Signals = signal.SIGTERM) -> int:
        """End it; its exit code."""
        process = self._process
        if process is None:
            return 0
        if process.returncode is None:
            process.send_signal(by)
            try:
                await asyncio.wait_for(process.wait(), STOP_S)
            except TimeoutError:
                process.kill()
                await process.wait()
        return process.returncode or 0

    def _words(self) -> str:
        return " | ".join(self.log.read_text("utf-8", "replace").splitlines()[-_LAST_LINES:]) or "none"

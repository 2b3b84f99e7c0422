"""Runs SIPp: one process, bounded in time, on ports of its own, ended by its own id."""

import asyncio
import csv
import itertools
import os
import shutil
import signal
import socket
import subprocess
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

from sim.live.messages import LEAVE, own_request
from sim.live.trace import CallTrace, Ending, call_traces, read_messages
from sim.live.udp_ports import LOOPBACK, check_port_free, free_media_port, free_port

_SOCKET_BUFFER = 1 << 20
_NO_NEW_CALLS = signal.SIGUSR1
_SETTLE_S = 0.05
_QUIT_GRACE_S = 2.0
_ABORT_GRACE_S = 2.0
_READY_LIMIT_S = 10.0
_READY_POLL_S = 0.05
_SOME_CALL_FAILED = 1
_NO_CALLS = 99


class SippError(RuntimeError):
    """SIPp could not do its work. The message says why and what to do."""


class SippMissingError(SippError):
    """The program is not installed."""


@dataclass(frozen=True)
class SippRun:
    """What a finished SIPp process tells about itself. `cpu_s`: user and system time, in seconds."""

    exit_code: int
    cpu_s: float
    created: int
    successful: int
    failed: int
    retransmissions: int


def require_sipp() -> str:
    """Path of the sipp program. Raises SippMissingError."""
    found = shutil.which("sipp")
    if found is None:
        raise SippMissingError(
            "sipp is not installed: install the Debian package sip-tester (apt-get install sip-tester)"
        )
    return found


LONGEST_SCENARIO = 65_000
"""In bytes; SIPp 3.6.1 refuses a longer file without saying why."""


class Sipp:
    """One SIPp process in `work_dir`; its files there are called `name`.*. Use as an async context.

    `arguments` are SIPp's own, without those for ports, traces and limits. `limit_s` ends SIPp whatever
    its calls do. Leaving the context before the end hangs up the calls that still go on.
    """

    def __init__(
        self,
        name: str,
        scenario: str,
        arguments: Sequence[str],
        *,
        work_dir: Path,
        limit_s: float,
        sip_port: int | None = None,
        trace: bool = False,
    ) -> None:
        self.name = name
        self.work_dir = work_dir
        self.sip_port = sip_port or free_port()
        self.trace_file = work_dir / f"{name}.messages"
        self._scenario = scenario
        self._arguments = tuple(arguments)
        self._limit_s = limit_s
        self._trace = trace
        self._process: subprocess.Popen[bytes] | None = None
        self._waiting: asyncio.Task[SippRun] | None = None

    @property
    def pid(self) -> int:
        assert self._process is not None, "SIPp was not started: enter its context first"
        return self._process.pid

    @property
    def running(self) -> bool:
        return self._waiting is not None and not self._waiting.done()

    async def __aenter__(self) -> Self:
        program = require_sipp()
        check_port_free(self.sip_port)
        self.work_dir.mkdir(parents=True, exist_ok=True)
        scenario_file = self._file("xml")
        if len(self._scenario) > LONGEST_SCENARIO:
            raise SippError(
                f"SIPp ({self.name}) reads {LONGEST_SCENARIO} bytes, and this scenario has {len(self._scenario)}:"
                " let the robots differ in fewer ways, or run them in several groups"
            )
        scenario_file.write_text(self._scenario, encoding="ascii")
        self._clear_old_files()
        self._start(
            [
                *_dies_with_us(),
                program,
                *self._arguments,
                "-sf",
                scenario_file.name,
                *self._common_arguments(),
            ]
        )
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.stop()

    async def wait(self) -> SippRun:
        """Waits for the end, at most `limit_s`. Raises SippError when SIPp could not run the scenario."""
        assert self._waiting is not None, "SIPp was not started: enter its context first"
        # SIPp's own -timeout only makes no new calls; those that nobody answers go on for half a minute
        done, _ = await asyncio.wait([self._waiting], timeout=self._limit_s)
        if not done:
            return await self.stop()
        run = self._waiting.result()
        if not _worked(run):
            raise SippError(f"SIPp ({self.name}) ended with code {run.exit_code}: {self._last_words()}")
        return run

    async def stop(self) -> SippRun:
        """Ends the process: calls the trace knows hang up; then it is told to drop the rest; then killed."""
        assert self._waiting is not None, "SIPp was not started: enter its context first"
        self._signal(_NO_NEW_CALLS)
        if self.running:
            # a message that comes while SIPp walks its own steps (some ms) would break the call off
            await asyncio.sleep(_SETTLE_S)
            self._leave_calls()
        if not await self._ended_within(_QUIT_GRACE_S):
            # twice is SIPp's own way to say: now
            self._signal(signal.SIGTERM)
            self._signal(signal.SIGTERM)
            if not await self._ended_within(_ABORT_GRACE_S):
                self._signal(signal.SIGKILL)
        return await asyncio.shield(self._waiting)

    def traces(self) -> dict[str, CallTrace]:
        """What its calls have come to, by call id. Empty without `trace`."""
        if not self.trace_file.exists():
            return {}
        with self.trace_file.open(encoding="utf-8", errors="replace") as lines:
            return call_traces(read_messages(lines))

    async def await_ready(self) -> None:
        """Returns when a waiting SIPp answers OPTIONS. Raises SippError if it ends or stays silent."""
        try:
            async with asyncio.timeout(_READY_LIMIT_S):
                await self._probe_until_answered()
        except TimeoutError as error:
            raise SippError(f"SIPp ({self.name}) does not answer on port {self.sip_port}") from error

    def _leave_calls(self) -> None:
        unfinished = [one.call_id for one in self.traces().values() if one.ending is Ending.UNFINISHED]
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as speaker:
            speaker.bind((LOOPBACK, 0))
            for call_id in unfinished:
                request = own_request(LEAVE, speaker.getsockname()[1], self.sip_port, call_id, 1)
                speaker.sendto(request, (LOOPBACK, self.sip_port))

    async def _ended_within(self, grace_s: float) -> bool:
        assert self._waiting is not None
        done, _ = await asyncio.wait([self._waiting], timeout=grace_s)
        return bool(done)

    def _signal(self, how: signal.Signals) -> None:
        # it may have ended in this very moment, before the event loop heard of it
        with suppress(ProcessLookupError):
            if self.running and self._process is not None and self._process.returncode is None:
                os.kill(self.pid, how)

    def _file(self, ending: str) -> Path:
        return self.work_dir / f"{self.name}.{ending}"

    def _clear_old_files(self) -> None:
        for old in (self.trace_file, self._file("statistics")):
            old.unlink(missing_ok=True)

    def _common_arguments(self) -> list[str]:
        media_port = free_media_port()
        arguments = ["-i", LOOPBACK, "-bind_local", "-p", str(self.sip_port), "-ci", LOOPBACK]
        arguments += ["-mi", LOOPBACK, "-mp", str(media_port), "-nostdin", "-aa"]
        arguments += ["-timeout", f"{max(1, round(self._limit_s))}s", "-buff_size", str(_SOCKET_BUFFER)]
        arguments += ["-timer_resol", "1", "-trace_stat", "-fd", "1", "-stf", self._file("statistics").name]
        arguments += ["-watchdog_minor_maxtriggers", "100000", "-watchdog_major_maxtriggers", "100000"]
        if self._trace:
            arguments += ["-trace_shortmsg", "-shortmessage_file", self.trace_file.name]
        return arguments

    def _start(self, command: list[str]) -> None:
        # SIPp draws a screen even without a terminal, and refuses to when TERM is not known
        environment = {**os.environ, "TERM": "xterm"}
        with self._file("stderr").open("wb") as errors:
            self._process = subprocess.Popen(
                command,
                cwd=self.work_dir,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=errors,
            )
        self._waiting = asyncio.create_task(asyncio.to_thread(self._reap))

    def _reap(self) -> SippRun:
        """Waits by wait4, which is the only way to learn the CPU time of this one child."""
        assert self._process is not None
        _, status, usage = os.wait4(self._process.pid, 0)
        self._process.returncode = os.waitstatus_to_exitcode(status)
        counts = self._statistics()
        return SippRun(
            exit_code=self._process.returncode,
            cpu_s=usage.ru_utime + usage.ru_stime,
            created=counts.get("TotalCallCreated", 0),
            successful=counts.get("SuccessfulCall(C)", 0),
            failed=counts.get("FailedCall(C)", 0),
            retransmissions=counts.get("Retransmissions(C)", 0),
        )

    def _statistics(self) -> dict[str, int]:
        path = self._file("statistics")
        if not path.exists():
            return {}
        with path.open(newline="", encoding="ascii", errors="replace") as lines:
            rows = list(csv.DictReader(lines, delimiter=";"))
        return {name: int(text) for name, text in rows[-1].items() if _is_count(text)} if rows else {}

    def _last_words(self) -> str:
        text = self._file("stderr").read_text(encoding="utf-8", errors="replace").strip()
        return " ".join(text.splitlines()[-3:]) or "it said nothing"

    async def _probe_until_answered(self) -> None:
        loop = asyncio.get_running_loop()
        transport, probe = await loop.create_datagram_endpoint(_Probe, local_addr=(LOOPBACK, 0))
        try:
            own_port = transport.get_extra_info("sockname")[1]
            for number in itertools.count(1):
                self._fail_if_ended()
                request = own_request(
                    "OPTIONS", own_port, self.sip_port, f"ready-{own_port}-{number}", number
                )
                transport.sendto(request, (LOOPBACK, self.sip_port))
                await asyncio.wait([probe.answered], timeout=_READY_POLL_S)
                if probe.answered.done():
                    return
        finally:
            transport.close()

    def _fail_if_ended(self) -> None:
        if not self.running:
            raise SippError(f"SIPp ({self.name}) ended before its first call: {self._last_words()}")


class _Probe(asyncio.DatagramProtocol):
    """Waits for any answer to the OPTIONS that were sent."""

    def __init__(self) -> None:
        self.answered: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        if not self.answered.done():
            self.answered.set_result(None)


def _dies_with_us() -> list[str]:
    """A prefix that has the kernel kill SIPp when we are killed, so that no robots stay behind."""
    found = shutil.which("setpriv")  # of util-linux, which every Debian has
    return [found, "--pdeathsig", "KILL"] if found else []


def _worked(run: SippRun) -> bool:
    # a scenario that SIPp does not accept ends with the code of a failed call, but without any call
    return run.exit_code in (0, _NO_CALLS) or (run.exit_code == _SOME_CALL_FAILED and run.created > 0)


def _is_count(text: str | None) -> bool:
    return text is not None and text.isdigit()

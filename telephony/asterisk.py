"""An Asterisk of our own: started, watched and stopped as a child process, by its process id alone."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from types import TracebackType

from telephony.asterisk_check import AsteriskAddress, address_of_plan, check_asterisk
from telephony.modules import modules_for
from telephony.plan import AsteriskPlan
from telephony.ports import check_ports
from telephony.reload import (
    RELOADS,
    changed_files,
    check_plans,
    complaints,
    endpoints_listed,
    endpoints_of,
)
from telephony.render import render, rendered, write_files
from telephony.secrets import Secrets
from telephony.tree import MINIMUM_VERSION, AsteriskError, AsteriskTree, Version, version_text

_START_S = 30.0
_POLL_S = 0.05
_STOP_S = 10.0
_TOLD_LINES = 15

Say = Callable[[str], None]


class EmbeddedAsterisk:
    """`async with EmbeddedAsterisk(plan, secrets) as asterisk:` - up and checked inside, gone afterwards.

    It has a session of its own: Ctrl-C reaches us, not it, and a kill of us leaves its calls talking.
    """

    def __init__(self, plan: AsteriskPlan, secrets: Secrets, say: Say = lambda text: None) -> None:
        self.plan = plan
        self.secrets = secrets
        self._say = say
        self._process: asyncio.subprocess.Process | None = None
        self.version: Version = (0, 0, 0)

    @property
    def pid(self) -> int:
        """The process id, for measuring. Only valid after start()."""
        return self._running().pid

    @property
    def address(self) -> AsteriskAddress:
        return address_of_plan(self.plan)

    async def __aenter__(self) -> EmbeddedAsterisk:
        await self.start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.stop()

    async def start(self) -> None:
        """Up, booted and checked. Raises AsteriskError that says what to do; nothing stays behind then."""
        self._check_tree()
        check_ports(self.plan)
        render(self.plan, self.secrets)
        self._forget_old_log()
        self._process = await self._spawn()
        try:
            await self._until_booted()
            self.version = await check_asterisk(self.address, self.secrets, modules_for(self.plan))
        except BaseException:
            await self.stop()
            raise
        self._say(f"Asterisk {version_text(self.version)} is up (pid {self.pid})")

    async def reload(self, plan: AsteriskPlan, secrets: Secrets) -> tuple[str, ...]:
        """Telephones and trunk as in `plan`, with no call dropped; the names of the files that changed.

        Raises AsteriskError where a restart is needed (nothing is touched then), or where Asterisk refuses the
        new files (those before are back in force then).
        """
        check_plans(self.plan, plan)
        before, after = rendered(self.plan, self.secrets), rendered(plan, secrets)
        changed = changed_files(before, after)
        known = len(self.problems())
        await self._read_again(plan, changed)
        told = await self._complaints(plan, known) if changed else []
        if told:
            await self._read_again(self.plan, {name: before[name] for name in changed})
            raise AsteriskError("Asterisk refuses the new configuration:\n" + "\n".join(told[:_TOLD_LINES]))
        self.plan, self.secrets = plan, secrets
        return tuple(changed)

    async def _read_again(self, plan: AsteriskPlan, files: Mapping[str, str]) -> None:
        write_files(plan, files)
        for name in files:
            await self.console(RELOADS[name])

    async def _complaints(self, plan: AsteriskPlan, known: int) -> list[str]:
        """Telephones that are missing or left over, and what the log says since its line `known`."""
        there = endpoints_listed(await self.console("pjsip list endpoints"))
        wrong = sorted(there ^ endpoints_of(plan))
        return [f"not as it should be: {name}" for name in wrong] + complaints(self.problems()[known:])

    async def wait(self) -> int:
        """Returns its exit code when it has ended, for whatever reason."""
        return await self._running().wait()

    async def stop(self, drain_s: float = 0.0) -> None:
        """Ends it. With `drain_s`, calls may end by themselves for so long; no new ones get in meanwhile."""
        process, self._process = self._process, None
        if process is None or process.returncode is not None:
            return
        if drain_s > 0:
            await self.console("core stop gracefully")
        if drain_s > 0 and await _ended_within(process, drain_s):
            return
        with suppress(ProcessLookupError):
            process.send_signal(signal.SIGTERM)  # hangs every call up, then ends
        if not await _ended_within(process, _STOP_S):
            process.kill()
            await process.wait()

    def problems(self) -> list[str]:
        """The warnings and errors in its log since it was started."""
        return [line for line in _lines(self.plan.log) if "WARNING[" in line or "ERROR[" in line]

    async def console(self, line: str) -> str:
        """What Asterisk's own console answers to a line; nothing where no Asterisk is there to take it."""
        client = await asyncio.create_subprocess_exec(
            *AsteriskTree(self.plan.tree).command("-C", str(self.plan.etc / "asterisk.conf"), "-rx", line),
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
        )
        try:
            return (await client.communicate())[0].decode(errors="replace")
        finally:
            if client.returncode is None:
                client.kill()
                await client.wait()

    def _running(self) -> asyncio.subprocess.Process:
        if self._process is None:
            raise AsteriskError("this Asterisk is not started")
        return self._process

    def _check_tree(self) -> None:
        version = AsteriskTree(self.plan.tree).version()
        if version is None:
            raise AsteriskError(f"there is no Asterisk in {self.plan.tree}: run ./setup.sh")
        if version < MINIMUM_VERSION:
            raise AsteriskError(
                f"the Asterisk in {self.plan.tree} is {version_text(version)}; "
                f"{version_text(MINIMUM_VERSION)} or later is needed: run ./setup.sh"
            )

    def _forget_old_log(self) -> None:
        """The last run's log is kept beside this one's; problems() then speaks of this run only."""
        if self.plan.log.exists():
            self.plan.log.rename(self.plan.log.with_suffix(".log.1"))

    async def _spawn(self) -> asyncio.subprocess.Process:
        # Into a file, not a pipe: nobody has to read it, so Asterisk can never block on it.
        descriptor = os.open(self._console, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        try:
            return await asyncio.create_subprocess_exec(
                *AsteriskTree(self.plan.tree).command("-f", "-C", str(self.plan.etc / "asterisk.conf")),
                stdin=asyncio.subprocess.DEVNULL,
                stdout=descriptor,
                stderr=descriptor,
                start_new_session=True,
                cwd=self.plan.instance,
            )
        finally:
            os.close(descriptor)

    @property
    def _console(self) -> Path:
        return self.plan.instance / "log" / "console.log"

    async def _until_booted(self) -> None:
        try:
            async with asyncio.timeout(_START_S):
                while not await self._booted():  # noqa: ASYNC110 - another process boots, not a task
                    await asyncio.sleep(_POLL_S)
        except TimeoutError:
            raise AsteriskError(f"Asterisk is not up after {_START_S:.0f} s. {self._last_words()}") from None

    async def _booted(self) -> bool:
        """False while there is nobody to ask yet."""
        code = self._running().returncode
        if code is not None:
            raise AsteriskError(f"Asterisk ended at once (exit code {code}). {self._last_words()}")
        return "fully booted" in await self.console("core waitfullybooted")

    def _last_words(self) -> str:
        words = (self.problems() or _lines(self._console))[-_TOLD_LINES:]
        return "Its last words:\n" + "\n".join(f"    {line}" for line in words)


async def _ended_within(process: asyncio.subprocess.Process, seconds: float) -> bool:
    try:
        await asyncio.wait_for(process.wait(), seconds)
    except TimeoutError:
        return False
    return True


def _lines(path: Path) -> list[str]:
    return path.read_text(encoding="utf-8", errors="replace").splitlines() if path.exists() else []

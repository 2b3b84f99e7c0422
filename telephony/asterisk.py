"""An Asterisk of our own: started, watched and stopped as a child process, by its process id alone."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Callable, Mapping
from pathlib import Path
from types import TracebackType

from telephony.adoption import ABORT_S, survivor
from telephony.asterisk_check import AsteriskAddress, address_of_plan, check_asterisk
from telephony.asterisk_process import AsteriskProcess, spawn
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
_CONSOLE_S = 30.0
_TOLD_LINES = 15
Say = Callable[[str], None]


class EmbeddedAsterisk:
    """`async with EmbeddedAsterisk(plan, secrets) as asterisk:` - up and checked inside, gone afterwards.
    With `left_running` it is not: whoever is about to start us again lets its calls talk.

    It has a session of its own: Ctrl-C reaches us, not it, and a kill of us leaves its calls talking. The next start
    takes it over then, with all its calls, instead of starting another.

    `adopted`: it was taken over. `outdated`: the files that are not as they would be rendered today; one that was
    taken over keeps those it runs with until it is started anew, or `refresh` is called. `aborted`: it hung, and was
    ended by force. `patience_s`: how long one of the last run may take to answer.
    """

    def __init__(self, plan: AsteriskPlan, secrets: Secrets, say: Say = lambda text: None) -> None:
        self.plan = plan
        self.secrets = secrets
        self._say = say
        self._process: AsteriskProcess | None = None
        self._booted = False
        self.patience_s = 15.0
        self.version: Version = (0, 0, 0)
        self.adopted = self.aborted = self.left_running = False
        self.outdated: tuple[str, ...] = ()

    @property
    def pid(self) -> int:
        """The process id, for measuring. Only valid after start()."""
        return self._running().pid

    @property
    def up(self) -> bool:
        """Whether it has been started and its process is there."""
        return self._booted and self._process is not None and not self._process.ended

    @property
    def address(self) -> AsteriskAddress:
        return address_of_plan(self.plan)

    async def __aenter__(self) -> EmbeddedAsterisk:
        await self.start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self.left_running:
            self.leave()
        else:
            await self.stop()

    async def start(self) -> None:
        """Up, booted and checked. Raises AsteriskError that says what to do; nothing stays behind then.

        One of this instance that runs already is taken over: no call of it is touched, and no file. One that does
        not answer is ended, and another started. Once it has ended by itself, it can be started anew.
        """
        if self._process is not None and not self._process.ended:
            raise AsteriskError("this Asterisk is started already")
        self.leave()
        self.aborted = False
        self._check_tree()
        self.adopted = await self._adopt()
        if not self.adopted:
            await self._start_anew()
        self._booted = True
        how = "goes on, with the calls it has" if self.adopted else "is up"
        self._say(f"Asterisk {version_text(self.version)} {how} (pid {self.pid})")

    async def _start_anew(self) -> None:
        check_ports(self.plan)
        render(self.plan, self.secrets)
        self.outdated = ()
        self._forget_old_log()
        self._process = self._spawn()
        try:
            await self._until_booted()
            self.version = await check_asterisk(self.address, self.secrets, modules_for(self.plan))
        except BaseException:
            await self.stop()
            raise

    # ---- one that runs already

    async def _adopt(self) -> bool:
        """Whether one was there. No look at its modules: it runs with those that it was started with."""
        found = await survivor(self.plan, self.secrets, self.patience_s)
        if found is None:
            return False
        self._process, self.outdated = found
        try:
            self.version = await check_asterisk(self.address, self.secrets, ())
        except BaseException:
            self.leave()
            raise
        return True

    async def refresh(self) -> tuple[str, ...]:
        """Bring one that was taken over up to date, with no call dropped; what `outdated` is now.

        All of it or nothing: where it takes a start, the rest would not fit. Raises AsteriskError as `reload` does.
        """
        if self.outdated and not set(self.outdated) - RELOADS.keys():
            wanted = rendered(self.plan, self.secrets)
            before = {name: _text(self.plan.etc / name) for name in self.outdated}
            await self._change({name: wanted[name] for name in self.outdated}, before, self.plan)
            self.outdated = ()
        return self.outdated

    async def reload(self, plan: AsteriskPlan, secrets: Secrets) -> tuple[str, ...]:
        """Telephones and trunk as in `plan`, with no call dropped; the names of the files that changed.

        Raises AsteriskError where a restart is needed (nothing is touched then), or where Asterisk refuses the
        new files (those before are back in force then).
        """
        check_plans(self.plan, plan)
        before, after = rendered(self.plan, self.secrets), rendered(plan, secrets)
        changed = changed_files(before, after)
        await self._change(changed, before, plan)
        self.plan, self.secrets = plan, secrets
        return tuple(changed)

    async def _change(
        self, changed: Mapping[str, str], before: Mapping[str, str], plan: AsteriskPlan
    ) -> None:
        known = len(self.problems())
        await self._read_again(changed)
        told = await self._complaints(plan, known) if changed else []
        if told:
            await self._read_again({name: before[name] for name in changed})
            raise AsteriskError("Asterisk refuses the new configuration:\n" + "\n".join(told[:_TOLD_LINES]))

    async def _read_again(self, files: Mapping[str, str]) -> None:
        write_files(self.plan, files)
        for name in files:
            await self.console(RELOADS[name])

    async def _complaints(self, plan: AsteriskPlan, known: int) -> list[str]:
        """Telephones that are missing or left over, and what the log says since its line `known`."""
        there = endpoints_listed(await self.console("pjsip list endpoints"))
        wrong = sorted(there ^ endpoints_of(plan))
        return [f"not as it should be: {name}" for name in wrong] + complaints(self.problems()[known:])

    async def wait(self) -> int | None:
        """Returns its exit code when it has ended, for whatever reason; None for one that was taken over."""
        return await self._running().wait()

    async def stop(self, drain_s: float = 0.0) -> None:
        """Ends it. With `drain_s`, calls may end by themselves for so long; no new ones get in meanwhile."""
        process, self._process = self._process, None
        if process is None:
            return
        try:
            if not process.ended and not (drain_s > 0 and await self._drained(process, drain_s)):
                await process.end(signal.SIGTERM, _STOP_S)  # hangs every call up, then ends
        finally:
            process.forget()

    async def _drained(self, process: AsteriskProcess, drain_s: float) -> bool:
        await self.console("core stop gracefully")
        return await process.ended_within(drain_s)

    async def abort(self) -> None:
        """Ends one that hangs, by force. A core dump says what it was at, where those are kept."""
        self._booted, self.aborted = False, True
        await self._running().end(signal.SIGABRT, ABORT_S)

    def leave(self) -> None:
        """Go away from it: it runs on with its calls, and the next start takes it over."""
        process, self._process = self._process, None
        self._booted = False
        if process is not None:
            process.forget()

    def problems(self) -> list[str]:
        """The warnings and errors in its log since it was started."""
        return [line for line in _text(self.plan.log).splitlines() if "WARNING[" in line or "ERROR[" in line]

    async def console(self, line: str) -> str:
        """What Asterisk's own console answers to a line; nothing where none is there to take it, or it hangs."""
        client = await asyncio.create_subprocess_exec(
            *AsteriskTree(self.plan.tree).command("-C", str(self._conf), "-rx", line),
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
        )
        try:
            async with asyncio.timeout(_CONSOLE_S):
                return (await client.communicate())[0].decode(errors="replace")
        except TimeoutError:
            return ""
        finally:
            if client.returncode is None:
                client.kill()
                await client.wait()

    def _running(self) -> AsteriskProcess:
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

    def _spawn(self) -> AsteriskProcess:
        command = AsteriskTree(self.plan.tree).command("-f", "-C", str(self._conf))
        return spawn(command, self.plan.instance, self._console)

    @property
    def _conf(self) -> Path:
        return self.plan.etc / "asterisk.conf"

    @property
    def _console(self) -> Path:
        return self.plan.instance / "log" / "console.log"

    async def _until_booted(self) -> None:
        try:
            async with asyncio.timeout(_START_S):
                while not await self._has_booted():  # noqa: ASYNC110 - another process boots, not a task
                    await asyncio.sleep(_POLL_S)
        except TimeoutError:
            raise AsteriskError(f"Asterisk is not up after {_START_S:.0f} s. {self.last_words()}") from None

    async def _has_booted(self) -> bool:
        """False while there is nobody to ask yet."""
        process = self._running()
        if process.ended:
            raise AsteriskError(f"Asterisk ended at once (exit code {process.code}). {self.last_words()}")
        return "fully booted" in await self.console("core waitfullybooted")

    def last_words(self) -> str:
        """The end of what it has to complain of, for people."""
        words = (self.problems() or _text(self._console).splitlines())[-_TOLD_LINES:]
        return "Its last words:\n" + "\n".join(f"    {line}" for line in words)


def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8", errors="replace") if path.exists() else ""

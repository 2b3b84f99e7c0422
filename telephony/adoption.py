"""The Asterisk of an instance that runs already: it survived the engine that started it, and its calls with it."""

from __future__ import annotations

import asyncio
import logging
import os
import signal
from collections.abc import Collection, Iterator, Mapping
from contextlib import suppress
from http import HTTPStatus
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

from telephony.ari_ping import ari_status
from telephony.asterisk_check import address_of_plan
from telephony.asterisk_process import AsteriskProcess
from telephony.plan import AsteriskPlan
from telephony.render import rendered
from telephony.secrets import Secrets
from telephony.tree import AsteriskError

log = logging.getLogger(__name__)

ABORT_S = 2.0
"""How long one that hangs may take to write its core dump."""
_PING_S = 5.0
_POLL_S = 0.05
_PROC = Path("/proc")
_DOORS = frozenset({"http.conf", "ari.conf"})
"""The files that say where ARI listens and to whom: where they have changed, its silence proves nothing."""


class Survivor(NamedTuple):
    """The process, and the files with which it runs that are not those of today."""

    process: AsteriskProcess
    outdated: tuple[str, ...]


async def survivor(plan: AsteriskPlan, secrets: Secrets, patience_s: float) -> Survivor | None:
    """The Asterisk of this instance that runs and answers. One that does not within `patience_s` is ended: None then.

    Raises AsteriskError where it answers to somebody else: nothing is done to it then.
    """
    process = running_instance(plan.etc / "asterisk.conf")
    if process is None:
        return None
    outdated: tuple[str, ...] = ()
    try:
        outdated = files_that_differ(plan.etc, rendered(plan, secrets))
        async with asyncio.timeout(patience_s):
            if await _answers(process, plan, secrets):
                return Survivor(process, outdated)
    except TimeoutError:
        await _end_silent(process, outdated)
    except BaseException:
        process.forget()
        raise
    process.forget()
    return None


async def _end_silent(process: AsteriskProcess, outdated: Collection[str]) -> None:
    try:
        if _DOORS & set(outdated):
            raise _stranger(process, "does not answer at the port where we ask")
        log.error("Asterisk (pid %d) of the last run does not answer: it is ended", process.pid)
        await process.end(signal.SIGABRT, ABORT_S)
    finally:
        process.forget()


async def _answers(process: AsteriskProcess, plan: AsteriskPlan, secrets: Secrets) -> bool:
    """Waits until its ARI does; it may be booting still. False where it ends meanwhile."""
    while not process.ended:
        status = await ari_status(address_of_plan(plan), secrets, _PING_S)
        if status is HTTPStatus.UNAUTHORIZED:
            raise _stranger(process, "has another password for ARI")
        if status is HTTPStatus.OK:
            return True
        await asyncio.sleep(_POLL_S)
    return False


def _stranger(process: AsteriskProcess, what: str) -> AsteriskError:
    return AsteriskError(
        f"the Asterisk of this instance runs already (pid {process.pid}) and {what}: its configuration is not the "
        "one that is wanted now. Take that change back; or end that Asterisk, which ends its calls "
        f"(kill {process.pid}), and start again"
    )


class _Found(NamedTuple):
    pid: int
    parent: int


def running_instance(conf: Path, proc: Path = _PROC) -> AsteriskProcess | None:
    """The process that serves the instance of this asterisk.conf, under the user that we are; None: there is none."""
    found = list(_instances(conf, proc))
    pids = {one.pid for one in found}
    for one in found:
        if one.parent not in pids:  # a copy of it, on its way to be another program
            process = _held(one.pid, conf, proc)
            if process is not None:
                return process
    return None


def serves(command: list[str], conf: Path) -> bool:
    """Whether this command line is that of an instance; a console that speaks to one names the same file."""
    return "-f" in command and ("-C", str(conf)) in pairwise(command)


def files_that_differ(etc: Path, wanted: Mapping[str, str]) -> tuple[str, ...]:
    """The names of the files that are not on the disk as they would be written today."""
    return tuple(sorted(name for name, text in wanted.items() if _text(etc / name) != text))


def _held(pid: int, conf: Path, proc: Path) -> AsteriskProcess | None:
    """Looked at once more while we hold it: its number cannot have gone to somebody else then."""
    try:
        process = AsteriskProcess(pid)
    except ProcessLookupError:
        return None
    if serves(_command(proc / str(pid)), conf) and not process.ended:
        return process
    process.forget()
    return None


def _instances(conf: Path, proc: Path) -> Iterator[_Found]:
    for entry in proc.iterdir():
        if entry.name.isdigit() and serves(_command(entry), conf):
            with suppress(OSError):  # it has gone meanwhile
                if entry.stat().st_uid == os.geteuid():
                    yield _Found(int(entry.name), _parent(entry))


def _command(entry: Path) -> list[str]:
    """Empty for one that has gone, or that has ended and waits to be buried."""
    try:
        return [os.fsdecode(word) for word in (entry / "cmdline").read_bytes().split(b"\0")]
    except OSError:
        return []


def _parent(entry: Path) -> int:
    # `pid (name) state parent ...`; the name may hold anything.
    return int((entry / "stat").read_text(errors="replace").rpartition(")")[2].split()[1])


def _text(path: Path) -> str | None:
    try:
        return path.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return None

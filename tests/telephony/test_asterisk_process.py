"""A process held by a descriptor; any program will do."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from pathlib import Path

import pytest

from telephony.asterisk_process import AsteriskProcess, spawn

pytestmark = pytest.mark.unit

SLEEPER = ("sleep", "60")


@pytest.fixture
def sleeper(tmp_path: Path) -> AsteriskProcess:
    return spawn(SLEEPER, tmp_path, tmp_path / "out")


async def test_a_child_that_ends_leaves_its_code_and_its_words(tmp_path: Path) -> None:
    program = "import os, sys; print(os.getcwd()); print('oh', file=sys.stderr); sys.exit(3)"
    child = spawn((sys.executable, "-c", program), tmp_path, tmp_path / "out")
    async with asyncio.timeout(30):
        assert await child.wait() == 3
    assert child.ended
    assert set((tmp_path / "out").read_text().splitlines()) == {str(tmp_path), "oh"}
    child.forget()


async def test_a_program_that_is_not_there_ends(tmp_path: Path) -> None:
    child = spawn((str(tmp_path / "nothing"),), tmp_path, tmp_path / "out")
    async with asyncio.timeout(30):
        assert await child.wait() == 127
    child.forget()


async def test_several_wait_for_one(sleeper: AsteriskProcess) -> None:
    waiting = [asyncio.create_task(sleeper.wait()) for _ in range(3)]
    await asyncio.sleep(0)
    assert not sleeper.ended
    sleeper.send(signal.SIGKILL)
    async with asyncio.timeout(30):
        assert await asyncio.gather(*waiting) == [-9, -9, -9]
    sleeper.forget()
    assert (sleeper.ended, await sleeper.wait()) == (True, -9)


async def test_one_that_is_stopped_has_not_ended_and_ends_by_force(sleeper: AsteriskProcess) -> None:
    sleeper.send(signal.SIGSTOP)
    assert not await sleeper.ended_within(0.01)
    async with asyncio.timeout(30):
        await sleeper.end(signal.SIGTERM, 0.01)
    assert (sleeper.ended, sleeper.code) == (True, -9)
    sleeper.forget()


async def test_one_that_is_not_our_child(tmp_path: Path) -> None:
    program = (
        "import subprocess, sys; p = subprocess.Popen(['sleep', '60']); print(p.pid); sys.stdout.flush()"
    )
    middle = spawn((sys.executable, "-c", program), tmp_path, tmp_path / "out")
    async with asyncio.timeout(30):
        await middle.wait()
    stranger = AsteriskProcess(int((tmp_path / "out").read_text()))
    async with asyncio.timeout(30):
        await stranger.end(signal.SIGTERM, 30)
    assert (stranger.ended, stranger.code) == (True, None)
    stranger.send(signal.SIGKILL)
    stranger.forget()
    middle.forget()


async def test_one_that_is_let_go_goes_on(sleeper: AsteriskProcess) -> None:
    sleeper.forget()
    sleeper.send(signal.SIGKILL)  # whom we do not hold we cannot hit
    again = AsteriskProcess(sleeper.pid)
    assert not again.ended
    await again.end(signal.SIGTERM, 30)
    again.forget()


async def test_it_has_a_session_of_its_own(sleeper: AsteriskProcess) -> None:
    # The session is there as soon as the program is.
    assert os.getsid(sleeper.pid) == sleeper.pid
    await sleeper.end(signal.SIGKILL, 30)
    sleeper.forget()


def test_a_number_that_nobody_has() -> None:
    with pytest.raises(ProcessLookupError):
        AsteriskProcess(2**22 - 1)

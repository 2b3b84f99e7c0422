"""The keeper, in processes of its own: who follows whom, and who ends with whom."""

from __future__ import annotations

import asyncio
import signal
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

pytestmark = pytest.mark.unit

ROOT = Path(__file__).parents[2]
LIMIT = 30.0

SCRIPT = """
import os, signal, sys
from pathlib import Path
from telephony import keeper

lives, keeper.SHORT_S, plan = Path(sys.argv[1]), float(sys.argv[2]), sys.argv[3:]
passed_on = {signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGABRT}

def die():
    os.kill(os.getpid(), signal.SIGKILL)

def engine():
    with lives.open("a") as file:
        file.write(f"{os.getpid()} {os.getppid()} {os.environ.get('WATCHDOG_PID', '')}\\n")
    what = plan[len(lives.read_text().splitlines()) - 1]
    if what == "die":
        die()
    elif what == "fail":
        raise RuntimeError("a fault")
    elif what == "hear":
        signal.pthread_sigmask(signal.SIG_BLOCK, passed_on)
        print("ready", flush=True)
        print(signal.sigwait(passed_on), flush=True)
        return 0
    elif what == "ignore":
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        os.kill(os.getppid(), signal.SIGTERM)
        die()
    elif what == "wait":
        print("ready", flush=True)
        while True:
            signal.pause()
    return int(what)

sys.exit(keeper.keep(engine))
"""
SHORT, LONG = "1e9", "0"
"""Every life is a short one, or none is."""


class Kept:
    """A keeper whose engines do, one after the other, what a plan says."""

    def __init__(self, folder: Path) -> None:
        self._lives = folder / "lives"
        self._process: Process

    async def begin(self, *plan: str, short: str = SHORT, script: str = SCRIPT) -> Process:
        """Start it."""
        command = (sys.executable, "-c", script, str(self._lives), short, *plan)
        self._process = await asyncio.create_subprocess_exec(*command, stdout=PIPE, stderr=PIPE, cwd=ROOT)
        return self._process

    async def code(self, *plan: str, short: str = SHORT) -> int | None:
        """How it ends."""
        await self.begin(*plan, short=short)
        await self.rest()
        return self._process.returncode

    async def line(self) -> str:
        """What an engine says next."""
        assert self._process.stdout is not None
        return (await asyncio.wait_for(self._process.stdout.readline(), LIMIT)).decode().strip()

    async def rest(self) -> str:
        """What is said until nobody is there any more who could say anything."""
        out, _ = await asyncio.wait_for(self._process.communicate(), LIMIT)
        return out.decode().strip()

    async def told_to_end(self) -> None:
        """It is, and so are all."""
        self._process.terminate()
        await self.rest()

    async def end(self) -> None:
        """Nothing stays behind, whatever went wrong."""
        if self._process.returncode is None:
            self._process.kill()
            await self.rest()

    def lives(self) -> list[list[str]]:
        """Of each engine: its id, that of its parent, and whom the watchdog of systemd looks at."""
        return [line.split(" ") for line in self._lives.read_text().splitlines()]


@pytest.fixture
async def kept(tmp_path: Path) -> AsyncIterator[Kept]:
    kept = Kept(tmp_path)
    yield kept
    await kept.end()


async def test_one_that_is_killed_is_followed_by_another(kept: Kept) -> None:
    assert await kept.code("die", "die", "0") == 0
    lives = kept.lives()
    assert len({engine for engine, *_ in lives}) == 3
    assert len({keeper for _, keeper, _ in lives}) == 1


@pytest.mark.parametrize(("ends", "code"), [("0", 0), ("1", 1), ("7", 7), ("fail", 1)])
async def test_one_that_ends_by_itself_ends_it(kept: Kept, ends: str, code: int) -> None:
    assert await kept.code(ends, "0") == code
    assert len(kept.lives()) == 1


async def test_too_many_short_lives_and_it_is_left_to_others(kept: Kept) -> None:
    assert await kept.code(*["die"] * 9) == 128 + signal.SIGKILL
    assert len(kept.lives()) == 5


async def test_one_that_has_lived_is_no_part_of_a_series(kept: Kept) -> None:
    assert await kept.code(*["die"] * 9, "0", short=LONG) == 0
    assert len(kept.lives()) == 10


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGABRT])
async def test_what_it_is_told_is_for_the_engine(kept: Kept, number: signal.Signals) -> None:
    process = await kept.begin("hear", "0")
    assert await kept.line() == "ready"
    process.send_signal(number)
    assert await kept.rest() == str(int(number))
    assert process.returncode == 0
    assert len(kept.lives()) == 1


async def test_one_that_dies_of_what_it_was_told_is_not_followed(kept: Kept) -> None:
    process = await kept.begin("wait", "0")
    assert await kept.line() == "ready"
    process.terminate()
    await kept.rest()
    assert process.returncode == 128 + signal.SIGTERM
    assert len(kept.lives()) == 1


async def test_nobody_follows_once_it_was_told_to_end(kept: Kept) -> None:
    assert await kept.code("ignore", "0") == 128 + signal.SIGKILL
    assert len(kept.lives()) == 1


async def test_what_it_is_told_between_two_engines_is_not_lost(kept: Kept) -> None:
    script = SCRIPT.replace(
        "sys.exit(keeper.keep(engine))",
        "own = keeper._Keeper(); own.pass_on(15, None); print(own.run(engine), flush=True)",
    )
    await kept.begin("wait", script=script)
    assert await kept.rest() == "None"


async def test_the_engine_dies_with_its_keeper(kept: Kept) -> None:
    process = await kept.begin("wait")
    assert await kept.line() == "ready"
    process.kill()
    assert await kept.rest() == ""  # both ends of the pipe are closed: nobody is left
    assert process.returncode == -signal.SIGKILL


async def test_systemd_looks_at_the_engine(kept: Kept, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WATCHDOG_PID", "1")
    await kept.code("die", "0")
    assert [watched for *_, watched in kept.lives()] == [engine for engine, *_ in kept.lives()]


# ---- a companion

WITH_COMPANION = SCRIPT.replace(
    "sys.exit(keeper.keep(engine))",
    """
keeper.PATIENCE_S = (0.0, 0.0)

def companion():
    if plan[-1] == "falls":
        with Path(f"{lives}.companions").open("a") as file:
            file.write("one\\n")
        if len(Path(f"{lives}.companions").read_text().splitlines()) < 4:
            os.kill(os.getpid(), signal.SIGSEGV) if os.getpid() % 2 else os._exit(3)
    print(f"companion {os.getpid()}", flush=True)
    while True:
        signal.pause()

sys.exit(keeper.keep(engine, companion))
""",
)


async def test_a_companion_outlives_the_engines_and_ends_with_the_last(kept: Kept) -> None:
    await kept.begin("die", "die", "wait", "", short=LONG, script=WITH_COMPANION)
    said = sorted([await kept.line(), await kept.line()])
    assert said[0].startswith("companion")
    assert said[1] == "ready"
    assert len(kept.lives()) == 3
    await kept.told_to_end()
    assert len(kept.lives()) == 3


async def test_a_companion_that_falls_is_followed_and_the_engine_goes_on(kept: Kept) -> None:
    await kept.begin("wait", "falls", short=LONG, script=WITH_COMPANION)
    said = sorted([await kept.line(), await kept.line()])
    assert said[0].startswith("companion")
    assert said[1] == "ready"
    assert len(kept.lives()) == 1
    await kept.told_to_end()


async def test_an_engine_that_ends_takes_its_companion_along(kept: Kept) -> None:
    process = await kept.begin("7", "", script=WITH_COMPANION)
    await kept.rest()  # both ends of the pipe are closed: nobody is left
    assert process.returncode == 7

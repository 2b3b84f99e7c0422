"""Every drill in its short form: a few calls, one part broken, and nothing lost. By the command, two at a time."""

from __future__ import annotations

import asyncio
import json
import sys
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from sim.drill.main import CANNOT

pytestmark = pytest.mark.live

ROOT = Path(__file__).parents[2]
AT_ONCE = 2
FEW = ("--talking", "4", "--waiting", "4", "--seed", "2")
LIMIT_S = 200.0


class Asked(NamedTuple):
    """One drill: its kind, and what else is said on the command line."""

    kind: str
    words: tuple[str, ...]


class Told(NamedTuple):
    """What it printed, and how it ended."""

    asked: Asked
    code: int
    figures: dict[str, Any]
    story: str


DRILLS = [
    Asked("none", FEW),
    Asked("kill-engine", FEW),
    Asked("kill-asterisk", FEW),
    Asked("kill-database", (*FEW, "--outage", "8")),
    Asked("full-disk", (*FEW, "--outage", "3")),
    Asked("cut-network", (*FEW, "--outage", "3")),
    Asked("kill-engine", ("--talking", "8", "--times", "3", "--rate", "4", "--seed", "3")),
]


async def drilled(asked: Asked, texts: Path, turn: asyncio.Semaphore) -> Told:
    """In a process of its own, as whoever drills does it."""
    command = [
        sys.executable,
        "-m",
        "sim.drill.main",
        asked.kind,
        *asked.words,
        "--texts",
        str(texts),
        "--json",
    ]
    async with turn, asyncio.timeout(LIMIT_S):
        process = await asyncio.create_subprocess_exec(
            *command, cwd=ROOT, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE
        )
        out, story = await process.communicate()
    figures = json.loads(out) if out else {}
    return Told(asked, process.returncode or 0, figures, story.decode())


async def test_whatever_breaks_nothing_is_lost(tmp_path: Path) -> None:
    turn = asyncio.Semaphore(AT_ONCE)
    results = await asyncio.gather(*(drilled(asked, tmp_path / "texts", turn) for asked in DRILLS))
    lost = [told for told in results if told.code not in allowed(told.asked)]
    assert not lost, "\n".join(f"{told.asked.kind}:\n{told.story}" for told in lost)
    for told in results:
        if told.code == 0:
            assert told.figures["passed"]
            assert told.figures["left_behind"] == []
            assert (
                told.figures["records"] >= told.figures["talking" if "talking" in told.figures else "times"]
            )


def allowed(asked: Asked) -> set[int]:
    """A machine that lets nobody mount a file system cannot fill one: the drill says so, and that is all."""
    return {0, CANNOT} if asked.kind == "full-disk" else {0}

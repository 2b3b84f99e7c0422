"""The journal of a live demo, fed to a fresh engine, gives identical commands."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from rich.console import Console

from calls.lifecycle import Outcome
from sim.live.cast import Part
from sim.live.demo import Demo, as_the_flow_says

pytestmark = pytest.mark.replay

ROOT = Path(__file__).parents[2]


def two_of_each(parts: list[Part]) -> list[Part]:
    """A small cast: of each outcome two callers."""
    chosen: dict[Outcome, list[Part]] = {}
    for part in parts:
        chosen.setdefault(part.outcome, []).append(part)
    return [part for some in chosen.values() for part in some[:2]]


async def test_a_journal_of_real_calls_replays(tmp_path: Path) -> None:
    figures = await Demo(ROOT, tmp_path, Console(file=io.StringIO()), without_waiting).play()
    assert figures["replay_differences"] == 0
    assert as_the_flow_says(figures), figures["mismatches"]
    assert (figures["answered"], figures["self_served"], figures["closed"]) == (2, 2, 2)


def without_waiting(parts: list[Part]) -> list[Part]:
    """With two talkers nobody has to wait, so nobody can give up waiting."""
    return [part for part in two_of_each(parts) if part.outcome is not Outcome.ABANDONED_QUEUE]

"""What the board costs the engine: one fold of every journal entry, on the engine's own path."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from statistics import median
from typing import Protocol

from calls.journal import Entry
from sim.bench.row import Row, row
from sim.run import run
from sim.scenario import load_scenario
from supervisor.board import Board

SCENARIO = "saitama-autotax-may.yaml"
TARGET_US = 20.0
TIMES = 7


class Fold(Protocol):
    """Whatever takes a journal in."""

    def feed(self, entry: Entry, /) -> object:
        """One entry."""


def fold_rows(root: Path, times: int = TIMES) -> list[Row]:
    """Microseconds for an entry of a day in May at the tax centre: the whole board, with the figures of the day.

    The median of `times` days; some four seconds.
    """
    entries = tax_day(root)
    board_us = median(fold_us(Board, entries) for _ in range(times))
    return [row("board.fold", "us", board_us, "target", TARGET_US, more_is_better=False)]


def tax_day(root: Path) -> list[Entry]:
    """The journal of the first day of the scenario, on virtual time."""
    scenario = load_scenario(root / "config" / "scenarios" / SCENARIO)
    path = str(root / str(scenario.project))
    entries: list[Entry] = []
    run(scenario.model_copy(update={"project": path, "last": scenario.first}), entries.append)
    return entries


def fold_us(fold: Callable[[], Fold], entries: Sequence[Entry]) -> float:
    """Microseconds that a fresh fold takes for an entry, without collections of garbage between."""
    fresh = fold()
    gc.collect()
    gc.disable()
    try:
        began = time.perf_counter()
        for entry in entries:
            fresh.feed(entry)
        return (time.perf_counter() - began) / len(entries) * 1e6
    finally:
        gc.enable()

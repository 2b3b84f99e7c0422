"""Scenarios for tests, as short as they can be said."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from calls.journal import Entry
from sim.run import Result, run
from sim.scenario import Scenario

ROOT = Path(__file__).parents[2]
PROJECT = str(ROOT / "config/projects/saitama-autotax.yaml")
MAY = {"project": PROJECT, "from": "2026-05-07", "to": "2026-05-07"}


def bare(**changes: Any) -> Scenario:
    """A small bare queue: 5 seats, 2,000 calls, one talk in five minutes."""
    usual: dict[str, Any] = {
        "calls": 2000,
        "arrivals": {"per_hour": 60},
        "handle": {"mean": 300.0},
        "patience": {"mean": 120.0},
        "seats": 5,
    }
    return Scenario.model_validate(
        {key: value for key, value in (usual | changes).items() if value is not None}
    )


def tax_day(**changes: Any) -> Scenario:
    """The motor-vehicle tax project on one business day, with callers before, in and after its hours."""
    half_hours = {"08:00": 5, "08:30": 40, "09:00": 80, "12:00": 60, "16:30": 90, "17:00": 60, "18:00": 20}
    usual: dict[str, Any] = MAY | {
        "arrivals": {"by_half_hour": half_hours},
        "handle": {"mean": 300.0, "distribution": "lognormal", "cv": 0.9},
        "wrapup": {"mean": 45.0},
        "patience": {"mean": 90.0},
        "ring": {"mean": 8.0},
        "flow": {"hang_up": 0.05, "keys": {"1": 0.3, "0": 0.2, "9": 0.2}},
        "seats": 12,
    }
    return Scenario.model_validate(usual | changes)


def journal_of(scenario: Scenario) -> tuple[list[Entry], Result]:
    """Everything that happened in a scenario."""
    entries: list[Entry] = []
    return entries, run(scenario, entries.append)

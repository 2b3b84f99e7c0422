"""What is missing where a promise is not met: the best that seats can do, and the half-hours that lose most calls."""

from __future__ import annotations

import math
from bisect import bisect_left
from typing import Any

from sim.erlang import erlang_a
from sim.run import run
from sim.scenario import Scenario
from sim.world import RING

WORST = 5
"""So many half-hours are told."""
MOST_CALLS = 200_000
"""Whether seats alone would help is only tried where that takes seconds."""
MOST_SEATS = 2_000
SPARE, AT_LEAST = 1.5, 20


def shortfall(scenario: Scenario, summary: dict[str, Any]) -> dict[str, Any] | None:
    """None where the promise is met. Else:

    `rate` and `promise` of the period that misses it most. `best_rate`: of the scenario with a seat for everybody at
    any time (None: too many calls to try). `possible`: whether that would keep the promise, as far as it was tried.
    `half_hours`: those that lose most calls (a day), with the seats that Erlang A asks for in the steady state.
    """
    if summary["met"]:
        return None
    missed = min(_missed(summary), key=lambda period: period["rate"] - period["promise"])
    best = _best(scenario, summary)
    return {
        "period": missed["period"],
        "rate": missed["rate"],
        "promise": missed["promise"],
        "best_rate": best["answer_rate"] if best else None,
        "possible": best["met"] if best else None,
        "lost_with_seats_for_all": _lost_outcomes(best) if best else None,
        "half_hours": _worst(scenario, summary, missed["promise"]),
    }


def _missed(summary: dict[str, Any]) -> list[dict[str, Any]]:
    return [period for period in summary["periods"] if not period["met"]]


def _best(scenario: Scenario, summary: dict[str, Any]) -> dict[str, Any] | None:
    if summary["offered"] > MOST_CALLS:
        return None
    return run(scenario.model_copy(update={"seats": _enough(scenario, summary)})).summary


def _enough(scenario: Scenario, summary: dict[str, Any]) -> int:
    """More seats than are ever busy: the load of the busiest half-hour, with half as much again."""
    days = max(1.0, summary["course"]["days"])
    calls = max((row["offered"] for row in summary["half_hours"]), default=0.0) / days
    return min(MOST_SEATS, AT_LEAST + math.ceil(SPARE * calls * _served_s(scenario, summary) / 1800))


def _served_s(scenario: Scenario, summary: dict[str, Any]) -> float:
    """The seat time that a call needs, its ringing included (seconds)."""
    ring = scenario.ring or (RING if scenario.project else None)
    return (
        (summary["mean_talk"] or 0.0) + (summary["mean_wrapup"] or 0.0) + (ring.mean or 0.0 if ring else 0.0)
    )


def _lost_outcomes(summary: dict[str, Any]) -> dict[str, int]:
    kept = ("answered", "self_served", "closed")
    return {name: count for name, count in summary["outcomes"].items() if name not in kept and count}


def _worst(scenario: Scenario, summary: dict[str, Any], promise: float) -> list[dict[str, Any]]:
    rows = [row for row in summary["half_hours"] if row["counted"] > row["kept"]]
    rows.sort(key=lambda row: row["kept"] - row["counted"])
    days = max(1.0, summary["course"]["days"])
    return [
        {
            "from": row["from"],
            "lost": (row["counted"] - row["kept"]) / days,
            "rate": row["rate"],
            "seats": row["seats"],
            "needed": _needed(scenario, summary, row["counted"] / days, promise),
        }
        for row in rows[:WORST]
    ]


def _needed(scenario: Scenario, summary: dict[str, Any], calls: float, promise: float) -> int | None:
    """The fewest seats with which Erlang A keeps the promise; None where nobody loses patience or nobody is served."""
    served, patience = _served_s(scenario, summary), scenario.patience.mean if scenario.patience else None
    if not served or not patience or not calls:
        return None
    rate = calls / 1800

    def kept(seats: int) -> bool:
        return 1 - erlang_a(seats, rate, served, patience).abandoned >= promise

    # not `seats_for`, which has no answer to a promise of 100 %
    seats = bisect_left(range(MOST_SEATS), True, lo=max(1, math.floor(promise * rate * served)), key=kept)
    return seats if seats < MOST_SEATS else None

"""Erlang A for 10,000 seats: the exact formula against the textbook's sum, state by state with the gamma function.

The rival is what one finds in tools for staffing, written so that it does not overflow either.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from statistics import median

from sim.bench.row import Row, row
from sim.erlang import erlang_a

SEATS, RATE_S, TALK_S, PATIENCE_S = 10_000, 16.6, 600.0, 180.0
NEGLIGIBLE = 1e-18
TIMES = 9


def formula_row() -> Row:
    """Milliseconds for all figures of one staffing; raises ArithmeticError where the two do not agree."""
    exact = erlang_a(SEATS, RATE_S, TALK_S, PATIENCE_S).abandoned
    summed = textbook_abandoned(SEATS, RATE_S, TALK_S, PATIENCE_S)
    if not math.isclose(exact, summed, rel_tol=1e-6):
        raise ArithmeticError(f"Erlang A says {exact}, the textbook's sum {summed}")
    ours = _milliseconds(lambda: erlang_a(SEATS, RATE_S, TALK_S, PATIENCE_S))
    theirs = _milliseconds(lambda: textbook_abandoned(SEATS, RATE_S, TALK_S, PATIENCE_S))
    return row("sim.formula", "ms", ours, "textbook sum", theirs, more_is_better=False)


def textbook_abandoned(seats: int, rate: float, talk: float, patience: float) -> float:
    """The share of all calls that are abandoned (M/M/c+M), by logarithms of factorials."""
    load = math.log(rate * talk)
    logs = [present * load - math.lgamma(present + 1) for present in range(seats + 1)]
    highest, log = max(logs), logs[-1]
    whole = sum(math.exp(each - highest) for each in logs)
    waiting, lost, weight = 0, 0.0, 1.0
    while weight > NEGLIGIBLE * whole:
        waiting += 1
        log += math.log(rate) - math.log(seats / talk + waiting / patience)
        weight = math.exp(log - highest)
        whole, lost = whole + weight, lost + waiting * weight
    return lost / whole / patience / rate


def _milliseconds(do: Callable[[], object]) -> float:
    taken = []
    for _ in range(TIMES):
        began = time.perf_counter()
        do()
        taken.append((time.perf_counter() - began) * 1000)
    return median(taken)

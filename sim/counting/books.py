"""Whether the books of a run balance: what was counted in two ways has to be the same.

Conservation of calls, and Little's law (L = lambda W, J. D. C. Little, Operations Research 9, 1961): the number
waiting, summed up over time, is the sum of all waits; likewise for the seats that are busy.
"""

from __future__ import annotations

import math
from typing import Any

from sim.counting.figures import Figures
from sim.counting.levels import Levels

PRECISION = 1e-6
"""Relative; sums of millions of floats are far nearer to each other."""


class BooksError(Exception):
    """The figures of a run contradict each other: a fault of ours, and none of them is to be believed."""


def balance(figures: Figures, levels: Levels, half_hours: list[dict[str, Any]]) -> None:
    """Raises BooksError where they do not; the levels have to be closed."""
    ended = sum(figures.outcomes.values())
    _equal("calls offered", figures.offered, "calls with an outcome", ended)
    _equal(
        "calls of all half-hours", sum(row["offered"] for row in half_hours), "calls offered", figures.offered
    )
    _equal("calls still open", figures.open_calls, "calls open at the end", 0)
    _equal("callers still waiting", levels.waiting, "callers waiting at the end", 0)
    _equal("seats still busy", levels.busy, "seats busy at the end", 0)
    _near(
        "the number waiting, over time", levels.whole.waiting_s, "the waits of all calls", figures.in_line_s
    )
    _near("the seats busy, over time", levels.whole.busy_s, "talk and wrap-up of all calls", figures.busy_s)


def _equal(one: str, here: int, other: str, there: int) -> None:
    if here != there:
        raise BooksError(f"the books do not balance: {one} {here}, {other} {there}; please report this")


def _near(one: str, here: float, other: str, there: float) -> None:
    if not math.isclose(here, there, rel_tol=PRECISION, abs_tol=PRECISION):
        raise BooksError(f"the books do not balance: {one} {here} s, {other} {there} s; please report this")

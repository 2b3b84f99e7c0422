"""Seats that never change and lines without number: each caller's wait follows from those before him in a few steps.

The recursion of Kiefer and Wolfowitz (1955) with callers who lose patience: who comes next gets the seat that is free
first, unless he has left by then. Plain Python that numba can compile; all times in seconds, on one axis.
"""

from __future__ import annotations

from typing import Any

from sim.fast.floor import ABANDONED, ANSWERED

Array = Any
"""A NumPy array where the loop is compiled, else a list."""


def work_off(
    at: Array, leaves: Array, talk: Array, ring: float, wrapup: float, free: Array, waits: Array, codes: Array
) -> tuple[int, int, float, float, float]:
    """Fill in `waits` and `codes` of all callers (one at least), who come in the order of `at` and leave at `leaves`.

    `free`: when each seat is free, at first a time before all others; a heap. Each telephone rings for `ring`; each
    record takes `wrapup`. Answers with how many found no free seat, how often a caller left just when a seat was free
    or picked up (the engine may see it the other way), all talk, all wrap-up, and when the last seat was done.
    """
    stood, ties, talked, written, last = 0, 0, 0.0, 0.0, at[0]
    for caller in range(len(at)):
        came, leaving = at[caller], leaves[caller]
        begin = max(came, free[0])
        stood += begin > came
        answered = begin + ring
        ties += leaving in (begin, answered) and leaving > came
        if leaving >= answered:
            codes[caller] = ANSWERED
            waits[caller] = answered - came
            end = answered + talk[caller]
            done = end + wrapup
            talked += end - answered
            written += done - end
        else:
            codes[caller] = ABANDONED
            waits[caller] = leaving - came
            if leaving < begin:
                continue
            done = leaving
        last = max(last, done)
        _take_first(free, done)
    return stood, ties, talked, written, last


def _take_first(free: Array, done: float) -> None:
    """The seat that is free first is so no more, until it is done."""
    place, child, seats = 0, 1, len(free)
    while child < seats:
        if child + 1 < seats and free[child + 1] < free[child]:
            child += 1
        if free[child] >= done:
            break
        free[place] = free[child]
        place, child = child, 2 * child + 1
    free[place] = done


HELPERS = (_take_first,)
"""All that `work_off` calls, for the compiler."""

"""Runs the loops over numbers: compiled by numba where it is installed, else as they stand.

Both give the same numbers to the last digit; uncompiled they take about fifty times as long. Nothing is kept between
two runs. The compiled code is stored beside the source, so only the first run after a change waits for the compiler
(some seconds).
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.fast import kernel, line
from sim.fast.floor import CALLER, CHANGE, END, SEAT_BITS, Rows, as_objects, new_floor, new_seats
from sim.fast.kernel import simulate
from sim.fast.line import work_off
from sim.randomness import Numbers

Loop = Callable[..., Any]
Codes = NDArray[np.int8]


class Change(NamedTuple):
    """At a time (seconds), somebody logs in at a seat (from 0), or out where not `there`."""

    at: float
    seat: int
    there: bool


class Outcomes(NamedTuple):
    """What became of each caller, in the order of arrival.

    `waits` (seconds): to both legs in the bridge, or to leaving the line; 0 who was never in it. `codes`: ANSWERED
    and so on of `sim.fast.floor`; WAITS for whoever waits for ever. `stood`: how many found no free seat. `ties`: where
    it is not 0, the engine may have decided otherwise. `talk_s`, `wrapup_s`: of all seats together; `last`: when the
    last of them was done.
    """

    waits: Numbers
    codes: Codes
    stood: int
    ties: int
    talk_s: float
    wrapup_s: float
    last: float


@functools.cache
def compiled(loop: Loop, helpers: tuple[Loop, ...] = ()) -> Loop:
    """A loop in machine code, and the functions that it calls; without numba the loop itself."""
    try:
        import numba
        from numba.extending import register_jitable
    except ImportError:
        return loop
    for helper in helpers:
        register_jitable(helper)
    try:
        machine_code: Loop = numba.njit(cache=True)(loop)
    except RuntimeError:  # there is no place to keep it
        machine_code = numba.njit(loop)
    return machine_code


def run_line(
    arrivals: Numbers,
    talks: Numbers,
    patience: Numbers | None,
    seats: int,
    *,
    ring: float = 0.0,
    wrapup: float = 0.0,
    plain: bool = False,
) -> Outcomes:
    """Everybody through a line with a number of seats that never changes, trunk lines without number.

    All in seconds, arrivals in their order. `patience` None: they wait for ever. `ring`, `wrapup`: the same for
    all. `plain`: uncompiled.
    """
    if not len(arrivals):
        return Outcomes(np.zeros(0), np.zeros(0, dtype=np.int8), 0, 0, 0.0, 0.0, -np.inf)
    loop = work_off if plain else compiled(work_off, line.HELPERS)
    given = (arrivals, _leaves(arrivals, patience), talks)
    filled = (np.full(seats, -np.inf), np.zeros(len(arrivals)), np.zeros(len(arrivals), dtype=np.int8))
    at, leaves, talk, free, waits, codes = (
        numbers.tolist() if loop is work_off else numbers for numbers in (*given, *filled)
    )
    stood, ties, talked, written, last = loop(at, leaves, talk, ring, wrapup, free, waits, codes)
    found = np.asarray(waits, dtype=np.float64), np.asarray(codes, dtype=np.int8)
    return Outcomes(*found, int(stood), int(ties), float(talked), float(written), float(last))


def run_floor(
    arrivals: Numbers,
    talks: Numbers,
    patience: Numbers | None,
    changes: Sequence[Change],
    *,
    wrapups: Numbers | None = None,
    ring: float = 0.0,
    lines: int = 0,
    plain: bool = False,
) -> Outcomes:
    """Everybody through a line whose seats come and go. All in seconds, arrivals and changes in their order.

    `patience` None: they wait for ever. `changes`: who sits where; at first nobody does. `wrapups`: in the order in
    which talks end, at least one for each caller; a single one holds always. `lines` 0: no limit. `plain`: uncompiled.
    Raises ValueError for too few wrap-ups and for more seats than the loop can tell apart.
    """
    seats = 1 + max((change.seat for change in changes), default=-1)
    if wrapups is not None and 1 < len(wrapups) < len(arrivals):
        raise ValueError(
            f"{len(wrapups)} wrap-ups for {len(arrivals)} callers: give one for each, or one for all"
        )
    if 4 * seats > SEAT_BITS:
        raise ValueError(f"{seats:,} seats are more than {SEAT_BITS // 4:,}")
    loop = simulate if plain else compiled(simulate, kernel.HELPERS)
    callers = np.zeros(len(arrivals), dtype=CALLER)
    callers["at"], callers["leaves"], callers["talk"] = arrivals, _leaves(arrivals, patience), talks
    rows: list[Rows] = [
        callers,
        np.array([tuple(change) for change in changes], dtype=CHANGE),
        np.zeros(0) if wrapups is None else wrapups,
        new_seats(seats),
        np.zeros(seats, dtype=END),
        new_floor(ring=ring, lines=lines),
    ]
    given: list[Rows] = [as_objects(each) for each in rows] if loop is simulate else rows
    loop(*given)
    waits, codes = _column(given[0], "wait"), _column(given[0], "code").astype(np.int8)
    stood, ties, *sums = (
        _column(given[-1], name)[0] for name in ("stood", "ties", "talk_s", "write_s", "last")
    )
    return Outcomes(waits, codes, int(stood), int(ties), *map(float, sums))


def _column(rows: Rows, name: str) -> np.ndarray:
    return np.array([getattr(row, name) for row in rows]) if isinstance(rows, list) else rows[name].copy()


def _leaves(arrivals: Numbers, patience: Numbers | None) -> Numbers:
    return np.full(len(arrivals), np.inf) if patience is None else arrivals + patience

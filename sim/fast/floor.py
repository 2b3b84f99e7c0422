"""What the loops of `sim.fast.kernel` work on: callers, seats and the floor as a whole, in records of plain numbers.

All times are in seconds, on one axis. A record is a row of a NumPy array where the loops are compiled, else an object
with the same fields.
"""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np

Rows = Any
"""Records, by their numbers."""
Row = Any
"""One record; its fields can be set."""

WAITS, ANSWERED, ABANDONED, BLOCKED, OVERFLOWED = range(5)
"""What becomes of a caller."""
TALKS, WRITES, RINGS = range(3)
"""What ends next at a seat: a talk, a record, or the patience of a caller for whom it rings."""
SEAT_BITS = 0xFFFF
"""An entry of the heap ends in so many bits for the seat and what ends there; 10,000 seats need most of them."""

CALLER = np.dtype([(name, np.float64) for name in ("at", "leaves", "talk", "wait")] + [("code", np.int64)])
"""Who comes at `at`, `leaves` when he has had enough (infinity: never) and talks for `talk` seconds.

`wait` and `code` are filled in: the wait of who was in the line (else 0), and what became of him."""

CHANGE = np.dtype([("at", np.float64), ("seat", np.int64), ("there", np.int64)])
"""Somebody logs in at a seat (`there` 1) or out (0); all are out at first."""

SEAT = np.dtype([(name, np.int64) for name in ("logged_in", "busy", "after", "before")])
"""`logged_in`, `busy`: 1 or 0. `after`, `before`: the neighbours in the ring of the free seats, in the order in which
they became free; the record behind the last seat is both its ends."""

END = np.dtype([("at", np.float64), ("of", np.int64)])
"""An entry in the heap of what ends next at each busy seat; what was planned first comes before the rest of the same
time."""

FLOOR = np.dtype(
    [
        (name, np.int64)
        for name in (
            "lines", "busy", "head", "arrived", "waiting", "present", "logged_in", "written", "stood", "ties",
            "planned", "last_what",
        )
    ]
    + [(name, np.float64) for name in ("ring", "deserted_at", "talk_s", "write_s", "last")]
)  # fmt: skip
"""`ring`: how long each telephone rings; `lines`: of the trunk (0: no limit).

Counters: seats that are `busy`; callers up to whom the line was worked off (`head`), who have `arrived`, who wait
(those who left unseen included), and who are rung for or talk (`present`); seats `logged_in`; records begun
(`written`); callers who `stood` in the line; `ties`; entries made in the heap (`planned`); `last_what` ended at a seat.
`deserted_at`: when those who wait where nobody is any more are sent away (infinity: nobody is). `talk_s`, `write_s`:
all talk and wrap-up. `last`: when the last seat was done."""


def new_floor(*, ring: float, lines: int) -> np.ndarray:
    """The floor as a whole, before anybody comes: one record."""
    floor = np.zeros(1, dtype=FLOOR)
    floor["ring"], floor["lines"], floor["deserted_at"], floor["last"] = ring, lines, np.inf, -np.inf
    return floor


def new_seats(count: int) -> np.ndarray:
    """So many seats at which nobody is yet."""
    seats = np.zeros(count + 1, dtype=SEAT)
    seats["after"] = seats["before"] = count
    return seats


def as_objects(rows: np.ndarray) -> list[Any]:
    """The same for loops that are not compiled; plain numbers where it has no fields."""
    if rows.dtype.names is None:
        return rows.tolist()
    names = rows.dtype.names
    return [SimpleNamespace(**dict(zip(names, row, strict=True))) for row in rows.tolist()]

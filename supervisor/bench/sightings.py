"""How long it takes from what the engine knows to what somebody sees: when it was so, and when it was seen so."""

from __future__ import annotations

import bisect
import math
import time
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from calls.journal import Entry
from calls.notes import NoteMoved, NoteSeat

CLOSED = "CLOSED"
Sighting = tuple[str, str, float]
"""A call's or a seat's id, the state in which it was seen, and when first (seconds since 1970 UTC)."""


class Facts:
    """When the engine's journal said what; `observe` is given every entry."""

    def __init__(self) -> None:
        self._since: dict[tuple[str, str], list[float]] = defaultdict(list)

    def observe(self, entry: Entry) -> None:
        """Take one entry in, now."""
        now = time.time()
        for command in entry.commands:
            if isinstance(command, NoteMoved):
                self._since[command.call, command.state].append(now)
            elif isinstance(command, NoteSeat):
                self._since[command.seat, command.state].append(now)

    def delays_ms(self, seen: Iterable[Sighting], after: float) -> list[float]:
        """From each fact to its sighting; of facts before `after` (seconds since 1970 UTC) nothing is told."""
        delays = []
        for id_, state, at in seen:
            times = self._since.get((id_, state), [])
            place = bisect.bisect_right(times, at)
            if place and times[place - 1] >= after:
                delays.append((at - times[place - 1]) * 1000)
        return delays


class Eyes:
    """Somebody who looks at boards; `seen` is what was new in each."""

    def __init__(self) -> None:
        self.seen: list[Sighting] = []
        self._states: dict[str, str] = {}

    def look(
        self, states: Mapping[str, str], at: float, gone: Iterable[str] = (), *, whole: bool = False
    ) -> None:
        """At a part of the board: who is in which state, and what is gone; at all of it, where that is `whole`."""
        left = [id_ for id_ in self._states if id_ not in states] if whole else gone
        for id_ in left:
            if self._states.pop(id_, None) is not None:
                self.seen.append((id_, CLOSED, at))
        for id_, state in states.items():
            if self._states.get(id_) != state:
                self._states[id_] = state
                self.seen.append((id_, state, at))


def states_of(rows: Iterable[Mapping[str, Any]], name: str) -> dict[str, str]:
    """The states of rows by their ids, which stand under `name`."""
    return {row[name]: row["state"] for row in rows}


def p95(values: Iterable[float]) -> float | None:
    """The value that 95 of 100 do not exceed; None of none."""
    ordered = sorted(values)
    return ordered[math.ceil(0.95 * len(ordered)) - 1] if ordered else None

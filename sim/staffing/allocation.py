"""Where the next seat does most good: seats for half-hours, one at a time."""

from __future__ import annotations

import bisect
import heapq
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from sim.staffing.service import Service

LEAST_GAIN = 1e-7
"""Calls per seat-hour that another seat has to save: where it saves less, nobody is lost any more."""

NUDGE = 0.02
"""So much more load is tried to see how the rate changes with it."""


class Kind(NamedTuple):
    """Half-hours that are alike, and so get the same seats.

    `minute`: the first one of the half-hour, in minutes since midnight. `calls`: those of callers who want an operator.
    `open_min`: so many of its minutes the centre is open (1-30).
    """

    minute: int
    calls: float
    open_min: float


class Allocation:
    """Plans for the half-hours of one period, each with one seat more (in one kind of half-hour) than the one before.

    It begins with the fewest seats, at least one, that answer the share `floor` of the callers of each half-hour by
    itself. Then each step puts a seat where it saves the most calls per seat-hour. Under Erlang A each further seat
    saves less than the one before; so no plan of as many seat-hours answers more calls in the period (up to the
    last seat), and `rate` never falls. Half-hours with many callers end with a higher rate than quiet ones, for a
    seat is better used there: the floor says how much lower a quiet one may be.

    `kinds` counts how many half-hours there are of each kind. `lost`: calls that count but that no seat saves;
    `counted`: all that count.
    """

    def __init__(self, kinds: Mapping[Kind, int], service: Service, floor: float, lost: float = 0.0) -> None:
        self._kinds, self._service, self._lost = kinds, service, lost
        self.counted = lost + sum(kind.calls * days for kind, days in kinds.items())
        self.least = {kind: service.seats_for(floor, kind.calls, kind.open_min) for kind in kinds}
        self._steps: list[Kind] = []
        kept = sum(self._kept(kind, seats) for kind, seats in self.least.items())
        hours = sum(kind.open_min / 60 * kinds[kind] * seats for kind, seats in self.least.items())
        self._kept_after, self._hours_after = [kept], [hours]
        self._heap: list[tuple[float, Kind, int]] = []
        for kind, seats in self.least.items():
            self._offer(kind, seats + 1)

    def with_floor(self, floor: float) -> Allocation:
        """The same half-hours with another floor."""
        return Allocation(self._kinds, self._service, floor, self._lost)

    def _kept(self, kind: Kind, seats: int) -> float:
        return kind.calls * self._kinds[kind] * self._service.answered(seats, kind.calls, kind.open_min)

    def _offer(self, kind: Kind, seats: int) -> None:
        if seats > self._service.most_seats:
            return
        gain = self._kept(kind, seats) - self._kept(kind, seats - 1)
        per_hour = gain / (kind.open_min / 60 * self._kinds[kind])
        if per_hour > LEAST_GAIN:
            heapq.heappush(self._heap, (-per_hour, kind, seats))

    def _more(self) -> bool:
        """One step further, if there is one."""
        if not self._heap:
            return False
        per_hour, kind, seats = heapq.heappop(self._heap)
        hours = kind.open_min / 60 * self._kinds[kind]
        self._steps.append(kind)
        self._kept_after.append(self._kept_after[-1] - per_hour * hours)
        self._hours_after.append(self._hours_after[-1] + hours)
        self._offer(kind, seats + 1)
        return True

    def reach(self, step: int) -> int:
        """The step itself, or the last one where there are not so many."""
        while len(self._steps) < step and self._more():
            pass
        return min(step, len(self._steps))

    def rate(self, step: int) -> float:
        """The share of the calls that are answered after so many steps, by Erlang A; 1 where nobody calls."""
        return self._kept_after[step] / self.counted if self.counted else 1.0

    def slope(self, step: int) -> float:
        """How the rate changes with the load: by so much for each time as much of it again (below 0)."""
        seats, more = self.seats(step), 1 + NUDGE
        kept = sum(
            kind.calls * self._kinds[kind] * self._service.answered(count, kind.calls * more, kind.open_min)
            for kind, count in seats.items()
        )
        return (kept - self._kept_after[step]) / self.counted / NUDGE if self.counted else 0.0

    def seat_hours(self, step: int) -> float:
        """The seat-hours of the whole period after so many steps, inside the opening hours."""
        return self._hours_after[step]

    def step_for(self, rate: float) -> int | None:
        """The first step that reaches a rate; None: no number of seats does."""
        while self.rate(len(self._steps)) < rate:
            if not self._more():
                return None
        return bisect.bisect_left(self._kept_after, rate * self.counted) if self.counted else 0

    def seats(self, step: int) -> dict[Kind, int]:
        """The seats of each kind of half-hour after so many steps."""
        added = Counter(self._steps[:step])
        return {kind: least + added[kind] for kind, least in self.least.items()}


def count(kinds: Iterable[Kind]) -> dict[Kind, int]:
    """How many half-hours there are of each kind, in the order of the day."""
    return dict(sorted(Counter(kinds).items()))

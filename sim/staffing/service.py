"""How many callers a number of seats answers in a half-hour, by the exact Erlang A formula."""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

from sim.erlang import erlang_a

MOST_SEATS = 10_000
"""So many seats the engine takes."""

NOBODY = 1e-6
"""So few calls are none."""


class TooManySeatsError(Exception):
    """More seats would be needed than the engine takes."""


class Service(NamedTuple):
    """What one call asks of a seat, and what its caller bears.

    `hold`: seconds for which a call takes a seat (ring, talk, wrap-up). `patience`: its mean, in seconds.
    `most_waiting`: so many may stand in the line; `lines`: so many calls the trunk carries; None: no limit.
    `busy_counts`: whether who finds no line free counts as not answered, or not at all.
    """

    hold: float
    patience: float
    most_waiting: int | None = None
    lines: int | None = None
    busy_counts: bool = True

    @property
    def most_seats(self) -> int:
        """More seats than that cannot be of use: each call needs a line of the trunk."""
        return MOST_SEATS if self.lines is None else min(self.lines, MOST_SEATS)

    def erlangs(self, calls: float, minutes: float) -> float:
        """The load of `calls` calls in `minutes` minutes."""
        return calls * self.hold / (60 * minutes)

    def answered(self, seats: int, calls: float, minutes: float) -> float:
        """The share of `calls` calls in `minutes` minutes that some seats answer, if the rush lasted for ever."""
        return 1.0 if calls < NOBODY or self.hold <= 0 else _answered(self, seats, calls, minutes)

    def seats_for(self, share: float, calls: float, minutes: float) -> int:
        """The fewest seats (at least 1) that answer a share of the calls; `most_seats` where it takes more.

        More seats never answer fewer: so doubling finds enough of them, and halving the fewest.
        Raises TooManySeatsError beyond MOST_SEATS.
        """
        low, high = 0, max(1, int(share * self.erlangs(calls, minutes)))
        while high < self.most_seats and self.answered(high, calls, minutes) < share:
            low, high = high, 2 * high
        high = min(high, self.most_seats)
        if high == MOST_SEATS and self.answered(high, calls, minutes) < share:
            told = f"{calls:,.0f} calls in {minutes:g} minutes need more than {MOST_SEATS:,} seats"
            raise TooManySeatsError(
                f"{told}, which is more than the engine takes; see `arrivals` and `handle`"
            )
        while high - low > 1:
            middle = (low + high) // 2
            enough = self.answered(middle, calls, minutes) >= share
            low, high = (low, middle) if enough else (middle, high)
        return high


@lru_cache(maxsize=200_000)
def _answered(service: Service, seats: int, calls: float, minutes: float) -> float:
    if seats <= 0:
        return 0.0
    seats = min(seats, service.most_seats)
    full = None if service.most_waiting is None else seats + service.most_waiting
    busy = service.lines is not None and (full is None or service.lines <= full)
    lines = service.lines if busy else full
    queue = erlang_a(seats, calls / (60 * minutes), service.hold, service.patience, lines)
    counted = 1 - queue.blocked if busy and not service.busy_counts else 1.0
    return (1 - queue.blocked - queue.abandoned) / counted

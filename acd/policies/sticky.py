"""Sticky: whoever talked with this caller the last time is asked first, before the policy of the queue."""

from __future__ import annotations

from collections.abc import Iterable

from acd.policies import Policy
from acd.seat import Seat


def last_operator(last: Seat | None, free: Iterable[Policy]) -> Seat | None:
    """The seat of the last operator (None: unknown) if it is among those free for this caller."""
    if last is None:
        return None
    return last if any(last in pool for pool in free) else None

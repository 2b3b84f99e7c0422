"""Which of the free seats takes the next call: one small module per policy."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from acd.policies.fewest_calls import FewestCalls
from acd.policies.longest_idle import LongestIdle
from acd.policies.ring_all import EVERYBODY, RingAll
from acd.policies.round_robin import RoundRobin
from acd.seat import Seat
from calls.queue_settings import PolicyName, QueueSettings


class Policy(Protocol):
    """What a queue asks of a policy. It holds seats of one skill level and one delay that are free."""

    def __len__(self) -> int: ...

    def __contains__(self, seat: Seat) -> bool: ...

    def add(self, seat: Seat) -> None:
        """A seat has become free; it was not free before."""

    def remove(self, seat: Seat) -> None:
        """A seat is no longer free; nothing happens if it was not."""

    def pick(self) -> Seat | None:
        """The seat that is to take the next call (it stays free until `remove`), or None."""


POLICIES: dict[PolicyName, Callable[[], Policy]] = {
    "longest_idle": LongestIdle,
    "fewest_calls": FewestCalls,
    "round_robin": RoundRobin,
    "ring_all": RingAll,
}


def at_once(settings: QueueSettings) -> int:
    """How many telephones a caller of a queue wants to ring at the same time."""
    return EVERYBODY if settings.policy == "ring_all" else settings.ring

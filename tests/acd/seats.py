"""Seats for the tests of what holds them."""

from __future__ import annotations

from acd.policies import Policy
from acd.seat import Seat


def seats(*names: str) -> list[Seat]:
    """In the order of the round, as a router numbers them."""
    found = [Seat(name) for name in names]
    for order, seat in enumerate(found):
        seat.order = order
    return found


def freed(policy: Policy, *found: Seat) -> None:
    """They become free one after the other."""
    for seat in found:
        seat.turn += 1 + max((other.turn for other in found), default=0)
        policy.add(seat)


def in_turn(policy: Policy) -> list[str]:
    """Every free seat, picked and taken until there is none."""
    order = []
    while (seat := policy.pick()) is not None:
        policy.remove(seat)
        order.append(seat.id)
    return order

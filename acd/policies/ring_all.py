"""Ring all: every free seat is rung for the same caller, and the first to pick up has him."""

from __future__ import annotations

from acd.policies.longest_idle import LongestIdle

EVERYBODY = 1_000_000
"""More telephones than there are: such a caller never has enough of them."""


class RingAll(LongestIdle):
    """The longest idle telephone rings first, if only by a hair."""

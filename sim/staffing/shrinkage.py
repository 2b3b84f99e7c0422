"""Seats needed and people to be scheduled: some are ill, on leave or in a training, and their seats stay empty."""

from __future__ import annotations

import math


def to_schedule(needed: int, shrinkage: float) -> int:
    """So many people have to be on the plan so that `needed` are there, when the share `shrinkage` (0-1) is not."""
    return math.ceil(needed / (1 - shrinkage) - 1e-9)


def to_count_on(people: int, shrinkage: float) -> int:
    """So many of some people can be counted on."""
    return math.floor(people * (1 - shrinkage) + 1e-9)

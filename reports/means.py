"""Means as reports tell them."""

from __future__ import annotations

from collections.abc import Iterable
from statistics import fmean


def mean(values: Iterable[float | None]) -> float | None:
    """The mean of the values that there are, to the millisecond; None where there is none."""
    known = [value for value in values if value is not None]
    return round(fmean(known), 3) if known else None

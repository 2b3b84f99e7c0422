"""How sure a mean over replications is: Student's t, without a library for it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import lru_cache
from typing import Any, NamedTuple

LEVEL = 0.95


class Interval(NamedTuple):
    """A mean with its confidence interval, over `times` replications; one alone has no width (infinite)."""

    mean: float
    half_width: float
    low: float
    high: float
    times: int

    def told(self) -> dict[str, Any]:
        """For JSON: null where the width is not known."""
        known = math.isfinite(self.half_width)
        return self._asdict() | ({} if known else dict.fromkeys(("half_width", "low", "high")))

    def lies_beside(self, value: float) -> bool:
        """Whether all of it lies on one side of a value, the value itself being the upper side."""
        return self.low >= value or self.high < value


def interval(values: Sequence[float], level: float = LEVEL) -> Interval:
    """The mean of independent values and where the true one lies with probability `level`.

    mean +- t * s / sqrt(n), with n - 1 degrees of freedom. Raises ValueError where there is no value.
    """
    count = len(values)
    if not count:
        raise ValueError("no value, so there is no mean")
    mean = math.fsum(values) / count
    if count == 1:
        return Interval(mean, math.inf, -math.inf, math.inf, 1)
    half = student_t((1 + level) / 2, count - 1) * math.sqrt(variance(values) / count)
    return Interval(mean, half, mean - half, mean + half, count)


def variance(values: Sequence[float]) -> float:
    """The unbiased sample variance of at least two values."""
    mean = math.fsum(values) / len(values)
    return math.fsum((value - mean) ** 2 for value in values) / (len(values) - 1)


@lru_cache(maxsize=1024)
def student_t(p: float, df: int) -> float:
    """The quantile `p` (0 < p < 1) of Student's t with `df` >= 1 degrees of freedom, to about 1e-12.

    Newton's steps from 0: beyond 0 the distribution is concave, so that no step goes too far. Raises ValueError.
    """
    if not 0 < p < 1 or df < 1:
        raise ValueError(f"no quantile {p} of Student's t with {df} degrees of freedom")
    if p < 0.5:
        return -student_t(1 - p, df)
    t, step = 0.0, math.inf
    while step > 1e-13 * max(1.0, t):
        step = (p - student_t_share(t, df)) / _density(t, df)
        t += step
    return t


def student_t_share(t: float, df: int) -> float:
    """The probability that Student's t is at most `t`, for whole `df`.

    Abramowitz and Stegun, Handbook of Mathematical Functions, 26.7.3 (odd) and 26.7.4 (even): finite sums in the
    angle arctan(t / sqrt(df)).
    """
    angle = math.atan2(t, math.sqrt(df))
    cos2 = math.cos(angle) ** 2
    odd = df % 2
    term = math.cos(angle) if odd else 1.0
    total = 0.0
    for power in range(2 + odd, df + 1, 2):
        total += term
        term *= cos2 * (power - 1) / power
    inside = math.sin(angle) * total
    if odd:
        inside = 2 / math.pi * (angle + inside)
    return 0.5 + 0.5 * inside


def _density(t: float, df: int) -> float:
    log = math.lgamma((df + 1) / 2) - math.lgamma(df / 2) - 0.5 * math.log(df * math.pi)
    return math.exp(log - (df + 1) / 2 * math.log1p(t * t / df))

"""Does the telephone do what the simulation says? Figure by figure, against what one run may be by chance."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from sim.many.interval import LEVEL, interval, student_t, variance

FIGURES = ("answer_rate", "abandon_rate", "wait_rate", "service_level.20", "mean_wait", "occupancy")
DECIDES = "answer_rate"
"""The figure that is promised decides."""
_ROUNDING = 1e-9

Summary = Mapping[str, Any]


class Row(NamedTuple):
    """One figure: of the live run, of the simulation with the same seed, and over its replications.

    `low`, `high`: where one more run lies with 95 % probability. `half_width`: of the mean's own interval.
    """

    live: float | None
    same_seed: float | None
    mean: float
    half_width: float
    low: float
    high: float
    inside: bool


def figure(summary: Summary, name: str) -> float | None:
    """A figure by its name; `service_level.20` is one inside another."""
    found: Any = summary
    for key in name.split("."):
        found = found[key]
    return None if found is None else float(found)


def prediction(values: Sequence[float], level: float = LEVEL) -> tuple[float, float]:
    """Where one more independent value lies with probability `level`, of at least two that are about normal.

    mean +- t * s * sqrt(1 + 1/n) with n - 1 degrees of freedom (Hahn and Meeker, Statistical Intervals, 4.7).
    Raises ValueError where there are fewer.
    """
    count = len(values)
    if count < 2:
        raise ValueError("one replication does not tell how much they differ: give 2 or more")
    mean = math.fsum(values) / count
    half = student_t((1 + level) / 2, count - 1) * math.sqrt(variance(values) * (1 + 1 / count))
    return mean - half, mean + half


def rows(live: Summary, same_seed: Summary, replications: Sequence[Summary]) -> dict[str, Row]:
    """Every figure that the replications have, by its name."""
    found = {}
    for name in FIGURES:
        values = [value for summary in replications if (value := figure(summary, name)) is not None]
        if len(values) > 1:
            found[name] = _row(figure(live, name), figure(same_seed, name), values)
    return found


def _row(live: float | None, same_seed: float | None, values: list[float]) -> Row:
    low, high = prediction(values)
    mean = interval(values)
    inside = live is not None and low - _ROUNDING <= live <= high + _ROUNDING
    return Row(live, same_seed, mean.mean, mean.half_width, low, high, inside)


def agree(found: Mapping[str, Row]) -> bool:
    """Whether the promised rate of the live run is one that the simulation would have; False where it has none."""
    return DECIDES in found and found[DECIDES].inside

"""Simulated months of one plan: how the promise fared, period by period, and how much that is chance."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable, Hashable, Mapping, Sequence
from statistics import NormalDist
from typing import Any, NamedTuple

from sim.many.interval import Interval, interval, variance
from sim.scenario import Scenario

Summary = dict[str, Any]
Simulate = Callable[[Scenario, int], list[Summary]]
"""So many replications of a scenario by the real engine: their summaries."""


class PeriodTrial(NamedTuple):
    """One period over all replications. `mean`: of its rate; `sd`: how far a single month is from it, by chance."""

    mean: float
    sd: float


def period_rates(summaries: Sequence[Summary], period: str) -> list[float]:
    """The rate of a period in each replication; 1 where nobody counted: nothing was broken."""
    found = [{p["period"]: p["rate"] for p in summary["periods"]}.get(period) for summary in summaries]
    return [1.0 if rate is None else rate for rate in found]


def trial(
    summaries: Sequence[Summary],
    period: str,
    period_of: Callable[[str], str],
    alike: Callable[[str], Hashable],
    luck: Callable[[Summary], float] = lambda _: 0.0,
) -> PeriodTrial:
    """What some replications say of a period.

    `luck`: by how much the rate of one of them is higher only because it had fewer or shorter calls than to be
    expected (a control variate: of expected value 0, so it does not shift the mean, but steadies it: measured, by two
    thirds).

    Days are independent of each other as long as nobody waits overnight: so the days of few months tell how much
    months differ. The variance of a ratio sum K / sum N is that of the sum of K - r N, divided by N squared; days
    that are `alike` (by their date, as text) have one r. With many replications it is simply measured.
    """
    rates = period_rates(summaries, period)
    mean = math.fsum(rates) / len(rates) - math.fsum(map(luck, summaries)) / len(summaries)
    if len(rates) >= 10:
        return PeriodTrial(mean, math.sqrt(variance(rates)))
    groups: dict[Hashable, list[tuple[int, int]]] = defaultdict(list)
    for summary in summaries:
        for day in summary["days"]:
            if period_of(day["date"]) == period and day["counted"]:
                groups[alike(day["date"])].append((day["kept"], day["counted"]))
    counted = sum(n for days in groups.values() for _, n in days) / len(summaries)
    total = sum(_spread(days) for days in groups.values()) / len(summaries)
    return PeriodTrial(mean, math.sqrt(total) / counted if counted else 0.0)


def _spread(days: list[tuple[int, int]]) -> float:
    """The sum of the variances of K - r N over days that are alike; by the binomial law where there is but one."""
    kept, counted = sum(k for k, _ in days), sum(n for _, n in days)
    rate = kept / counted
    if len(days) == 1:
        return counted * rate * (1 - rate)
    return sum((k - rate * n) ** 2 for k, n in days) * len(days) / (len(days) - 1)


def sure(rates: Sequence[float], z: float) -> float:
    """The rate that lies `z` standard deviations below the mean of some months."""
    return math.fsum(rates) / len(rates) - z * (math.sqrt(variance(rates)) if len(rates) > 1 else 0.0)


class PeriodResult(NamedTuple):
    """What the final check says of one period.

    `met_share`: the share of the simulated months that met the promise; `low` and `high`: where the true probability
    lies with 95 % (see `share_interval`).
    """

    period: str
    promise: float
    rate: Interval
    met_share: float
    low: float
    high: float


def result(summaries: Sequence[Summary], period: str, promise: float) -> PeriodResult:
    """The figures of a period over all replications."""
    rates = period_rates(summaries, period)
    met = sum(rate >= promise for rate in rates)
    low, high = share_interval(met, len(rates))
    return PeriodResult(period, promise, interval(rates), met / len(rates), low, high)


def share_interval(hits: int, times: int, level: float = 0.95) -> tuple[float, float]:
    """Where a probability lies of which `hits` of `times` trials came out (Wilson's score interval).

    E. B. Wilson, Probable inference, the law of succession, and statistical inference, JASA 22 (1927).
    """
    z2 = NormalDist().inv_cdf((1 + level) / 2) ** 2
    middle = (hits + z2 / 2) / (times + z2)
    half = math.sqrt(z2 * (hits * (times - hits) / times + z2 / 4)) / (times + z2)
    return max(0.0, middle - half), min(1.0, middle + half)


def half_hour_rates(summaries: Sequence[Summary]) -> Mapping[str, tuple[int, int]]:
    """Kept and counted calls of each half-hour of the day ("09:30"), over all days and replications."""
    total: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    for summary in summaries:
        for half in summary["half_hours"]:
            total[half["from"]][0] += half["kept"]
            total[half["from"]][1] += half["counted"]
    return {name: (kept, counted) for name, (kept, counted) in total.items()}

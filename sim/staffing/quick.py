"""Plans tried on hundreds of days of a plain line, before the real engine is asked: thousands of days a second."""

from __future__ import annotations

import datetime as dt
import math
from collections import Counter
from collections.abc import Mapping
from typing import NamedTuple

import numpy as np

from sim.demand import day_factors
from sim.distributions import Duration
from sim.fast.days import Days, Tally, answer_rates, draw_days
from sim.randomness import Numbers, Stream
from sim.scenario import Scenario
from sim.staffing.allocation import Kind
from sim.staffing.need import Moment
from sim.staffing.seat_plan import SeatPlan
from sim.staffing.trial import PeriodTrial

DAYS, LEAST_DAYS = 400, 10
"""So many days are drawn in all, and at least of each day that is like no other."""

Shape = tuple[tuple[int, float], ...]
"""The calls of a day by the first minute of their half-hour."""


class Manner(NamedTuple):
    """How calls are handled: talks and patience by their laws, the rest of a seat's time by its mean (seconds).

    `short_s`: callers who give up within so many seconds do not count.
    """

    handle: Duration
    patience: Duration
    rest_s: float
    short_s: float


def manner(scenario: Scenario, rest_s: float, short_s: float) -> Manner | None:
    """How a scenario's calls are handled; None where this module knows too little of them.

    `rest_s`: for how long a call takes a seat besides the talk. Who gives up while a telephone rings is lost whatever
    the seats are, and so is none of the callers here.
    """
    plain = not scenario.handle.classes and scenario.patience is not None
    if not plain or scenario.patience is None or scenario.handle.file or scenario.patience.file:
        return None
    law = scenario.handle.model_dump(include=set(Duration.model_fields))
    return Manner(Duration.model_validate(law), scenario.patience, rest_s, short_s)


class Quick:
    """The days of a scenario by their shapes; each shape is drawn many times, once for all plans.

    What it leaves out (limits of the line, redials, lateness, ...) the trials of the real engine add.
    """

    def __init__(self, scenario: Scenario, kinds: Mapping[Moment, Kind], how: Manner) -> None:
        self._how = how
        calls: dict[dt.date, list[tuple[int, float]]] = {}
        for (day, minute), kind in kinds.items():
            calls.setdefault(day, []).append((minute, kind.calls))
        self._shapes: dict[dt.date, Shape] = {day: tuple(sorted(found)) for day, found in calls.items()}
        different = sorted(set(self._shapes.values()))
        times = max(LEAST_DAYS, DAYS // max(1, len(different)))
        self._days = {shape: self._draw(scenario, shape, times) for shape in different}

    def _draw(self, scenario: Scenario, shape: Shape, times: int) -> Days:
        how, factor = self._how, scenario.arrivals.day_factor
        factors: Numbers | None = None
        if factor is not None:
            draw = day_factors(factor, Stream(scenario.seed, "staff-day-factor"))
            factors = np.array([draw() for _ in range(times)])
        writes = Duration(mean=how.rest_s)
        return draw_days(
            dict(shape),
            how.handle,
            patience=how.patience,
            wrapup=writes,
            seed=scenario.seed,
            times=times,
            factors=factors,
        )

    def trial(self, plan: SeatPlan, days: list[dt.date], lost: float) -> PeriodTrial:
        """The rate of a period of some days, with so many calls `lost` that no seat can save."""
        seats: dict[dt.date, dict[int, int]] = {day: {} for day in days}
        for (day, minute), count in plan.items():
            if day in seats:
                seats[day][minute] = count
        alike = Counter((self._shapes[day], tuple(sorted(seats[day].items()))) for day in days)
        tried = [(times, self._tally(shape, dict(here))) for (shape, here), times in alike.items()]
        kept = sum(times * k.mean() for times, (k, _) in tried)
        counted = lost + sum(times * n.mean() for times, (_, n) in tried)
        if not counted:
            return PeriodTrial(1.0, 0.0)
        rate = kept / counted
        variance = sum(times * (k - rate * n).var(ddof=1) for times, (k, n) in tried)
        return PeriodTrial(float(rate), math.sqrt(variance) / counted)

    def _tally(self, shape: Shape, seats: dict[int, int]) -> tuple[Numbers, Numbers]:
        """The calls kept and counted of each drawn day."""
        how = self._how
        tally: Tally = answer_rates(self._days[shape], seats, short_s=how.short_s)
        counted = (tally.offered - tally.short).sum(axis=1)
        return tally.answered.sum(axis=1).astype(np.float64), counted.astype(np.float64)

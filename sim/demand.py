"""How many calls a scenario expects in each part of each day: all that its `arrivals` say, as one plan."""

from __future__ import annotations

from calls.hours import OpeningHours
from sim import arrivals
from sim.arrivals import DayPlan
from sim.mailings import calls_by_day
from sim.randomness import Draws, Sampler, Stream
from sim.scenario.arrivals import ArrivalsPlan, DayFactor
from sim.scenario.words import minute


def expected_plan(plan: ArrivalsPlan, hours: OpeningHours) -> DayPlan:
    """The means, without a day factor. Not for arrivals from a file."""
    profile = profile_of(plan)
    plans = base_plans(plan, hours, profile)
    plans += [arrivals.date_plan(calls_by_day(one, hours), hours, profile) for one in plan.mailings]
    plans += [arrivals.burst_plan(one.at, one.minutes, one.calls) for one in plan.bursts]
    return arrivals.together(plans)


def drawn_plan(plan: ArrivalsPlan, hours: OpeningHours, seed: int) -> DayPlan:
    """The same with the day factor, for the days in their order."""
    expected = expected_plan(plan, hours)
    if plan.day_factor is None:
        return expected
    return arrivals.varied(expected, day_factors(plan.day_factor, Stream(seed, "day-factor")))


def day_factors(factor: DayFactor, stream: Stream) -> Sampler:
    """The factor of one day after another: gamma with mean 1 and the standard deviation that is given."""
    shape = 1 / factor.cv**2
    return Draws(lambda: stream.gammas(shape) / shape).draw


def profile_of(plan: ArrivalsPlan) -> dict[int, float]:
    """The weights of the half-hours by their first minutes; empty: evenly over the opening hours."""
    weights = plan.profile or plan.by_half_hour or {}
    by_minute = {minute(name): weight for name, weight in weights.items()}
    return by_minute if sum(by_minute.values()) > 0 else {}


def base_plans(plan: ArrivalsPlan, hours: OpeningHours, profile: dict[int, float]) -> list[DayPlan]:
    """The plan of the base, if one is given."""
    if plan.per_hour is not None:
        return [arrivals.hourly_plan(plan.per_hour, hours)]
    if plan.by_half_hour is not None:
        return [arrivals.half_hour_plan({minute(k): v for k, v in plan.by_half_hour.items()}, hours)]
    if plan.by_weekday is not None:
        return [arrivals.weekday_plan(dict(plan.by_weekday), hours, profile)]
    return [arrivals.date_plan(dict(plan.by_date), hours, profile)] if plan.by_date is not None else []

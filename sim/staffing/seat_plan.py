"""A plan of seats, half-hour by half-hour, as a scenario takes it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

import yaml

from sim.arrivals import HALF_HOUR_MIN
from sim.scenario import Scenario, SeatsPlan
from sim.scenario.words import clock
from sim.staffing.need import Moment

SeatPlan = dict[Moment, int]
"""Seats by half-hour; none in a half-hour that is not named."""


def by_day(plan: Mapping[Moment, int]) -> dict[dt.date, dict[str, int]]:
    """The seats of each day by half-hour, in order of time."""
    days: dict[dt.date, dict[str, int]] = {}
    for (day, minute), seats in sorted(plan.items()):
        days.setdefault(day, {})[clock(minute)] = seats
    return days


def as_seats(plan: Mapping[Moment, int]) -> dict[str, Any]:
    """What stands under `seats` of a scenario: one day for all where all days are alike, else day by day."""
    days = by_day(plan)
    first = next(iter(days.values()))
    if all(day == first for day in days.values()):
        return {"by_half_hour": first}
    return {"by_date": {day.isoformat(): seats for day, seats in days.items()}}


def staffed(scenario: Scenario, plan: Mapping[Moment, int]) -> Scenario:
    """The scenario with these seats."""
    return with_seats(scenario, as_seats(plan))


def with_seats(scenario: Scenario, seats: int | dict[str, Any]) -> Scenario:
    """The scenario with other seats, as its file would name them."""
    plan = seats if isinstance(seats, int) else SeatsPlan.model_validate(seats)
    return scenario.model_copy(update={"seats": plan, "remarks": ()})


def seat_hours(plan: Mapping[Moment, int]) -> float:
    """Seat-hours of all half-hours of a plan, each counted whole."""
    return sum(plan.values()) * HALF_HOUR_MIN / 60


def as_yaml(seats: Mapping[str, Any]) -> str:
    """The block `seats` as it goes into a scenario file."""
    return yaml.safe_dump(
        {"seats": dict(seats)}, sort_keys=False, allow_unicode=True, default_flow_style=None
    )

"""What one more percent costs: seat-hours against the answer rate."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any, NamedTuple

from sim.staffing.search import Period, Wish

PERCENTS = range(70, 100)


class Point(NamedTuple):
    """What a rate costs in the whole scenario; None: no number of seats reaches it."""

    rate: float
    seat_hours: float | None


def curve(periods: Iterable[Period], wish: Wish, percents: Iterable[int] = PERCENTS) -> list[Point]:
    """The seat-hours of the cheapest plan for each rate, by Erlang A, moved so that it goes through what was simulated.

    Each rate is the mean over months, in each period of the scenario; the chance of single months comes on top. For
    each rate the seats are spread anew, with the floor as far below it as below the promise.
    """
    known = list(periods)
    return [Point(percent / 100, _seat_hours(known, wish, percent / 100)) for percent in percents]


def _seat_hours(periods: list[Period], wish: Wish, rate: float) -> float | None:
    total = 0.0
    for period in periods:
        moved = replace(
            period, allocation=period.allocation.with_floor(min(wish.floor_for(rate), MOST_FLOOR))
        )
        step = moved.step_for(rate)
        if step is None:
            return None
        total += moved.allocation.seat_hours(step)
    return total


MOST_FLOOR = 0.999
"""No half-hour is asked to answer everybody: that would take seats without end."""


def rows(points: list[Point], shrinkage: float, cost_per_hour: float | None) -> list[dict[str, Any]]:
    """The curve for JSON: for each rate the seat-hours, those for the last percent, and the same in money.

    `paid_hours`: hours of the people who have to be scheduled. `cost` is of those; left out where no cost is given.
    """
    found, before = list[dict[str, Any]](), None
    for point in points:
        hours = point.seat_hours
        row: dict[str, Any] = {"rate": point.rate, "seat_hours": hours and round(hours, 1)}
        row["more"] = round(hours - before, 1) if hours is not None and before is not None else None
        row["paid_hours"] = hours and round(hours / (1 - shrinkage), 1)
        if cost_per_hour is not None:
            row["cost"] = hours and round(hours / (1 - shrinkage) * cost_per_hour)
            more = row["more"]
            row["cost_more"] = None if more is None else round(more / (1 - shrinkage) * cost_per_hour)
        found.append(row)
        before = hours
    return found

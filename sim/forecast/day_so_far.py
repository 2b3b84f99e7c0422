"""Who calls on a day of which a part is over: those who came, and those whom the scenario lets come from now on."""

from __future__ import annotations

from collections.abc import Sequence

from sim.arrivals import Segment, daily, poisson, varied
from sim.demand import expected_plan
from sim.randomness import Stream
from sim.world import World, arrival_times

WARM_UP_S = 3600.0
"""Whoever came earlier than so long ago has left no trace in the line worth the time."""


def callers(world: World, at: float, came: Sequence[float] | None) -> tuple[float, ...]:
    """When the callers of one day dial, from an hour before the moment `at` on (seconds since 1970 UTC).

    `came`: when they really came so far; None: as the scenario has it. Where the scenario's days differ by a factor,
    what has come so far tells much about that of today (see `factor_of`).
    """
    if came is None:
        return tuple(time for time in arrival_times(world) if time >= at - WARM_UP_S)
    before = [time for time in came if at - WARM_UP_S <= time < at]
    return (*before, *(time for time in _to_come(world, at, came) if time >= at))


def _to_come(world: World, at: float, came: Sequence[float]) -> Sequence[float]:
    if world.scenario.arrivals.day_factor is None:
        return tuple(arrival_times(world))
    factor = factor_of(world, at, sum(time < at for time in came))
    return tuple(poisson(_segments(world, factor), Stream(world.scenario.seed, "arrivals")))


def factor_of(world: World, at: float, came: int) -> float:
    """Today's factor, drawn from what is known of it when so many callers came up to a moment.

    The factor is gamma with mean 1 and shape a = 1 / cv^2, and the calls are Poisson with mean factor * m, m being
    those expected so far; so, given n calls, it is gamma with shape a + n and rate a + m (the conjugate prior of a
    Poisson mean). Callers who try again are taken for new ones.
    """
    given = world.scenario.arrivals.day_factor
    if given is None:
        return 1.0
    shape = 1 / given.cv**2
    drawn = Stream(world.scenario.seed, "day-factor-now").gammas(shape + came)[0]
    return float(drawn) / (shape + _expected(world, at))


def _expected(world: World, at: float) -> float:
    """The calls expected on this day before a moment."""
    segments = _segments(world, 1.0)
    return sum(rate * (min(end, at) - start) for start, end, rate in segments if start < at)


def _segments(world: World, factor: float) -> list[Segment]:
    plan = expected_plan(world.scenario.arrivals, world.project.opening_hours())
    return list(daily(world.first, world.scenario.end, world.zone, varied(plan, lambda: factor)))

"""What a load may be: a scenario that real telephones can play, bounded in calls and in time."""

from __future__ import annotations

from typing import NamedTuple

from sim.scenario import ArrivalsPlan, Scenario
from sim.scenario.people import Handle
from sim.world import World, arrival_times

MOST_CALLS = 5000
LONGEST_S = 1800.0
"""From the first caller to the last."""
MOST_SEATS = 100
AFTER_S = 600.0
"""So long a load waits for its last calls to end."""
LEAD_S = 1.0
"""So long before its first caller a load begins."""
CALLS, RATE, HOLD_S, SEATS = 100, 2.0, 5.0, 34
"""Of a load without a scenario: so many calls, so many a second, each talks so long."""


class CannotLoadError(Exception):
    """The scenario is nothing for real telephones; the message says what to do."""


class Times(NamedTuple):
    """Virtual times: when the load begins, and when its first and its last caller dial."""

    begin: float
    first: float
    last: float
    calls: int

    @property
    def seconds(self) -> float:
        """From the beginning to the last caller."""
        return self.last - self.begin


def wanted(scenario: Scenario | None, calls: int | None, rate: float | None, hold: float | None) -> Scenario:
    """The scenario with what the command line says in its place: so many `calls`, Poisson with `rate` a second, each
    talking `hold` seconds. Without a scenario: a bare queue with 34 seats, whose callers wait for ever."""
    changes: dict[str, object] = {}
    if calls is not None:
        changes["calls"] = calls
    if rate is not None:
        changes["arrivals"] = ArrivalsPlan(per_hour=3600.0 * rate)
    if hold is not None:
        changes["handle"] = Handle(mean=hold, distribution="constant")
    return (scenario or _usual()).model_copy(update=changes)


def _usual() -> Scenario:
    return Scenario(
        calls=CALLS,
        arrivals=ArrivalsPlan(per_hour=3600.0 * RATE),
        handle=Handle(mean=HOLD_S, distribution="constant"),
        seats=SEATS,
    )


def times(world: World) -> Times:
    """When what happens; raises CannotLoadError for what is too much, NoArrivalsError where nobody calls."""
    first = last = None
    count = 0
    for at in arrival_times(world):
        first = at if first is None else first
        last = at
        count += 1
        if count > MOST_CALLS:
            raise CannotLoadError(f"more than {MOST_CALLS} calls: give fewer by --calls")
        if last - first > LONGEST_S:
            raise CannotLoadError(
                f"the calls last for more than {LONGEST_S / 60:.0f} minutes, and a telephone cannot hurry:"
                " give fewer by --calls, or a scenario with more callers in an hour (see live-compare.yaml)"
            )
    if first is None or last is None:
        raise CannotLoadError("nobody calls in this scenario: see `arrivals` and the opening hours")
    if world.shifts.most > MOST_SEATS:
        raise CannotLoadError(f"{world.shifts.most} seats: robots play at most {MOST_SEATS} telephones")
    return Times(first - LEAD_S, first, last, count)

"""An engine that is none: it loses so many times as many calls as Erlang A says, give or take some chance."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable
from typing import Any

from sim.arrivals import at_minute
from sim.many.replications import with_seed
from sim.randomness import Stream
from sim.scenario import Scenario
from sim.scenario.words import clock
from sim.staffing.need import Slot, period_of
from sim.staffing.service import Service
from sim.staffing.staff import needed
from sim.world import World, build


class Pretended:
    """`tried`: each scenario that was simulated, with how many months of it.

    `worse`: so many times as many calls are lost as by the formula, and this share of all on top (`unsaved`). `chance`:
    the standard deviation of months.
    """

    def __init__(
        self,
        service: Service,
        wanting: float,
        worse: float = 1.0,
        chance: float = 0.004,
        unsaved: float = 0.0,
    ) -> None:
        self._service, self._wanting, self._worse = service, wanting, worse
        self._chance, self._unsaved = chance, unsaved
        self.tried: list[tuple[Scenario, int]] = []

    def __call__(self, scenario: Scenario, times: int) -> list[dict[str, Any]]:
        self.tried.append((scenario, times))
        world = build(scenario)
        lost = {slot: self._lost(slot, world) for slot in needed(world).slots}
        seeds = [with_seed(scenario, number).seed for number in range(times)]
        return [self._month(world, lost, self._luck(seed)) for seed in seeds]

    def _luck(self, seed: int) -> float:
        return self._chance * float(Stream(seed, "pretended").normals()[0])

    def _lost(self, slot: Slot, world: World) -> float:
        seats = world.shifts.at(at_minute(slot.day, slot.minute + 1, world.zone))
        answered = self._service.answered(seats, slot.calls * self._wanting, slot.open_min)
        return self._unsaved + self._worse * (1 - answered)

    def _month(self, world: World, lost: dict[Slot, float], luck: float) -> dict[str, Any]:
        days: dict[dt.date, list[float]] = defaultdict(lambda: [0.0, 0.0])
        halves: dict[str, list[float]] = defaultdict(lambda: [0.0, 0.0])
        for slot, share in lost.items():
            calls = slot.calls * self._wanting
            for sums in (days[slot.day], halves[clock(slot.minute)]):
                sums[0] += calls * (1 - share + luck)
                sums[1] += calls
        return _summary(days, halves, lambda day: period_of(world.project.promise, day))


def _summary(
    days: dict[dt.date, list[float]],
    halves: dict[str, list[float]],
    named: Callable[[dt.date], tuple[str, float]],
) -> dict[str, Any]:
    periods: dict[tuple[str, float], list[float]] = defaultdict(lambda: [0.0, 0.0])
    for day, (kept, counted) in days.items():
        periods[named(day)][0] += kept
        periods[named(day)][1] += counted
    return {
        "mean_talk": None,
        "days": [{"date": str(day), "kept": kept, "counted": n} for day, (kept, n) in days.items()],
        "half_hours": [{"from": name, "kept": kept, "counted": n} for name, (kept, n) in halves.items()],
        "periods": [
            {"period": name, "counted": n, "rate": kept / n, "promise": promise, "met": kept / n >= promise}
            for (name, promise), (kept, n) in periods.items()
        ],
    }

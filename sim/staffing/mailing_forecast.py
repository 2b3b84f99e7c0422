"""How a mailing fares with the seats that there are, by Erlang A: fast enough to try hundreds of splits."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Mapping, Sequence
from copy import copy
from functools import cached_property

import numpy as np

from sim.arrivals import at_minute
from sim.expectation import expected_calls
from sim.randomness import Numbers
from sim.scenario.arrivals import ArrivalsPlan, Mailing
from sim.staffing.need import Moment, Slot, needs, period_of
from sim.staffing.pilot import Pilot
from sim.staffing.service import Service
from sim.world import World

GRID = 80
"""The share answered is computed for so many rates of each number of seats, and read off between them."""
MANY_LETTERS = 100_000_000
"""For a forecast of one posting day: shared out again by what is really posted."""


def spread_plan(plan: ArrivalsPlan, mailings: Sequence[Mailing]) -> ArrivalsPlan:
    """Other mailings over the same profile of the day, and nothing else."""
    return ArrivalsPlan(profile=plan.profile or plan.by_half_hour, mailings=tuple(mailings))


class Forecast:
    """The share answered in each period, for any number of letters on each of some posting days.

    Days without letters, and other mailings, are as the scenario says. Vectors are over the open half-hours, or over
    the posting days. `tried`: what callers ask of the operators. `promises`: of each period, by its name.
    """

    def __init__(self, world: World, mailing: Mailing, posting: Sequence[dt.date], tried: Pilot) -> None:
        self._world, self._tried, self.posting = world, tried, posting
        plan = world.scenario.arrivals
        self._whole = plan.by_half_hour is not None or plan.profile is not None
        others = tuple(one for one in plan.mailings if one != mailing)
        self._base = self._calls(plan.model_copy(update={"mailings": others}))
        letter = mailing.model_copy(update={"letters": MANY_LETTERS})
        alone = [spread_plan(plan, [letter.model_copy(update={"posted": day})]) for day in posting]
        self._by_letter = np.array([self._calls(one) / MANY_LETTERS for one in alone])
        self._answers = self._curves(0)
        periods = [period_of(world.project.promise, slot.day) for slot in self._slots]
        self.promises = dict(periods)
        names = np.array([name for name, _ in periods])
        self._masks = {name: names == name for name in self.promises}

    def with_more(self, seats: int) -> Forecast:
        """The same with so many seats on top, in every half-hour that has any."""
        other = copy(self)
        other._answers = self._curves(seats)
        return other

    @cached_property
    def _slots(self) -> tuple[Slot, ...]:
        return needs(self._world, [], whole=self._whole).slots

    def _calls(self, plan: ArrivalsPlan) -> Numbers:
        """The calls that want an operator in each open half-hour."""
        scenario = self._world.scenario.model_copy(update={"arrivals": plan})
        found = expected_calls(scenario) if _anybody(plan) else []
        need = needs(self._world, found, whole=self._whole)
        return np.array([slot.calls for slot in need.slots]) * self._tried.wanting

    def _curves(self, more: int) -> list[tuple[Numbers, Numbers, Numbers]]:
        """For each staffing: where its half-hours are, and how many calls are answered of how many."""
        seats = seats_there(self._world, self._slots)
        staffed = [
            (count + more if count else 0, slot.open_min)
            for count, slot in zip(seats, self._slots, strict=True)
        ]
        curves = []
        for staffing in sorted(set(staffed)):
            where = np.array([index for index, one in enumerate(staffed) if one == staffing])
            calls, answered = answers(self._tried.service, *staffing)
            curves.append((where, calls, answered))
        return curves

    def margin(self, split: Mapping[dt.date, int]) -> float:
        """By how much the worst period is above its promise with a split (below 0: how far it misses it)."""
        rates = self.rates(split)
        return min(rates[name] - promise for name, promise in self.promises.items())

    def chance(self) -> float:
        """How far single months may be apart, guessed: twice as far as if each call were lost or not by itself.

        Callers who wait at the same time are lost together.
        """
        counted = {name: float(self._base[mask].sum()) for name, mask in self._masks.items()}
        known = [(self.promises[name], calls) for name, calls in counted.items() if calls > 0]
        return max((2 * math.sqrt(p * (1 - p) / calls) for p, calls in known), default=0.0)

    def rates(self, split: Mapping[dt.date, int]) -> dict[str, float]:
        """The rate of each period with a split: letters by posting day."""
        letters = np.array([float(split.get(day, 0)) for day in self.posting])
        calls = self._base + letters @ self._by_letter
        kept = self._kept(calls)
        rates = {}
        for name, mask in self._masks.items():
            counted = calls[mask].sum() + self._tried.unsaved.get(name, 0.0)
            rates[name] = float(kept[mask].sum() / counted) if counted else 1.0
        return rates

    def lost(self, letters: Numbers) -> float:
        """The calls that are not answered."""
        calls = self._base + letters @ self._by_letter
        return float((calls - self._kept(calls)).sum())

    def _kept(self, calls: Numbers) -> Numbers:
        kept = np.zeros_like(calls)
        for where, known, answered in self._answers:
            here = calls[where]
            # Beyond the grid every seat is busy all the time: no more are answered, however many call.
            kept[where] = np.interp(here, known, answered)
        return kept


def _anybody(plan: ArrivalsPlan) -> bool:
    given = (plan.per_hour, plan.by_half_hour, plan.by_weekday, plan.by_date, plan.file)
    return bool(plan.mailings or plan.bursts) or any(one is not None for one in given)


def answers(service: Service, seats: int, minutes: float) -> tuple[Numbers, Numbers]:
    """How many calls of how many some seats answer in so many minutes: from none to four times their capacity."""
    capacity = seats * 60 * minutes / service.hold if service.hold else 0.0
    calls = np.concatenate(([0.0], np.linspace(0.05, 4.0, GRID) * max(capacity, 1.0)))
    kept = [one * service.answered(seats, float(one), minutes) for one in calls]
    return calls, np.array(kept)


def seats_there(world: World, slots: Sequence[Slot]) -> list[int]:
    """The seats staffed in the middle of each half-hour."""
    found: dict[Moment, int] = {}
    for slot in slots:
        found[slot.day, slot.minute] = world.shifts.at(at_minute(slot.day, slot.minute + 7, world.zone))
    return list(found.values())

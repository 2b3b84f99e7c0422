"""What has to be staffed: the open half-hours of a scenario, with the calls that want an operator in each."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from calls.hours import DAY_MIN, Span
from calls.promise import Promise
from sim.arrivals import HALF_HOUR_MIN
from sim.expectation import HalfHour
from sim.staffing.allocation import Kind
from sim.world import World

Moment = tuple[dt.date, int]
"""A half-hour: its day and its first minute since midnight."""


class NothingToStaffError(Exception):
    """The scenario has no half-hour in which anybody could be answered."""


class Slot(NamedTuple):
    """An open half-hour; `calls`: all who are expected to dial in it, whatever they want."""

    day: dt.date
    minute: int
    open_min: float
    calls: float


@dataclass(frozen=True)
class Need:
    """The slots of a scenario in order of time, and the calls expected outside the opening hours.

    For the latter no seat is planned.
    """

    slots: tuple[Slot, ...]
    outside: float

    @property
    def calls(self) -> float:
        """All calls expected in open half-hours."""
        return sum(slot.calls for slot in self.slots)

    def kinds(self, wanting: float) -> dict[Moment, Kind]:
        """The kind of each slot; of its callers the share `wanting` wants an operator."""
        return {
            (slot.day, slot.minute): Kind(slot.minute, round(slot.calls * wanting, 6), slot.open_min)
            for slot in self.slots
        }


def needs(world: World, expected: list[HalfHour], *, whole: bool) -> Need:
    """The need of a scenario whose expected calls are known.

    `whole`: arrivals are spread over whole half-hours, so that a half-hour in which the centre is open for 15 minutes
    has half of its calls then; else all of them come while it is open.
    Raises NothingToStaffError where the centre is never open.
    """
    calls = {(half.day, half.minute): half.calls for half in expected}
    slots = tuple(_slots(world, calls, whole=whole))
    if not slots:
        told = f"the centre is never open from {world.first} to {_last(world)}, so there is nothing to staff"
        raise NothingToStaffError(f"{told}; see `from`, `to` and the opening hours")
    return Need(slots, sum(calls.values()) - sum(slot.calls for slot in slots))


def _last(world: World) -> dt.date:
    assert world.scenario.last is not None  # `needs` is asked of scenarios with days only
    return world.scenario.last


def _slots(world: World, calls: dict[Moment, float], *, whole: bool) -> Iterator[Slot]:
    day = world.first
    while day <= _last(world):
        for minute, open_min in open_half_hours(world, day):
            part = open_min / HALF_HOUR_MIN if whole else 1.0
            yield Slot(day, minute, open_min, calls.get((day, minute), 0.0) * part)
        day += dt.timedelta(days=1)


def open_half_hours(world: World, day: dt.date) -> Iterator[tuple[int, float]]:
    """The half-hours of a day that are open at all: first minute, and how many of its minutes are open."""
    spans = world.hours.day(day)[0] if world.hours is not None else (Span(0, DAY_MIN),)
    for minute in range(0, DAY_MIN, HALF_HOUR_MIN):
        ends = [(max(s.start, minute), min(s.end, minute + HALF_HOUR_MIN)) for s in spans]
        open_min = sum(end - start for start, end in ends if end > start)
        if open_min > 0:
            yield minute, open_min


def period_of(promise: Promise, day: dt.date) -> tuple[str, float]:
    """The period in which a day is judged, by its name as the verdicts have it, and what was promised for it."""
    if promise.period == "year" and day.month not in promise.months:
        return str(day.year), promise.value
    return f"{day.year}-{day.month:02d}", promise.value_for(day.month)

"""Who has which seat on which day: what a scenario says of its seats, as one list of duties for each day."""

from __future__ import annotations

import datetime as dt
from functools import lru_cache
from typing import NamedTuple, Protocol

from calls.hours import DAY_MIN, WEEKDAYS, Span
from sim.arrivals import HALF_HOUR_MIN
from sim.scenario.seats import SeatsPlan, Shift, day_and_night
from sim.scenario.words import minute


class Duty(NamedTuple):
    """A seat (its number, from 0) that is staffed for a part of a day, but for its planned breaks (minutes)."""

    seat: int
    span: Span
    breaks: tuple[Span, ...] = ()


Duties = tuple[Duty, ...]


class Roster(Protocol):
    """`most`: how many seats there are. `steady`: all of them, day and night. `last`: the last day that is named.

    `has_breaks`: some duties have planned breaks.
    """

    most: int
    steady: bool
    has_breaks: bool
    last: dt.date | None

    def duties(self, day: dt.date) -> Duties:
        """The duties of one day, in the order of the seats; the same object for days that are alike."""


def roster(seats: int | SeatsPlan) -> Roster:
    """The roster of a scenario's seats."""
    if isinstance(seats, int):
        return EveryDay(dict.fromkeys(range(0, DAY_MIN, HALF_HOUR_MIN), seats))
    if seats.by_half_hour is not None:
        return EveryDay(_by_minute(seats.by_half_hour))
    if seats.by_date is not None:
        return ByDate({day: _by_minute(counts) for day, counts in seats.by_date.items()})
    return ByShift(seats.shifts or ())


class EveryDay:
    """The same numbers of seats on each day, by the first minute of each half-hour."""

    has_breaks = False

    def __init__(self, counts: dict[int, int]) -> None:
        self._duties = counted(counts)
        self.most = max(counts.values())
        self.steady = all(duty.span == (0, DAY_MIN) for duty in self._duties)
        self.last: dt.date | None = None

    def duties(self, day: dt.date) -> Duties:
        """Every day's duties."""
        return self._duties


class ByDate:
    """Numbers of seats for each date, and nobody on any other."""

    steady = has_breaks = False

    def __init__(self, days: dict[dt.date, dict[int, int]]) -> None:
        self._days = {day: counted(counts) for day, counts in days.items()}
        self.most = max(max(counts.values(), default=0) for counts in days.values())
        self.last: dt.date | None = max(day for day, duties in self._days.items() if duties)

    def duties(self, day: dt.date) -> Duties:
        """The duties of that date."""
        return self._days.get(day, ())


class ByShift:
    """Shifts of operators, each with seats of their own, in the order in which they are written."""

    def __init__(self, shifts: tuple[Shift, ...]) -> None:
        self._shifts, seat = [], 0
        for shift in shifts:
            self._shifts.append((shift, _of_shift(shift, seat)))
            seat += shift.seats
        self.most = seat
        self.has_breaks = any(shift.breaks for shift in shifts)
        self.steady = all(_always(shift) for shift in shifts)
        dated = all(shift.dates is not None for shift in shifts)
        self.last: dt.date | None = max(d for s in shifts for d in s.dates or ()) if dated else None
        self._alike = lru_cache(maxsize=None)(self._together)

    def duties(self, day: dt.date) -> Duties:
        """The duties of all shifts that are on that day."""
        return self._alike(tuple(_is_on(shift, day) for shift, _ in self._shifts))

    def _together(self, on: tuple[bool, ...]) -> Duties:
        return tuple(
            duty for (_, duties), is_on in zip(self._shifts, on, strict=True) if is_on for duty in duties
        )


def counted(counts: dict[int, int]) -> Duties:
    """Numbers of seats by half-hour as duties: the first seats are staffed most."""
    found = []
    for seat in range(max(counts.values(), default=0)):
        start = None
        for at in range(0, DAY_MIN + HALF_HOUR_MIN, HALF_HOUR_MIN):
            here = counts.get(at, 0) > seat
            if here and start is None:
                start = at
            elif not here and start is not None:
                found.append(Duty(seat, Span(start, at)))
                start = None
    return tuple(found)


def _by_minute(counts: dict[str, int]) -> dict[int, int]:
    return {minute(name): count for name, count in counts.items()}


def _of_shift(shift: Shift, first: int) -> Duties:
    span = Span(minute(shift.start), minute(shift.end))
    return tuple(Duty(first + number, span, _breaks(shift, number)) for number in range(shift.seats))


def _breaks(shift: Shift, number: int) -> tuple[Span, ...]:
    """Those of one operator: the first ones of a shift go first, group by group."""
    found = []
    for one in sorted(shift.breaks, key=lambda one: one.at):
        start = minute(one.at) + one.minutes * (number * one.groups // shift.seats)
        found.append(Span(start, start + one.minutes))
    return tuple(found)


def _always(shift: Shift) -> bool:
    weekdays = shift.dates is None and (shift.days is None or set(shift.days) == set(WEEKDAYS))
    return weekdays and day_and_night(shift)


def _is_on(shift: Shift, day: dt.date) -> bool:
    if shift.dates is not None:
        return day in shift.dates
    return shift.days is None or WEEKDAYS[day.weekday()] in shift.days

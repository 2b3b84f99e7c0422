"""Seats while nobody can reach them: told, and a mistake where all of them are."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, NamedTuple

from calls.hours import DAY_MIN, ONE_DAY, WEEKDAYS, OpeningHours, Span
from ivr.yaml_marks import Document, Place
from sim.arrivals import HALF_HOUR_MIN
from sim.scenario.seats import SeatsPlan, Shift
from sim.scenario.words import clock, minute

if TYPE_CHECKING:
    from sim.scenario import Scenario

MOST_DAYS = 400
OUTSIDE = "nobody calls then: it is outside the opening hours"


class Remarks:
    """What is strange but can be simulated, each as FILE:LINE:COLUMN: warning: MESSAGE."""

    def __init__(self, document: Document) -> None:
        self._document = document
        self.told: list[str] = []

    def tell(self, place: Place, message: str, *, of_key: bool = False) -> None:
        """Note it at a YAML path, or at the key at the end of the path."""
        document = self._document
        mark = (document.keys.get(place) if of_key else None) or document.mark(place)
        self.told.append(f"{document.file}:{mark.line}:{mark.column}: warning: {message}")


class Staffed(NamedTuple):
    """A time at which seats are staffed, with its YAML path, and whether the project is open then."""

    place: Place
    inside: bool


def check_seats(document: Document, remarks: Remarks, scenario: Scenario, hours: OpeningHours) -> None:
    """Note seats outside the opening hours: a mistake where no seat is ever inside them."""
    if not isinstance(scenario.seats, SeatsPlan):
        return
    opened = {day: hours.day(day)[0] for day in _days(scenario)}
    found = list(_staffed(scenario.seats, opened, hours))
    if found and not any(one.inside for one in found):
        document.complain(("seats",), f"all seats are outside the opening hours{_when_open(opened)}")
        return
    for one in found:
        if not one.inside:
            remarks.tell(one.place, OUTSIDE, of_key=isinstance(one.place[-1], str))


def _days(scenario: Scenario) -> Iterator[dt.date]:
    day, last = scenario.start, scenario.end or dt.date.max
    for _ in range(MOST_DAYS):
        if day <= last:
            yield day
            day += ONE_DAY


def _when_open(opened: dict[dt.date, tuple[Span, ...]]) -> str:
    for day, spans in opened.items():
        if spans:
            times = ", ".join(f"{clock(span.start)}-{clock(span.end)}" for span in spans)
            return f" (on {day} they are {times})"
    return ": there is no open day between `from` and `to`"


def _staffed(
    plan: SeatsPlan, opened: dict[dt.date, tuple[Span, ...]], hours: OpeningHours
) -> Iterator[Staffed]:
    if plan.by_half_hour is not None:
        place: Place = ("seats", "by_half_hour")
        yield from _half_hours(place, plan.by_half_hour, set(opened.values()))
    for day, counts in (plan.by_date or {}).items():
        here: Place = ("seats", "by_date", str(day))
        spans = opened.get(day, hours.day(day)[0])
        if spans:
            yield from _half_hours(here, counts, [spans])
        elif any(counts.values()):
            yield Staffed(here, inside=False)
    for index, shift in enumerate(plan.shifts or ()):
        span = Span(minute(shift.start), minute(shift.end))
        days = [spans for day, spans in opened.items() if _is_on(shift, day)]
        yield Staffed(("seats", "shifts", index), any(_meet(span, spans) for spans in days))


def _half_hours(place: Place, counts: dict[str, int], days: Iterable[tuple[Span, ...]]) -> Iterator[Staffed]:
    for name, count in counts.items():
        if count:
            start = minute(name)
            span = Span(start, min(start + HALF_HOUR_MIN, DAY_MIN))
            yield Staffed((*place, name), any(_meet(span, spans) for spans in days))


def _is_on(shift: Shift, day: dt.date) -> bool:
    if shift.dates is not None:
        return day in shift.dates
    return shift.days is None or WEEKDAYS[day.weekday()] in shift.days


def _meet(span: Span, spans: tuple[Span, ...]) -> bool:
    return any(span.start < other.end and other.start < span.end for other in spans)

"""Opening hours and calendars as YAML writes them, turned into `calls.hours.OpeningHours`."""

from __future__ import annotations

import datetime as dt
import re
from itertools import pairwise
from typing import Annotated

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from calls.hours import WEEKDAYS, DayRange, OpeningHours, Span, known_country

_SPAN = re.compile(r"^(\d{1,2}):(\d{2})-(\d{1,2}):(\d{2})$")
_MONTH_DAY = re.compile(r"^(\d{2})-(\d{2})$")
_CALENDAR = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]*")


def _span(value: object) -> object:
    """'08:30-17:15' -> Span(510, 1035)."""
    if isinstance(value, Span):
        return value
    found = _SPAN.match(value) if isinstance(value, str) else None
    if found is None:
        raise ValueError("hours are written like 08:30-17:15")
    start_h, start_m, end_h, end_m = (int(part) for part in found.groups())
    span = Span(start_h * 60 + start_m, end_h * 60 + end_m)
    if start_m > 59 or end_m > 59 or not 0 <= span.start < span.end <= 1440:
        raise ValueError("hours begin before they end, between 00:00 and 24:00")
    return span


def _in_order(spans: tuple[Span, ...]) -> tuple[Span, ...]:
    ordered = tuple(sorted(spans))
    if any(early.end > late.start for early, late in pairwise(ordered)):
        raise ValueError("these hours overlap")
    return ordered


def _month_day(value: object) -> object:
    """'12-29' -> (12, 29)."""
    found = _MONTH_DAY.match(value) if isinstance(value, str) else None
    if found is None:
        raise ValueError("a day of every year is written month-day, like 12-29")
    month, day = int(found[1]), int(found[2])
    try:
        dt.date(2024, month, day)  # a leap year: 02-29 is a day
    except ValueError:
        raise ValueError(f"no year has the day {value}") from None
    return (month, day)


def _country(code: str) -> str:
    if not known_country(code):
        raise ValueError(f"the public holidays of '{code}' are not known; write a country's code like JP")
    return code


def _file_name(name: str) -> str:
    if name and not _CALENDAR.fullmatch(name):
        raise ValueError(f"'{name}' is no calendar's name; write the file's name without folder and .yaml")
    return name


Spans = Annotated[tuple[Annotated[Span, BeforeValidator(_span)], ...], AfterValidator(_in_order)]
MonthDay = Annotated[tuple[int, int], BeforeValidator(_month_day)]
Country = Annotated[str, AfterValidator(_country)]
CalendarName = Annotated[str, AfterValidator(_file_name)]


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


class ClosedRange(_Model):
    """Closed on these days of every year."""

    first: MonthDay = Field(alias="from")
    last: MonthDay = Field(alias="to")
    reason: str


class ClosedDay(_Model):
    """Closed on one date."""

    date: dt.date
    reason: str


class OpenDay(_Model):
    """Open on one date, whatever else is said of it."""

    date: dt.date
    hours: Spans
    reason: str


class Calendar(_Model):
    """A file of `config/calendars/`: the days off that several projects share."""

    holidays: Country = ""
    closed_every_year: tuple[ClosedRange, ...] = ()
    closed: tuple[ClosedDay, ...] = ()


def _days(name: str) -> list[int]:
    first, _, last = name.partition("-")
    if first not in WEEKDAYS or (last and last not in WEEKDAYS):
        raise ValueError(f"'{name}' is no weekday; write mon, tue, ... or a range like mon-fri")
    start, end = WEEKDAYS.index(first), WEEKDAYS.index(last or first)
    return [(start + step) % 7 for step in range((end - start) % 7 + 1)]


def _weekdays(name: str) -> str:
    _days(name)
    return name


Weekdays = Annotated[str, AfterValidator(_weekdays)]


class ProjectHours(_Model):
    """A project's week, and the calendar that breaks it.

    `calendar` is the name of a file in `config/calendars/`; the loader puts its content into `days_off`.
    """

    calendar: CalendarName = ""
    weekly: dict[Weekdays, Spans]
    closed: tuple[ClosedDay, ...] = ()
    open: tuple[OpenDay, ...] = ()
    days_off: Calendar = Field(default=Calendar(), exclude=True)

    @model_validator(mode="after")
    def _each_day_once(self) -> ProjectHours:
        named = [day for name in self.weekly for day in _days(name)]
        twice = {WEEKDAYS[day] for day in named if named.count(day) > 1}
        if twice:
            raise ValueError(f"{', '.join(sorted(twice))}: hours are given twice")
        return self

    def opening_hours(self) -> OpeningHours:
        """The pure object that answers questions."""
        off = self.days_off
        return OpeningHours(
            weekly={day: spans for name, spans in self.weekly.items() for day in _days(name)},
            country=off.holidays,
            closed_ranges=tuple((DayRange(r.first, r.last), r.reason) for r in off.closed_every_year),
            closed_days={day.date: day.reason for day in (*off.closed, *self.closed)},
            open_days={day.date: (day.hours, day.reason) for day in self.open},
        )

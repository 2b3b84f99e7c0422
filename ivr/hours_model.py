"""Opening hours and calendars as YAML writes them, turned into `calls.hours.OpeningHours`."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable
from itertools import pairwise
from typing import Annotated

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, model_validator
from pydantic.json_schema import SkipJsonSchema

from calls.hours import DAY_MIN, WEEKDAYS, DayRange, OpeningHours, Span, known_country

_SPAN = re.compile(r"^(\d{1,2}):(\d{2})-(\d{1,2}):(\d{2})$")
_MONTH_DAY = re.compile(r"^(\d{2})-(\d{2})$")
_CALENDAR = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]*")


def _span(value: object) -> object:
    """'08:30-17:15' -> Span(510, 1035); '22:00-02:00' -> Span(1320, 1560), until the next day."""
    if isinstance(value, Span):
        return value
    found = _SPAN.match(value) if isinstance(value, str) else None
    if found is None:
        raise ValueError("hours are written like 08:30-17:15")
    start_h, start_m, end_h, end_m = (int(part) for part in found.groups())
    start, end = start_h * 60 + start_m, end_h * 60 + end_m
    if start_m > 59 or end_m > 59 or start >= DAY_MIN or end > DAY_MIN or start == end:
        raise ValueError("hours lie between 00:00 and 24:00 and end at another time than they begin")
    return Span(start, end if start < end else end + DAY_MIN)


def _in_order(spans: tuple[Span, ...]) -> tuple[Span, ...]:
    ordered = tuple(sorted(spans))
    if _overlap(ordered):
        raise ValueError("these hours overlap")
    return ordered


def _overlap(ordered: Iterable[Span]) -> bool:
    return any(early.end > late.start for early, late in pairwise(ordered))


def _reaches_into(day: tuple[Span, ...], next_day: tuple[Span, ...]) -> bool:
    """Whether the hours that begin on a day still run when those of the next day begin."""
    return _overlap([*day, *(Span(span.start + DAY_MIN, span.end + DAY_MIN) for span in next_day)])


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
    if not _CALENDAR.fullmatch(name):
        raise ValueError(f"'{name}' is no calendar's name; write the file's name without folder and .yaml")
    return name


def _as_list(value: object) -> object:
    if isinstance(value, str):
        return [value] if value else []
    return value


_SpanText = Annotated[str, Field(pattern=_SPAN.pattern)]
_MonthDayText = Annotated[str, Field(pattern=_MONTH_DAY.pattern)]
_OneSpan = Annotated[Span, BeforeValidator(_span, json_schema_input_type=_SpanText)]

Spans = Annotated[tuple[_OneSpan, ...], AfterValidator(_in_order)]
MonthDay = Annotated[tuple[int, int], BeforeValidator(_month_day, json_schema_input_type=_MonthDayText)]
Country = Annotated[str, AfterValidator(_country)]
CalendarNames = Annotated[
    tuple[Annotated[str, AfterValidator(_file_name)], ...],
    BeforeValidator(_as_list, json_schema_input_type=str | list[str]),
]
"""The name of a calendar, or a list of names."""


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


class ClosedRange(_Model):
    """Closed on these days of every year."""

    first: MonthDay = Field(alias="from")
    last: MonthDay = Field(alias="to")
    reason: str


class ClosedDay(_Model):
    """Closed on one date, or on it in these hours only (half a day)."""

    date: dt.date
    hours: Spans = ()
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


def weekday_numbers(name: str) -> list[int]:
    """`mon-fri` -> 0 to 4; raises ValueError for what is no weekday and no range of them."""
    first, _, last = name.partition("-")
    if first not in WEEKDAYS or (last and last not in WEEKDAYS):
        raise ValueError(f"'{name}' is no weekday; write mon, tue, ... or a range like mon-fri")
    start, end = WEEKDAYS.index(first), WEEKDAYS.index(last or first)
    return [(start + step) % 7 for step in range((end - start) % 7 + 1)]


def _weekdays(name: str) -> str:
    weekday_numbers(name)
    return name


Weekdays = Annotated[str, AfterValidator(_weekdays)]


class ProjectHours(_Model):
    """A project's week, and the calendars that break it.

    `calendar` names files in `config/calendars/`; the loader puts their content into `days_off`.
    """

    calendar: CalendarNames = ()
    weekly: dict[Weekdays, Spans]
    closed: tuple[ClosedDay, ...] = ()
    open: tuple[OpenDay, ...] = ()
    days_off: Annotated[tuple[Calendar, ...], SkipJsonSchema()] = Field(default=(), exclude=True)

    @model_validator(mode="after")
    def _each_day_once(self) -> ProjectHours:
        named = [day for name in self.weekly for day in weekday_numbers(name)]
        twice = {WEEKDAYS[day] for day in named if named.count(day) > 1}
        if twice:
            raise ValueError(f"{', '.join(sorted(twice))}: hours are given twice")
        return self

    @model_validator(mode="after")
    def _nights_end_before_the_morning(self) -> ProjectHours:
        week = self._week()
        for day in range(7):
            if _reaches_into(week.get(day, ()), week.get((day + 1) % 7, ())):
                names = f"{WEEKDAYS[day]} and {WEEKDAYS[(day + 1) % 7]}"
                raise ValueError(f"{names}: these hours overlap after midnight")
        return self

    def overlapping(self) -> list[int]:
        """Which entries of `open` overlap with the hours of the day before or after; the calendars are in."""
        hours = self.opening_hours()
        return [index for index, entry in enumerate(self.open) if _meets_neighbour(hours, entry.date)]

    def opening_hours(self) -> OpeningHours:
        """The pure object that answers questions."""
        ranges = [entry for off in self.days_off for entry in off.closed_every_year]
        closed = [*(day for off in self.days_off for day in off.closed), *self.closed]
        parts = {day.date for day in closed if day.hours}
        return OpeningHours(
            weekly=self._week(),
            countries=tuple(dict.fromkeys(off.holidays for off in self.days_off if off.holidays)),
            closed_ranges=tuple((DayRange(r.first, r.last), r.reason) for r in ranges),
            closed_days={day.date: day.reason for day in closed if not day.hours},
            open_days={day.date: (day.hours, day.reason) for day in self.open},
            closed_hours={date: _closed_hours(closed, date) for date in sorted(parts)},
        )

    def _week(self) -> dict[int, tuple[Span, ...]]:
        return {day: spans for name, spans in self.weekly.items() for day in weekday_numbers(name)}


def _closed_hours(closed: Iterable[ClosedDay], date: dt.date) -> tuple[tuple[Span, str], ...]:
    return tuple((span, day.reason) for day in closed if day.date == date for span in day.hours)


def _meets_neighbour(hours: OpeningHours, date: dt.date) -> bool:
    before, here, after = (hours.beginning(date + dt.timedelta(days=n)) for n in (-1, 0, 1))
    return _reaches_into(before, here) or _reaches_into(here, after)

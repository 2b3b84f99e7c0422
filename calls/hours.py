"""Opening hours: when a project is open, and why not. Pure: local time goes in, a status comes out."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple

import holidays

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
HolidayCountry = str  # ISO 3166 code that the `holidays` library knows; "" for no public holidays


class Span(NamedTuple):
    """Minutes of a day, [start, end); 510-1035 is 08:30-17:15. `end` may be 1440."""

    start: int
    end: int


class DayRange(NamedTuple):
    """Days of every year from (month, day) to (month, day), both included; it may cross the year's end."""

    first: tuple[int, int]
    last: tuple[int, int]

    def covers(self, day: dt.date) -> bool:
        """Whether `day` lies in the range."""
        here = (day.month, day.day)
        if self.first <= self.last:
            return self.first <= here <= self.last
        return here >= self.first or here <= self.last


@dataclass(frozen=True)
class OpeningHours:
    """Weekly spans (key 0 = Monday) and everything that breaks the week.

    `closed_days` and `open_days` are single dates with their reason; an `open_days` entry carries its own spans
    and wins over everything else.
    """

    weekly: dict[int, tuple[Span, ...]]
    country: HolidayCountry = "JP"
    closed_ranges: tuple[tuple[DayRange, str], ...] = ()
    closed_days: dict[dt.date, str] = field(default_factory=dict)
    open_days: dict[dt.date, tuple[tuple[Span, ...], str]] = field(default_factory=dict)

    def day(self, day: dt.date) -> tuple[tuple[Span, ...], str]:
        """The spans of one day and, where the week was broken, the reason (else the weekday or "")."""
        if day in self.open_days:
            return self.open_days[day]
        if day in self.closed_days:
            return (), self.closed_days[day]
        for closed, reason in self.closed_ranges:
            if closed.covers(day):
                return (), reason
        if self.country and (name := _public_holiday(self.country, day)):
            return (), name
        spans = self.weekly.get(day.weekday(), ())
        return spans, "" if spans else f"closed on {WEEKDAYS[day.weekday()]}"

    def status(self, local: dt.datetime) -> HoursStatus:
        """Open or closed at a local wall-clock time, with the reason and how long that holds."""
        spans, reason = self.day(local.date())
        minute = local.hour * 60 + local.minute
        for span in spans:
            if minute < span.start:
                return HoursStatus(False, reason or "before opening", _at(local, span.start))
            if minute < span.end:
                return HoursStatus(True, reason or "open", _at(local, span.end))
        return HoursStatus(False, reason or "after closing", _at(local, 24 * 60))


class HoursStatus(NamedTuple):
    """`until`: the local wall-clock time until which this answer holds for certain (not beyond midnight)."""

    open: bool
    reason: str
    until: dt.datetime


def _at(local: dt.datetime, minute: int) -> dt.datetime:
    midnight = local.replace(hour=0, minute=0, second=0, microsecond=0)
    return midnight + dt.timedelta(minutes=minute)


@lru_cache(maxsize=16)
def _calendar(country: str, year: int) -> holidays.HolidayBase:
    # The library adds years lazily to a shared object; one object per year keeps the answer independent of
    # the order of the questions. Without a language it names the days in that of the process (LANG).
    language = holidays.country_holidays(country).default_language
    return holidays.country_holidays(country, years=[year], language=language)


def known_country(country: HolidayCountry) -> bool:
    """Whether the public holidays of a country are known ("" is: it has none)."""
    try:
        return not country or bool(_calendar(country, 2026))
    except (AttributeError, NotImplementedError):
        return False


def _public_holiday(country: str, day: dt.date) -> str:
    return str(_calendar(country, day.year).get(day) or "")

"""Opening hours: when a project is open, and why not. Pure: local time goes in, a status comes out."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from typing import NamedTuple

import holidays
from holidays.registry import COUNTRIES

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
DAY_MIN = 24 * 60
ONE_DAY = dt.timedelta(days=1)
HolidayCountry = str  # ISO 3166 code that the `holidays` library knows; "" for no public holidays


class Span(NamedTuple):
    """Minutes of a day, [start, end); 510-1035 is 08:30-17:15.

    `end` may lie beyond 1440: 1320-1560 is 22:00-02:00, and all of it belongs to the day on which it begins.
    """

    start: int
    end: int


class Piece(NamedTuple):
    """A part of a day on which it is known why it is open or closed."""

    span: Span
    open: bool
    reason: str


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

    A span belongs to the day on which it begins: whatever opens or closes that day holds for the whole of it, also
    beyond midnight. `closed_days` and `open_days` are single dates with their reason; an `open_days` entry carries
    its own spans and wins over everything else. `closed_hours` close a part of a date.
    """

    weekly: dict[int, tuple[Span, ...]]
    countries: tuple[HolidayCountry, ...] = ("JP",)
    closed_ranges: tuple[tuple[DayRange, str], ...] = ()
    closed_days: dict[dt.date, str] = field(default_factory=dict)
    open_days: dict[dt.date, tuple[tuple[Span, ...], str]] = field(default_factory=dict)
    closed_hours: dict[dt.date, tuple[tuple[Span, str], ...]] = field(default_factory=dict)

    def day(self, day: dt.date) -> tuple[tuple[Span, ...], str]:
        """The open spans of one date from midnight to midnight, and the reason where the week was broken.

        The reason is that of the date's own spans: also "closed on sun" where only Saturday's last hours reach
        into it, and "" on a day like any other.
        """
        return tuple(_joined(piece.span for piece in self.pieces(day) if piece.open)), self.reason(day)

    def status(self, local: dt.datetime) -> HoursStatus:
        """Open or closed at a local wall-clock time, with the reason and how long that holds."""
        pieces = self.pieces(local.date())
        minute = local.hour * 60 + local.minute
        until = min((edge for piece in pieces for edge in piece.span if edge > minute), default=DAY_MIN)
        here = [piece for piece in pieces if piece.span.start <= minute < piece.span.end]
        if here:
            piece = max(here, key=lambda piece: piece.open)
            return HoursStatus(piece.open, piece.reason, _at(local, until))
        later = any(piece.open and piece.span.start > minute for piece in pieces)
        reason = self.reason(local.date()) or ("before opening" if later else "after closing")
        return HoursStatus(False, reason, _at(local, until))

    def beginning(self, day: dt.date) -> tuple[Span, ...]:
        """The spans that begin on a date, as far beyond midnight as they go."""
        return tuple(piece.span for piece in self.own(day) if piece.open)

    def pieces(self, day: dt.date) -> list[Piece]:
        """What is open, and what is closed though it would be open, on one date from midnight to midnight."""
        late = [_moved(piece, -DAY_MIN) for piece in self.own(day - ONE_DAY)]
        cut = [_within(piece) for piece in (*late, *self.own(day))]
        return [piece for piece in cut if piece.span.start < piece.span.end]

    def own(self, day: dt.date) -> list[Piece]:
        """The pieces that begin on a date, as far beyond midnight as they go: open, or closed for a while."""
        spans, reason = self._broken(day) or (self.weekly.get(day.weekday(), ()), "")
        pieces = [Piece(span, True, reason or "open") for span in spans]
        if day not in self.open_days:
            for closed, why in self.closed_hours.get(day, ()):
                pieces = [part for piece in pieces for part in _cut(piece, closed, why)]
        return pieces

    def reason(self, day: dt.date) -> str:
        """Why a date is not like any other of its weekday, or closed on it; else ""."""
        broken = self._broken(day)
        if broken:
            return broken[1]
        pieces = self.own(day)
        if any(piece.open for piece in pieces):
            return ""
        return pieces[-1].reason if pieces else f"closed on {WEEKDAYS[day.weekday()]}"

    def _broken(self, day: dt.date) -> tuple[tuple[Span, ...], str] | None:
        """What is said of this very date and not of its weekday."""
        if day in self.open_days:
            return self.open_days[day]
        if day in self.closed_days:
            return (), self.closed_days[day]
        for closed, reason in self.closed_ranges:
            if closed.covers(day):
                return (), reason
        name = next(filter(None, (_public_holiday(country, day) for country in self.countries)), "")
        return ((), name) if name else None


class HoursStatus(NamedTuple):
    """`until`: the local wall-clock time until which this answer holds for certain (not beyond midnight)."""

    open: bool
    reason: str
    until: dt.datetime


def _at(local: dt.datetime, minute: int) -> dt.datetime:
    midnight = local.replace(hour=0, minute=0, second=0, microsecond=0)
    return midnight + dt.timedelta(minutes=minute)


def _moved(piece: Piece, minutes: int) -> Piece:
    return piece._replace(span=Span(piece.span.start + minutes, piece.span.end + minutes))


def _within(piece: Piece) -> Piece:
    return piece._replace(span=Span(max(0, piece.span.start), min(DAY_MIN, piece.span.end)))


def _cut(piece: Piece, closed: Span, why: str) -> Iterator[Piece]:
    """An open piece with a part of it closed, in up to three parts."""
    (start, end), (first, last) = piece.span, closed
    first, last = max(start, first), min(end, last)
    if not piece.open or first >= last:
        yield piece
        return
    for part in (piece._replace(span=Span(start, first)), Piece(Span(first, last), False, why)):
        if part.span.start < part.span.end:
            yield part
    if last < end:
        yield piece._replace(span=Span(last, end))


def _joined(spans: Iterable[Span]) -> Iterator[Span]:
    """Spans that touch, as one: 00:00-02:00 of the evening before and 02:00-05:00 are 00:00-05:00."""
    whole: Span | None = None
    for span in sorted(spans):
        if whole is not None and span.start <= whole.end:
            whole = Span(whole.start, max(whole.end, span.end))
            continue
        if whole is not None:
            yield whole
        whole = span
    if whole is not None:
        yield whole


@lru_cache(maxsize=16)
def _calendar(country: str, year: int) -> holidays.HolidayBase:
    # The library adds years lazily to a shared object; one object per year keeps the answer independent of
    # the order of the questions. Without a language it names the days in that of the process (LANG).
    entity = _entity(country)
    return entity(years=[year], language=entity.default_language)


@lru_cache(maxsize=16)
def _entity(country: str) -> type[holidays.HolidayBase]:
    # Read from its own file: the library's package imports all 250 countries first, which takes `denwaban try`
    # a quarter of its time.
    for module, names in COUNTRIES.items():
        if country in names:
            file = Path(holidays.__file__).with_name("countries") / f"{module}.py"
            spec = spec_from_file_location(f"holidays.countries.{module}", file)
            if spec is None or spec.loader is None:
                break
            loaded = module_from_spec(spec)
            spec.loader.exec_module(loaded)
            entity: type[holidays.HolidayBase] = getattr(loaded, country)
            return entity
    raise NotImplementedError(f"the public holidays of '{country}' are not known")


def known_country(country: HolidayCountry) -> bool:
    """Whether the public holidays of a country are known ("" is: it has none)."""
    try:
        return not country or bool(_calendar(country, 2026))
    except (AttributeError, NotImplementedError):
        return False


def _public_holiday(country: str, day: dt.date) -> str:
    return str(_calendar(country, day.year).get(day) or "")

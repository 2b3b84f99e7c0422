"""Who sits where, and when: seats logged in and out by the half-hour."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from zoneinfo import ZoneInfo

from calls.event import Event
from calls.events import PhoneRegistered
from calls.hours import OpeningHours, Span
from calls.requests import SeatLoggedIn, SeatLoggedOut
from sim.arrivals import HALF_HOUR_MIN, at_minute

DAY = Span(0, 24 * 60)


def seat_names(count: int) -> list[str]:
    """seat01, seat02, ... with as many digits as the last one needs."""
    digits = max(2, len(str(count)))
    return [f"seat{number:0{digits}d}" for number in range(1, count + 1)]


class Shifts:
    """The staffing of every day alike: by its first minute, how many seats each half-hour has.

    A half-hour that is not named has none. A single number holds day and night.
    """

    def __init__(self, seats: int | dict[int, int], zone: ZoneInfo) -> None:
        self._zone = zone
        self._changes = {0: seats} if isinstance(seats, int) else _changes(seats)
        self.most = max(self._changes.values())
        self.steady = len(set(self._changes.values())) == 1

    def at_minute(self, minute: int) -> int:
        """The seats staffed in a minute (0-1439) of a day."""
        return self._changes[max(start for start in self._changes if start <= minute)]

    def at(self, time: float) -> int:
        """The seats staffed at a time (seconds since 1970 UTC)."""
        local = dt.datetime.fromtimestamp(time, self._zone)
        return self.at_minute(local.hour * 60 + local.minute)

    def opening(self, now: float) -> list[Event]:
        """The events that put everybody into place: all telephones are there, not everybody is."""
        names, here = seat_names(self.most), self.at(now)
        away: list[Event] = [SeatLoggedOut(name) for name in names[here:]]
        return away + [PhoneRegistered(name) for name in names]

    def after(self, now: float) -> Iterator[tuple[float, Event]]:
        """Every later change, without end, seat by seat, each with its time."""
        if self.steady:
            return
        names, here = seat_names(self.most), self.at(now)
        day = dt.datetime.fromtimestamp(now, self._zone).date()
        while True:
            for minute, count in sorted(self._changes.items()):
                time = at_minute(day, minute, self._zone)
                if time > now:
                    yield from ((time, event) for event in _change(names, here, count))
                    here = count
            day += dt.timedelta(days=1)

    def staffed_s(self, spans: list[Span]) -> float:
        """Seat-seconds in some spans of one day."""
        return 60.0 * sum(self.at_minute(minute) for span in spans for minute in range(span.start, span.end))


def _changes(seats: dict[int, int]) -> dict[int, int]:
    every = {minute: seats.get(minute, 0) for minute in range(0, 24 * 60, HALF_HOUR_MIN)}
    return {m: n for m, n in every.items() if m == 0 or every[m - HALF_HOUR_MIN] != n}


def _change(names: list[str], before: int, after: int) -> list[Event]:
    if after > before:
        return [SeatLoggedIn(name) for name in names[before:after]]
    return [SeatLoggedOut(name) for name in names[after:before]]


def staffed_seat_seconds(
    shifts: Shifts, hours: OpeningHours | None, zone: ZoneInfo, start: float, end: float
) -> float:
    """Seat-seconds staffed inside the opening hours from `start` to `end` (seconds since 1970 UTC).

    `hours` None is day and night. By the minute, but exactly where nothing ever changes.
    """
    if hours is None and shifts.steady:
        return shifts.most * (end - start)
    total, day = 0.0, dt.datetime.fromtimestamp(start, zone).date()
    while (midnight := at_minute(day, 0, zone)) < end:
        first, last = (min(max(int((edge - midnight) // 60), 0), DAY.end) for edge in (start, end))
        inside = [
            Span(max(s.start, first), min(s.end, last)) for s in (hours.day(day)[0] if hours else (DAY,))
        ]
        total += shifts.staffed_s([span for span in inside if span.start < span.end])
        day += dt.timedelta(days=1)
    return total

"""A project's opening hours on the engine's clock, and what somebody has ordered instead of them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from zoneinfo import ZoneInfo

from calls.hours import HoursStatus, OpeningHours
from calls.override import Override
from ivr.project import Project

_NEVER = HoursStatus(False, "", dt.datetime.min.replace(tzinfo=dt.UTC))
_MOST_PIECES = 8
"""So many stretches of one day or two are looked at one after the other to find closing time."""
_NO_SETS: Mapping[str, OpeningHours] = {}


class _Kept:
    """One set of hours with its last answer, which is kept as long as it holds."""

    def __init__(self, hours: OpeningHours, zone: ZoneInfo) -> None:
        self._hours = hours
        self._zone = zone
        self._from = self._until = 0.0
        self._status = _NEVER

    def status(self, at: float) -> HoursStatus:
        if not self._from <= at < self._until:
            self._status = self._hours.status(dt.datetime.fromtimestamp(at, self._zone))
            self._from, self._until = at, self._status.until.timestamp()
        return self._status


class HoursClock:
    """One project's opening hours on the engine's clock; `sets` are its further hours by their names.

    An answer is kept as long as it holds, so that it costs nothing while the hour stays the same. `shift` (seconds)
    reads the hours at another time than now: the test clock. `wall`: what the clock on the wall shows more than the
    engine's own. `override`: what was ordered by hand, until a time on the wall; the engine puts it in and takes it
    away. The test clock never shifts it.
    """

    def __init__(
        self, hours: OpeningHours, timezone: str, sets: Mapping[str, OpeningHours] = _NO_SETS
    ) -> None:
        self._zone = ZoneInfo(timezone)
        self._kept = {name: _Kept(given, self._zone) for name, given in (("", hours), *sets.items())}
        self._later = _Kept(hours, self._zone)
        self.shift = self.wall = 0.0
        self._today = dt.date.min
        self._today_from = self._today_until = 0.0
        self.override: Override | None = None

    @property
    def ahead(self) -> float:
        """By how much (seconds) the time at which the hours are read is another than the engine's."""
        return self.shift + self.wall

    def status(self, now: float, name: str = "") -> HoursStatus:
        """Open or closed at `now` (seconds since 1970 UTC), by the project's own hours or by a set of its."""
        order = self.override
        if order is None or order.kind == "disaster":
            return self._kept[name].status(now + self.ahead)
        until = dt.datetime.fromtimestamp(order.until + self.shift, self._zone)
        return HoursStatus(order.kind == "open", order.reason, until)

    def closes(self, now: float) -> float | None:
        """When the project closes by its own hours (seconds since 1970 UTC).

        None: it is closed, or does not close within a day. An order to open it ends with its time.
        """
        status, at = self.status(now), None
        for _ in range(_MOST_PIECES):
            if not status.open:
                return at
            until = _timestamp(status.until, now + self.ahead)
            at, status = until - self.ahead, self._later.status(until)
        return None

    def until(self, now: float) -> float:
        """Until when (seconds since 1970 UTC) the answer of `status` holds for certain."""
        return _timestamp(self.status(now).until, now + self.ahead) - self.ahead

    def carry_on(self, before: HoursClock) -> None:
        """Take over from the clock of an earlier version of the project: what was ordered by hand still holds."""
        self.shift, self.wall, self.override = before.shift, before.wall, before.override

    @property
    def disaster(self) -> bool:
        """Whether every new caller begins at the project's disaster node."""
        return self.override is not None and self.override.kind == "disaster"

    def today(self, now: float) -> dt.date:
        """The project's local date at `now`."""
        at = now + self.shift + self.wall
        if not self._today_from <= at < self._today_until:
            self._today = dt.datetime.fromtimestamp(at, self._zone).date()
            self._today_from = at
            self._today_until = self._midnight_after(self._today)
        return self._today

    def _midnight_after(self, day: dt.date) -> float:
        return dt.datetime.combine(day + dt.timedelta(days=1), dt.time(), self._zone).timestamp()

    def end_of_day(self, now: float) -> float:
        """The next local midnight on the wall (seconds since 1970 UTC); the test clock does not move it."""
        return self._midnight_after(dt.datetime.fromtimestamp(now + self.wall, self._zone).date())


def _timestamp(local: dt.datetime, after: float) -> float:
    """Of a wall-clock time that comes twice, in the night in which the clocks are set back, the one that is to come."""
    first = local.timestamp()
    return first if first > after else local.replace(fold=1).timestamp()


def hours_clocks(projects: Iterable[Project]) -> dict[str, HoursClock]:
    """A clock for each project, by its name."""
    return {
        p.project: HoursClock(
            p.opening_hours(), p.timezone, {name: p.opening_hours(name) for name in p.hours_sets}
        )
        for p in projects
    }

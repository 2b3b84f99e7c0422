"""The shift plan of `config/shifts.yaml` as the API asks for it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from zoneinfo import ZoneInfo

from calls.hours import ONE_DAY, Span
from engine.centre import Centre
from engine.shifts_file import ShiftEntry
from supervisor.api.office import Duty


class FileShifts:
    """Who is on duty by the entries of the file. `centre`: the configuration at work, at any time."""

    def __init__(self, entries: Sequence[ShiftEntry], centre: Callable[[], Centre]) -> None:
        self._entries = entries
        self._centre = centre

    def on_duty(self, at: float) -> Iterator[Duty]:
        """Who is on duty at a moment (seconds since 1970 UTC), in the order of the file."""
        for entry in self._entries:
            zone = ZoneInfo(self._zone(entry.project))
            today = dt.datetime.fromtimestamp(at, zone).date()
            for day in (today - ONE_DAY, today):  # a night's shift began yesterday
                if self._works(entry, day):
                    yield from _on_day(entry, day, zone, at)

    def _zone(self, name: str) -> str:
        projects = self._centre().projects
        project = projects.get(name) or next(iter(projects.values()), None)
        return project.timezone if project is not None else "UTC"

    def _works(self, entry: ShiftEntry, day: dt.date) -> bool:
        if day.weekday() not in entry.weekdays():
            return False
        if (entry.from_ is not None and day < entry.from_) or (entry.to is not None and day > entry.to):
            return False
        project = self._centre().projects.get(entry.project)
        return project is None or any(piece.open for piece in project.opening_hours("").own(day))


def _on_day(entry: ShiftEntry, day: dt.date, zone: ZoneInfo, at: float) -> Iterator[Duty]:
    on_break = any(begins <= at < ends for begins, ends in _times(entry.breaks, day, zone))
    for begins, ends in _times(entry.hours, day, zone):
        if begins <= at < ends:
            yield from (Duty(who, begins, ends, on_break) for _, who in entry.ids())


def _times(spans: Sequence[Span], day: dt.date, zone: ZoneInfo) -> Iterator[tuple[float, float]]:
    midnight = dt.datetime.combine(day, dt.time(), zone)
    for span in spans:
        begins, ends = (midnight + dt.timedelta(minutes=minute) for minute in span)
        yield begins.timestamp(), ends.timestamp()

"""Who sits where, and when: seats logged in and out as the roster says."""

from __future__ import annotations

import datetime as dt
import heapq
from collections.abc import Iterator
from zoneinfo import ZoneInfo

from calls.event import Event
from calls.events import PhoneRegistered
from calls.hours import DAY_MIN, ONE_DAY, OpeningHours, Span
from calls.requests import SeatLoggedIn, SeatLoggedOut
from sim.arrivals import LONGEST_SILENCE_DAYS, at_minute
from sim.randomness import Sampler
from sim.rosters import Duties, Duty, Roster

DAY = Span(0, DAY_MIN)
Change = tuple[float, Event]
"""A change of the staff with its time (seconds since 1970 UTC)."""


def seat_names(count: int) -> list[str]:
    """seat01, seat02, ... with as many digits as the last one needs."""
    digits = max(2, len(str(count)))
    return [f"seat{number:0{digits}d}" for number in range(1, count + 1)]


class Shifts:
    """The staffing of a roster over time.

    After the last day that it names, all is as on that day: for who is to be called back still. `lateness`: draws how
    late (seconds) an operator is.
    """

    def __init__(self, roster: Roster, zone: ZoneInfo, lateness: Sampler | None = None) -> None:
        self._roster = roster
        self._zone = zone
        self._lateness = lateness
        self._names = seat_names(roster.most)
        self._staffed: dict[
            tuple[int, tuple[Span, ...]], float
        ] = {}  # days that are alike have the same object
        self._seats: dict[int, dict[str, list[Duty]]] = {}
        self.most = roster.most
        self.steady = roster.steady
        self.has_breaks = roster.has_breaks

    def at(self, time: float) -> int:
        """The seats staffed at a time (seconds since 1970 UTC), without those in a planned break."""
        day, minute = self._local(time)
        duties = self._roster.duties(day)
        return sum(_covers(duty.span, minute) and not _in_break(duty, minute) for duty in duties)

    def opening(self, now: float) -> list[Event]:
        """The events that put everybody into place: all telephones are there, not everybody is."""
        day, minute = self._local(now)
        here = {duty.seat for duty in self._roster.duties(day) if _covers(duty.span, minute)}
        away: list[Event] = [SeatLoggedOut(n) for number, n in enumerate(self._names) if number not in here]
        return away + [PhoneRegistered(name) for name in self._names]

    def after(self, now: float) -> Iterator[Change]:
        """Every later change, seat by seat, each with its time: without end, or none at all."""
        if self.steady:
            return iter(())
        changes = ((time, event) for time, event in self._changes(self._local(now)[0]) if time > now)
        return changes if self._lateness is None else late(changes, self._lateness)

    def breaks(self, seat: str, now: float) -> list[tuple[float, float]]:
        """The planned breaks that the operator of a seat has still before him: beginning and length in seconds."""
        day, minute = self._local(now)
        return [
            (at_minute(day, span.start, self._zone), 60.0 * (span.end - span.start))
            for duty in self._by_seat(day).get(seat, ())
            if _covers(duty.span, minute)
            for span in duty.breaks
            if span.start >= minute
        ]

    def staffed_s(self, day: dt.date, spans: tuple[Span, ...]) -> float:
        """Seat-seconds in some spans of one day, planned breaks not counted."""
        duties = self._roster.duties(day)
        key = (id(duties), spans)
        if key not in self._staffed:
            self._staffed[key] = 60.0 * sum(_minutes(duty, spans) for duty in duties)
        return self._staffed[key]

    def _by_seat(self, day: dt.date) -> dict[str, list[Duty]]:
        duties = self._roster.duties(day)
        if id(duties) not in self._seats:
            seats = self._seats[id(duties)] = dict[str, list[Duty]]()
            for duty in duties:
                seats.setdefault(self._names[duty.seat], []).append(duty)
        return self._seats[id(duties)]

    def _local(self, time: float) -> tuple[dt.date, int]:
        local = dt.datetime.fromtimestamp(time, self._zone)
        return local.date(), local.hour * 60 + local.minute

    def _changes(self, day: dt.date) -> Iterator[Change]:
        last, silent = self._roster.last, 0
        before = self._roster.duties(day - ONE_DAY)
        while silent < LONGEST_SILENCE_DAYS:
            duties = self._roster.duties(day if last is None else min(day, last))
            changes = _of_day(before, duties)
            for minute, goes, seat in changes:
                name = self._names[seat]
                yield at_minute(day, minute, self._zone), SeatLoggedOut(name) if goes else SeatLoggedIn(name)
            silent = 0 if changes else silent + 1
            before = duties
            day += ONE_DAY


def late(changes: Iterator[Change], lateness: Sampler) -> Iterator[Change]:
    """The same changes with every log-in so much later; one that would come after its log-out never comes."""
    coming: list[tuple[float, int, Event]] = []
    awaited: dict[str, int] = {}
    for number, (time, event) in enumerate(changes):
        while coming and coming[0][0] <= time:
            yield from _come(heapq.heappop(coming), awaited)
        if isinstance(event, SeatLoggedIn):
            awaited[event.seat] = number
            heapq.heappush(coming, (time + lateness(), number, event))
        else:
            assert isinstance(event, SeatLoggedOut)  # nothing else is a change of the staff
            awaited.pop(event.seat, None)
            yield time, event


def _come(planned: tuple[float, int, Event], awaited: dict[str, int]) -> Iterator[Change]:
    time, number, event = planned
    assert isinstance(event, SeatLoggedIn)  # who goes is never late
    if awaited.get(event.seat) == number:  # else his shift is over already
        del awaited[event.seat]
        yield time, event


def _of_day(before: Duties, duties: Duties) -> list[tuple[int, bool, int]]:
    """The changes of a day: minute, whether somebody goes, and the seat. Who stays over midnight makes none.

    Who comes comes first: at the change of shifts the telephone is never alone.
    """
    until_midnight = {duty.seat for duty in before if duty.span.end == DAY_MIN}
    from_midnight = {duty.seat for duty in duties if duty.span.start == 0}
    comes = [(d.span.start, False, d.seat) for d in duties if d.span.start or d.seat not in until_midnight]
    goes = [(duty.span.end, True, duty.seat) for duty in duties if duty.span.end < DAY_MIN]
    return sorted(comes + goes + [(0, True, seat) for seat in until_midnight - from_midnight])


def _covers(span: Span, minute: int) -> bool:
    return span.start <= minute < span.end


def _in_break(duty: Duty, minute: int) -> bool:
    return any(_covers(span, minute) for span in duty.breaks)


def _minutes(duty: Duty, spans: tuple[Span, ...]) -> int:
    return sum(
        _overlap(duty.span, span) - sum(_overlap(pause, span) for pause in duty.breaks) for span in spans
    )


def _overlap(one: Span, other: Span) -> int:
    return max(0, min(one.end, other.end) - max(one.start, other.start))


def staffed_seat_seconds(
    shifts: Shifts, hours: OpeningHours | None, zone: ZoneInfo, start: float, end: float
) -> float:
    """Seat-seconds staffed inside the opening hours from `start` to `end` (seconds since 1970 UTC).

    `hours` None is day and night. By the minute, but exactly where nothing ever changes. Planned breaks are not
    staffed; lateness, missed rings and breaks by chance are the operators' own and do not count.
    """
    if hours is None and shifts.steady:
        return shifts.most * (end - start)
    total, day = 0.0, dt.datetime.fromtimestamp(start, zone).date()
    while (midnight := at_minute(day, 0, zone)) < end:
        first, last = (min(max(int((edge - midnight) // 60), 0), DAY.end) for edge in (start, end))
        inside = [
            Span(max(s.start, first), min(s.end, last)) for s in (hours.day(day)[0] if hours else (DAY,))
        ]
        total += shifts.staffed_s(day, tuple(span for span in inside if span.start < span.end))
        day += dt.timedelta(days=1)
    return total

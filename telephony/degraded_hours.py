"""When a project is open in the days to come, as plain intervals: for a reader that knows no calendar."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

from calls.hours import ONE_DAY, OpeningHours, Span
from calls.override import Override

Interval = tuple[float, float]
"""[from, to) in seconds since 1970 UTC."""

DAY_S = 86400.0


def open_intervals(hours: OpeningHours, zone: ZoneInfo, start: float, end: float) -> list[Interval]:
    """When it is open in [start, end), in order, none touching the next."""
    day = dt.datetime.fromtimestamp(start, zone).date()
    last = dt.datetime.fromtimestamp(end, zone).date()
    found: list[Interval] = []
    while day <= last:
        found += [piece for span in hours.day(day)[0] for piece in _on(day, span, zone)]
        day += ONE_DAY
    return within(joined(found), start, end)


def ordered(intervals: list[Interval], order: Override | None, now: float) -> list[Interval]:
    """The same with what somebody has ordered by hand; an order for the disaster flow leaves the hours as they are."""
    if order is None or order.until <= now or order.kind == "disaster":
        return intervals
    kept = [piece for one in intervals for piece in _without(one, (now, order.until))]
    return joined([*kept, (now, order.until)]) if order.kind == "open" else kept


def joined(intervals: list[Interval]) -> list[Interval]:
    """In order, those that touch as one."""
    found: list[Interval] = []
    for start, end in sorted(intervals):
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], end))
        elif start < end:
            found.append((start, end))
    return found


def within(intervals: list[Interval], start: float, end: float) -> list[Interval]:
    """What of them lies in [start, end)."""
    cut = [(max(start, first), min(end, last)) for first, last in intervals]
    return [(first, last) for first, last in cut if first < last]


def moved(intervals: list[Interval], seconds: float) -> list[Interval]:
    """All of them so much later."""
    return [(start + seconds, end + seconds) for start, end in intervals]


def _on(day: dt.date, span: Span, zone: ZoneInfo) -> list[Interval]:
    """The instants at which the clock on the wall shows a span of a day.

    In the night in which the clocks are set back these are two stretches, or a longer one; in the other night fewer.
    """
    midnight = dt.datetime.combine(day, dt.time(), dt.UTC).timestamp()
    start, end = midnight + 60.0 * span.start, midnight + 60.0 * span.end
    before, after = _offset(midnight - DAY_S, zone), _offset(midnight + 2 * DAY_S, zone)
    if before == after:
        return [(start - before, end - before)]
    change = _change(midnight - DAY_S, midnight + 2 * DAY_S, zone)
    first = (start - before, min(end - before, change))
    second = (max(start - after, change), end - after)
    return [(one, other) for one, other in (first, second) if one < other]


def _offset(at: float, zone: ZoneInfo) -> float:
    """What the clock on the wall shows more than UTC, in seconds."""
    offset = dt.datetime.fromtimestamp(at, zone).utcoffset()
    assert offset is not None  # it has a zone
    return offset.total_seconds()


def _change(start: float, end: float, zone: ZoneInfo) -> float:
    """The second at which the clocks are set, somewhere between the two."""
    before = _offset(start, zone)
    while end - start > 1:
        middle = (start + end) // 2
        start, end = (middle, end) if _offset(middle, zone) == before else (start, middle)
    return end


def _without(one: Interval, gone: Interval) -> list[Interval]:
    pieces = [(one[0], min(one[1], gone[0])), (max(one[0], gone[1]), one[1])]
    return [(start, end) for start, end in pieces if start < end]

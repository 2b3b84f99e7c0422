"""A difference between two versions of a project, in short sentences and as data."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from typing import Any

from calls.hours import Span
from ivr.diff import DayChange, Difference, TextChange
from ivr.diff_calls import Change, Way
from ivr.script import SILENT

_MOST_DATES = 5


def as_mapping(found: Difference) -> dict[str, Any]:
    """`same numbers{added removed} hours[] texts[] calls[{when keys before after}]`."""
    return {
        "same": found.none,
        "numbers": {"added": list(found.numbers_added), "removed": list(found.numbers_removed)},
        "hours": [
            {
                "hours": day.hours,
                "date": day.date.isoformat(),
                "before": [_span(span) for span in day.before],
                "after": [_span(span) for span in day.after],
                "reason": day.reason,
            }
            for day in found.days
        ],
        "texts": [text._asdict() for text in found.texts],
        "calls": [
            {
                "when": change.situation,
                "keys": list(change.keys),
                "before": _way(change.before),
                "after": _way(change.after),
            }
            for change in found.calls
        ],
    }


def _way(way: Way) -> dict[str, Any]:
    return {**way._asdict(), "heard": list(way.heard), "sent": list(way.sent)}


def as_lines(found: Difference) -> list[str]:
    """One sentence for each change; one that says so if there is none."""
    if found.none:
        return ["Callers notice no difference."]
    lines = [f"The number {number} is new." for number in found.numbers_added]
    lines += [f"The number {number} is no longer answered." for number in found.numbers_removed]
    lines += _hours(found.days)
    lines += map(_text, found.texts)
    lines += map(_call, found.calls)
    return lines


def _hours(days: Sequence[DayChange]) -> Iterator[str]:
    """Days with the same change in one sentence."""
    groups: dict[tuple[str, tuple[Span, ...], tuple[Span, ...], str], list[dt.date]] = {}
    for day in days:
        groups.setdefault((day.hours, day.before, day.after, day.reason), []).append(day.date)
    for (name, before, after, reason), dates in groups.items():
        hours = f"Hours '{name}': " if name else "Hours: "
        why = f" ({reason})" if reason else ""
        yield f"{hours}{_dates(dates)}: {_spans(after)} instead of {_spans(before)}{why}."


def _dates(dates: Sequence[dt.date]) -> str:
    told = [f"{date.isoformat()} {date:%a}" for date in dates]
    if len(told) <= _MOST_DATES:
        return ", ".join(told)
    weekdays = ", ".join(dict.fromkeys(f"{date:%a}" for date in sorted(dates, key=dt.date.weekday)))
    return f"{len(told)} days from {dates[0].isoformat()} to {dates[-1].isoformat()} ({weekdays})"


def _spans(spans: Sequence[Span]) -> str:
    return " and ".join(map(_span, spans)) if spans else "closed"


def _span(span: Span) -> str:
    ends = (f"{minute // 60:02}:{minute % 60:02}" for minute in span)
    return "-".join(ends)


def _text(text: TextChange) -> str:
    where = f"Text '{text.guidance}' ({text.language})"
    if not text.before:
        return f"{where} is new: 「{text.after}」"
    if not text.after:
        return f"{where} is gone; it said 「{text.before}」"
    return f"{where} says 「{text.after}」 instead of 「{text.before}」"


def _call(change: Change) -> str:
    before, after = change.before, change.after
    parts = []
    if before.heard != after.heard:
        parts.append(f"hear {_heard(after)} instead of {_heard(before)}")
    if _end(before) != _end(after):
        parts.append(f"end up {_end(after)} instead of {_end(before)}")
    if before.sent != after.sent:
        parts.append(f"are sent {_list(after.sent)} instead of {_list(before.sent)}")
    told = " and ".join(parts).removesuffix(",")
    return f"When {change.situation}, {_who(change.keys)} {told}."


def _who(keys: Sequence[str]) -> str:
    if not keys:
        return "all callers"
    pressed = ", ".join(key for key in keys if key != SILENT)
    if keys[-1] != SILENT:
        return f"callers who press {pressed}"
    return f"callers who press {pressed} and then nothing" if pressed else "callers who press nothing"


def _heard(way: Way) -> str:
    return _list(way.heard)


def _list(words: Sequence[str]) -> str:
    return ", ".join(f"'{word}'" for word in words) or "nothing"


_ENDS = {
    "asks": "asked for a key",
    "queue": "in the queue",
    "hangup": "hung up",
    "transfer": "transferred to",
    "message": "with a message left",
    "callback": "on the list of calls back of the queue",
}


def _end(way: Way) -> str:
    told = f"{_ENDS[way.end]} {way.target}".strip()
    return f"{told}, counted as {way.outcome}," if way.outcome else told

"""What somebody orders by hand instead of a project's opening hours: closed now, open now, disaster."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from calls.events import HoursOverridden, OverrideKind


class Override(NamedTuple):
    """An order that holds. `until`: seconds since 1970 UTC; `by`: who gave it."""

    kind: OverrideKind
    until: float
    reason: str
    by: str


def override_of(event: HoursOverridden, now: float) -> Override | None:
    """The order that an event gives; None where it takes one away or comes when its time is over."""
    if event.kind == "none" or event.until <= now:
        return None
    return Override(event.kind, event.until, event.reason, event.by)


def still_valid(events: Iterable[HoursOverridden], now: float) -> list[HoursOverridden]:
    """Of all orders that were ever given, in their order, those that hold at `now`: the last of each project."""
    last = {event.project: event for event in events}
    return [event for event in last.values() if override_of(event, now) is not None]

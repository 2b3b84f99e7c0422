"""Asterisk's own account of a run (CEL), the same ruler for us and for the rival."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from dataclasses import dataclass, field


@dataclass
class CallEvents:
    """One call, by Asterisk's clock in seconds since 1970: the caller's entry, and each leg's entry into a bridge."""

    started: float
    entered: dict[str, float] = field(default_factory=dict)

    @property
    def bridged(self) -> float | None:
        """When the second leg came into the bridge; None if it never did."""
        return sorted(self.entered.values())[1] if len(self.entered) > 1 else None

    @property
    def entry_to_bridge_ms(self) -> float | None:
        """Milliseconds from the caller's entry to both being in a bridge."""
        return None if self.bridged is None else (self.bridged - self.started) * 1000


def calls_of(rows: Iterable[str]) -> dict[str, CallEvents]:
    """The calls in the lines of a CEL file, by linked id (the caller's channel). Columns: type, time, channel,
    unique id, linked id, extra."""
    calls: dict[str, CallEvents] = {}
    for kind, time, _channel, unique, linked, *_ in csv.reader(rows):
        if kind == "CHAN_START" and unique == linked:
            calls[linked] = CallEvents(float(time))
        elif kind == "BRIDGE_ENTER" and linked in calls:
            calls[linked].entered.setdefault(unique, float(time))
    return calls

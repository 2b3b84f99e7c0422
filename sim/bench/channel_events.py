"""Asterisk's own account of a run (CEL), the same ruler for us and for the rival."""

from __future__ import annotations

import csv
import re
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


_SEAT = re.compile(r"PJSIP/(seat\d+)-")


def free_to_ring_ms(rows: Iterable[str]) -> list[float]:
    """Milliseconds from the end of each leg at a seat to the beginning of the next one there, in a CEL file's lines.

    A leg ends with what Asterisk notes first of that (`HANGUP`), and begins with its channel, which sends the INVITE.
    The engine may know of the end before it is noted: then it took no time at all.
    """
    up: dict[str, str] = {}
    free: dict[str, float] = {}
    times = []
    for kind, time, channel, *_ in csv.reader(rows):
        seat = _SEAT.match(channel)
        if seat is None:
            continue
        if kind == "HANGUP" and up.get(seat[1]) == channel:
            free[seat[1]] = float(time)
        elif kind == "CHAN_START":
            if seat[1] in up:
                times.append((float(time) - free.pop(seat[1], float(time))) * 1000)
            up[seat[1]] = channel
    return times

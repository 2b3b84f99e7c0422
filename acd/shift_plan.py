"""The shift plan: who should be there at a time, who is not, and who is there all the same. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Set
from typing import NamedTuple

from calls.hours import DAY_MIN, Span


class Shift(NamedTuple):
    """`who` (a person's id or a seat's) is there on some weekdays (0 = Monday) from `start` to `end`, but for breaks.

    Minutes of the local day, [start, end). `end` and breaks may lie beyond 1440: all of a shift belongs to the weekday
    on which it begins.
    """

    who: str
    weekdays: frozenset[int]
    start: int
    end: int
    breaks: tuple[Span, ...] = ()


class ShiftPlan:
    """All shifts; somebody may have several of them on one day."""

    def __init__(self, shifts: Iterable[Shift]) -> None:
        self._shifts = tuple(shifts)

    def rostered(self, at_minute: int, weekday: int) -> frozenset[str]:
        """Whose shift it is in a minute (0-1439) of a weekday, breaks included."""
        return frozenset(shift.who for shift, _ in self._running(at_minute, weekday))

    def expected(self, at_minute: int, weekday: int) -> frozenset[str]:
        """Who should be there in a minute (0-1439) of a weekday: whoever has a shift and no break."""
        return frozenset(
            shift.who
            for shift, minute in self._running(at_minute, weekday)
            if not any(pause.start <= minute < pause.end for pause in shift.breaks)
        )

    def _running(self, at_minute: int, weekday: int) -> Iterable[tuple[Shift, int]]:
        """The shifts that run, each with the minute counted from the midnight before it began."""
        for shift in self._shifts:
            for day, minute in ((weekday, at_minute), ((weekday - 1) % 7, at_minute + DAY_MIN)):
                if day in shift.weekdays and shift.start <= minute < shift.end:
                    yield shift, minute


def missing(expected: Set[str], present: Set[str]) -> list[str]:
    """Who should be there and is not, by id."""
    return sorted(expected - present)


def unexpected(rostered: Set[str], present: Set[str]) -> list[str]:
    """Who is there without a shift, by id; whoever has a break may be there (so compare with `rostered`)."""
    return sorted(present - rostered)

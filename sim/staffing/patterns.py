"""The shifts that the rules allow: when they begin and end, and when each of their breaks can be."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from calls.hours import Span
from sim.staffing.labour import EDGE
from sim.staffing.rules import GRID, Rules, Staff


class Pattern(NamedTuple):
    """A shift without its breaks set: `staff` is the index in the rules; `breaks` are the choices of each break."""

    staff: int
    span: Span
    breaks: tuple[tuple[Span, ...], ...]

    @property
    def work(self) -> int:
        """Minutes of work, breaks not counted."""
        pauses = sum(choices[0].end - choices[0].start for choices in self.breaks)
        return self.span.end - self.span.start - pauses


def patterns(rules: Rules) -> list[Pattern]:
    """All shifts of all staff; those in which a break has no place are left out."""
    found = []
    for index, staff in enumerate(rules.staff):
        for span in _spans(staff):
            breaks = tuple(_choices(staff, span))
            if all(breaks):
                found.append(Pattern(index, span, breaks))
    return found


def _spans(staff: Staff) -> Iterator[Span]:
    for start in range(staff.start[0], staff.start[-1] + 1, staff.every):
        for hours in staff.hours:
            yield Span(start, start + int(hours * 60))


def _choices(staff: Staff, span: Span) -> Iterator[tuple[Span, ...]]:
    """Where each break may lie: in its own window, and neither in the first nor in the last hour of the shift."""
    for one in staff.breaks_of(span.end - span.start):
        first = max(one.between[0], span.start + EDGE)
        last = min(one.between[1], span.end - EDGE) - one.minutes
        yield tuple(Span(start, start + one.minutes) for start in range(first, last + 1, GRID))

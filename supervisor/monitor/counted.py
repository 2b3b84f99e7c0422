"""The callers' calls of the last days as the engine counts them: how many arrived, and how they ended."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from supervisor.api.shapes import CountView

ARRIVED = ""
"""The outcome of the cell that counts arrivals."""


class Cell(NamedTuple):
    """Calls that ended alike after the same whole seconds of waiting (-1: never in the line)."""

    outcome: str
    waited: int


class Counted:
    """Of each project, by the half-hour of arrival (seconds since 1970 UTC): how many calls fell into which cell."""

    def __init__(self) -> None:
        self._halves: dict[str, dict[float, Counter[Cell]]] = {}

    def put(self, count: CountView) -> bool:
        """A cell has this many calls now; whether that is news."""
        half = self._halves.setdefault(count.project, {}).setdefault(count.start, Counter())
        cell = Cell(count.outcome, count.waited)
        if half[cell] == count.calls:
            return False
        half[cell] = count.calls
        return True

    def all_of(self, counts: Iterable[CountView]) -> set[str]:
        """These and no others; the projects of which something is otherwise."""
        before, self._halves = self._halves, {}
        for count in counts:
            self.put(count)
        return {
            project
            for project in before.keys() | self._halves.keys()
            if _told(before.get(project)) != _told(self._halves.get(project))
        }

    def since(self, project: str, start: float) -> Iterator[tuple[float, Counter[Cell]]]:
        """The half-hours of a project from `start` on, in their order; older ones are forgotten."""
        halves = self._halves.get(project, {})
        for old in [half for half in halves if half < start]:
            del halves[old]
        yield from sorted(halves.items())


def _told(halves: dict[float, Counter[Cell]] | None) -> dict[float, dict[Cell, int]]:
    found = {start: {cell: n for cell, n in half.items() if n} for start, half in (halves or {}).items()}
    return {start: half for start, half in found.items() if half}

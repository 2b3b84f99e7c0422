"""What a project's figures are computed by: its promise, its clock, its hours."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from calls.budget import Counts, counts_so
from calls.pace import Spans
from calls.promise import Promise
from supervisor.api.shapes import ProjectView
from supervisor.monitor.counted import Cell

_Kind = tuple[str, float | None]


@dataclass(frozen=True)
class Terms:
    """Of one project, as the engine has it in service. `hours_today`: its opening hours of today, as it tells them."""

    project: str
    timezone: str
    promise: Promise
    hours_today: Spans

    def counts(self, cell: Cell) -> Counts:
        """What one call of a cell is to the promise."""
        short = self.promise.short_abandon_s
        # What counts of a wait is whether it was a short one.
        wait = None if cell.waited < 0 else 0.0 if cell.waited < short else short
        kind = cell.outcome, wait
        if kind not in self._kinds:
            self._kinds[kind] = counts_so(self.promise, *kind)
        return self._kinds[kind]

    @cached_property
    def _kinds(self) -> dict[_Kind, Counts]:
        return {}


def told_by(view: ProjectView) -> tuple[object, ...]:
    """What the terms are made of: where this is the same, they are."""
    return view.promise, view.timezone, view.hours_today


def terms_of(view: ProjectView) -> Terms:
    """The terms that the engine told."""
    told = view.promise
    promise = Promise.model_validate(
        {
            "version": told.version,
            "numerator": told.numerator,
            "denominator": told.denominator,
            "short_abandon_s": told.short_abandon_s,
            "period": told.period,
            "value": told.base,
            "months": told.months,
        }
    )
    return Terms(view.project, view.timezone, promise, [(start, end) for start, end in view.hours_today])

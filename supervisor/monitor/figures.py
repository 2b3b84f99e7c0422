"""The figures of a project's day and period, from its counted calls: pure.

A call counts as the project's promise says (`calls.promise`), here as in every report.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from msgspec.structs import replace

from calls.budget import NOBODY, Budget, Counts, budget, period_of
from calls.lifecycle import Outcome
from calls.pace import HALF_HOUR_S, HalfHour, Standing, pace
from supervisor.monitor.counted import ARRIVED, Cell
from supervisor.monitor.rows import FiguresRow, HalfRow, PeriodFigures
from supervisor.monitor.terms import Terms
from supervisor.standing import local, midnight_of

ANSWERED = frozenset({Outcome.ANSWERED, Outcome.DEGRADED_ANSWERED})


class Half(NamedTuple):
    """The calls that arrived in the half-hour from `start` on, and what they are to the promise."""

    start: float
    cells: Counter[Cell]
    counts: Counts


def halves_of(terms: Terms, counted: Iterable[tuple[float, Counter[Cell]]]) -> list[Half]:
    """The half-hours of a day, each counted by the promise."""
    return [Half(start, cells, _counts(terms, cells)) for start, cells in counted]


def half_rows(project: str, halves: Iterable[Half]) -> Iterator[HalfRow]:
    """A row for each half-hour in which anybody arrived."""
    for start, cells, counts in halves:
        received = cells[Cell(ARRIVED, -1)]
        if received or counts.counted:
            yield HalfRow(f"{project}@{start:.0f}", project, start, received, *counts, counts.rate)


def figures_row(
    terms: Terms, halves: Sequence[Half], before: Counts | None, at: float, level_s: float
) -> FiguresRow:
    """The figures at a moment. `before`: the calls of the period on other days, None where they are not known.

    `level_s`: so many seconds of waiting are what the service level asks for.
    """
    cells: Counter[Cell] = Counter()
    for half in halves:
        cells.update(half.cells)
    today = sum((half.counts for half in halves), NOBODY)
    row = FiguresRow(
        id=terms.project,
        date=local(terms, at).date().isoformat(),
        received=cells[Cell(ARRIVED, -1)],
        outcomes=_outcomes(cells),
        answered=today.answered,
        counted=today.counted,
        rate=today.rate,
        service_level=_service_level(cells, level_s),
        longest_wait=max(
            (cell.waited for cell, calls in cells.items() if calls and cell.waited > 0), default=0
        ),
        may_lose_today=None,
        breaks_at=None,
        period=None,
    )
    if before is None:
        return row
    return _with_period(row, terms, _standing(terms, halves, before, at))


def _standing(terms: Terms, halves: Sequence[Half], before: Counts, at: float) -> Standing:
    midnight, by_half = midnight_of(terms, at), {half.start: half.counts for half in halves}
    starts = (midnight + step * HALF_HOUR_S for step in range(int((at - midnight) // HALF_HOUR_S) + 1))
    today = tuple(HalfHour(start, by_half.get(start, NOBODY)) for start in starts)
    return Standing(at, period_of(terms.promise, local(terms, at).date()), before, today)


def _with_period(row: FiguresRow, terms: Terms, standing: Standing) -> FiguresRow:
    period, ahead = standing.period, pace(standing, terms.hours_today)
    found = budget(*standing.total, period.promise)
    return _filled(row, ahead.may_lose, ahead.breaks_at, _period(period.name, found, terms.promise.version))


def _filled(row: FiguresRow, may_lose: int, breaks_at: float | None, period: PeriodFigures) -> FiguresRow:
    # The moment of the break moves a little with every second: to the minute it is news, below that it is noise.
    minute = None if breaks_at is None else breaks_at // 60 * 60
    return replace(row, may_lose_today=may_lose, breaks_at=minute, period=period)


def _period(name: str, found: Budget, version: int) -> PeriodFigures:
    counts = (found.answered, found.counted, found.rate)
    return PeriodFigures(name, *counts, found.promise, version, found.may_lose, found.catch_up, found.state)


def _counts(terms: Terms, cells: Counter[Cell]) -> Counts:
    answered = counted = 0
    for cell, calls in cells.items():
        if calls and cell.outcome != ARRIVED:
            each = terms.counts(cell)
            answered += each.answered * calls
            counted += each.counted * calls
    return Counts(answered, counted)


def _outcomes(cells: Counter[Cell]) -> dict[str, int]:
    found: Counter[str] = Counter()
    for cell, calls in cells.items():
        if calls and cell.outcome != ARRIVED:
            found[cell.outcome] += calls
    return dict(sorted(found.items()))


def _service_level(cells: Counter[Cell], level_s: float) -> float | None:
    """Of those who were in the line, the share that was answered before `level_s` seconds of waiting were over."""
    waited = [(cell, calls) for cell, calls in cells.items() if cell.waited >= 0 and calls]
    offered = sum(calls for _, calls in waited)
    within = sum(calls for cell, calls in waited if cell.outcome in ANSWERED and cell.waited < level_s)
    return within / offered if offered else None

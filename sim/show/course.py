"""The day of a scenario as a picture needs it, whoever draws it."""

from __future__ import annotations

from itertools import pairwise
from typing import Any, NamedTuple

from sim.arrivals import HALF_HOUR_MIN

HALF_HOUR_H = HALF_HOUR_MIN / 60


class Bar(NamedTuple):
    """The calls of a half-hour on a mean day; `start` in hours (9.5 is 09:30), `rate` None: nobody counted.

    `other`: those who do not count for the promise.
    """

    start: float
    kept: float
    lost: float
    other: float
    rate: float | None
    below: bool

    @property
    def end(self) -> float:
        """In hours."""
        return self.start + HALF_HOUR_H


class Course(NamedTuple):
    """`hours`: the edges of the steps, one more than there are steps. All levels are means but `most_waiting`."""

    project: str
    file: str
    headline: str
    details: str
    met: bool
    promise: float
    hours: list[float]
    waiting: list[float]
    most_waiting: list[int]
    busy: list[float]
    seats: list[float]
    bars: list[Bar]

    @property
    def span(self) -> tuple[float, float]:
        """From when to when there is anything to see (hours)."""
        edges = self.hours + [bar.start for bar in self.bars] + [bar.end for bar in self.bars]
        return (min(edges), max(edges)) if edges else (0.0, 24.0)

    @property
    def bands(self) -> list[tuple[float, float]]:
        """The times below the promise; half-hours that touch are one."""
        bands: list[tuple[float, float]] = []
        for bar in self.bars:
            if bar.below and bands and bands[-1][1] == bar.start:
                bands[-1] = bands[-1][0], bar.end
            elif bar.below:
                bands.append((bar.start, bar.end))
        return bands


def course_of(project: str, file: str, summary: dict[str, Any]) -> Course:
    """The mean day of a summary (see `sim.many.together`)."""
    course, days = summary["course"], max(1.0, summary["course"]["days"])
    steps = len(course["waiting"])
    start, step = hour(course["from"]), course["step_minutes"] / 60
    return Course(
        project,
        file,
        _headline(summary),
        _details(summary),
        summary["met"],
        summary["promise"],
        [start + number * step for number in range(steps + 1)] if steps else [],
        course["waiting"],
        course["most_waiting"],
        course["busy"],
        course["seats"],
        [_bar(row, days, summary["promise"]) for row in summary["half_hours"]],
    )


def _bar(row: dict[str, Any], days: float, promise: float) -> Bar:
    kept, lost = row["kept"] / days, (row["counted"] - row["kept"]) / days
    other = (row["offered"] - row["counted"]) / days
    below = row["rate"] is not None and row["rate"] < promise
    return Bar(hour(row["from"]), kept, lost, other, row["rate"], below)


def hour(clock: str) -> float:
    """'09:30' -> 9.5."""
    return int(clock[:2]) + int(clock[3:]) / 60


def _headline(summary: dict[str, Any]) -> str:
    rate = summary["answer_rate"]
    if rate is None:
        return "nobody who counts called"
    told = "met" if summary["met"] else "NOT met"
    return f"{100 * rate:.1f} % answered, {100 * summary['promise']:g} % promised: {told}"


def _details(summary: dict[str, Any]) -> str:
    dates = [day["date"] for day in summary["days"]]
    when = f"{dates[0]} to {dates[-1]}" if len(dates) > 1 else "".join(dates)
    parts = [when, f"{summary['offered']:,.0f} calls"]
    known = summary["intervals"].get("answer_rate")
    if summary["replications"] > 1 and known:
        parts.append(
            f"mean of {summary['replications']} replications, ± {100 * known['half_width']:.2f} points (95 %)"
        )
    return ", ".join(part for part in parts if part)


def ticks(first: float, last: float) -> list[int]:
    """Full hours for an axis: not more than a dozen."""
    step = next(step for step in (1, 2, 3, 6) if (last - first) / step <= 13 or step == 6)
    return [whole for whole in range(int(first), int(last) + 1) if whole >= first and whole % step == 0]


def stairs(hours: list[float], values: list[float]) -> list[tuple[float, float]]:
    """The corners of a step function."""
    corners: list[tuple[float, float]] = []
    for (left, right), value in zip(pairwise(hours), values, strict=True):
        corners += [(left, value), (right, value)]
    return corners

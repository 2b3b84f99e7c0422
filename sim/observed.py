"""Observed data as files: arrival times and durations."""

from __future__ import annotations

import csv
import datetime as dt
import math
from collections.abc import Callable, Iterator
from pathlib import Path
from zoneinfo import ZoneInfo

from calls.hours import DAY_MIN
from ivr.yaml_marks import ConfigurationError, Mark, Problem
from sim.arrivals import at_minute

MOST_TOLD = 20


def durations(path: Path) -> list[float]:
    """One number of seconds on each line (first column; a heading is allowed); raises ConfigurationError."""
    return _read(path, 0, _seconds, "a number of seconds, like 312.5")


def arrivals(path: Path, zone: ZoneInfo) -> list[float]:
    """The times (seconds since 1970 UTC, sorted) of the column `at` of a CSV; raises ConfigurationError.

    `at` is local time, like 2026-05-07T09:12:30, or with its own offset; other columns are not read.
    """

    def instant(text: str) -> float:
        at = dt.datetime.fromisoformat(text)
        return (at if at.tzinfo else at.replace(tzinfo=zone)).timestamp()

    return sorted(_read(path, "at", instant, "a time like 2026-05-07T09:12:30"))


def inside(times: list[float], first: dt.date | None, last: dt.date | None, zone: ZoneInfo) -> list[float]:
    """Those of some times (seconds since 1970 UTC) that lie in the local days from `first` to `last`, both included."""
    start = at_minute(first, 0, zone) if first else -math.inf
    end = at_minute(last, DAY_MIN, zone) if last else math.inf
    return [time for time in times if start <= time < end]


def _seconds(text: str) -> float:
    number = float(text)
    if not 0 <= number < math.inf:
        raise ValueError(text)
    return number


def _read(path: Path, column: int | str, convert: Callable[[str], float], wanted: str) -> list[float]:
    problems: list[Problem] = []
    numbers: list[float] = []
    for line, place, text in _cells(path, column, problems):
        try:
            numbers.append(convert(text.strip()))
        except ValueError:
            if line > 1 or isinstance(column, str):
                problems.append(Problem(str(path), Mark(line, place), f"'{text}' is not {wanted}"))
    if not numbers and not problems:
        problems.append(Problem(str(path), Mark(1, 1), "there is no number in this file"))
    if problems:
        raise ConfigurationError(_first(problems))
    return numbers


def _first(problems: list[Problem]) -> list[Problem]:
    """Not more than can be read: a file of another kind has a mistake in every line."""
    told, more = problems[:MOST_TOLD], len(problems) - MOST_TOLD
    if more <= 0:
        return told
    file, mark, _ = problems[MOST_TOLD]
    return [*told, Problem(file, mark, f"and {more} more lines like these")]


def _cells(path: Path, column: int | str, problems: list[Problem]) -> Iterator[tuple[int, int, str]]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = csv.reader(file)
            index = column if isinstance(column, int) else _index(path, next(rows, []), column, problems)
            for row in rows:
                if row and index is not None:
                    text = row[index] if index < len(row) else ""
                    yield rows.line_num, index + 1, text
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        problems.append(Problem(str(path), Mark(1, 1), f"cannot be read: {error}"))


def _index(path: Path, heading: list[str], column: str, problems: list[Problem]) -> int | None:
    names = [name.strip() for name in heading]
    if column in names:
        return names.index(column)
    problems.append(Problem(str(path), Mark(1, 1), f"the first line has no column '{column}'"))
    return None

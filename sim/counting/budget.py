"""What a simulated period might still have lost, and when its promise was broken for good.

A period breaks at the moment at which more of its calls are lost than the promise allows for all calls of the period:
from then on it cannot be kept any more, even if every later call is answered. A day breaks when the period up to
the end of that day does (see `calls.pace`).
"""

from __future__ import annotations

import datetime as dt
import math
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from calls.budget import NOBODY, Counts, exact, period_of
from calls.promise import Promise

STEP_S = 600
"""Times are told to ten minutes, so that a year of losses is small whatever the number of calls."""


class Losses:
    """How many calls that count were lost, by the ten minutes in which they arrived."""

    __slots__ = ("_by_step",)

    def __init__(self) -> None:
        self._by_step: Counter[int] = Counter()

    def lost(self, arrived_at: float) -> None:
        """One more call that counts was not answered; it arrived then (seconds since 1970 UTC)."""
        self._by_step[int(arrived_at // STEP_S)] += 1

    def steps(self, zone: ZoneInfo) -> Iterator[tuple[dt.datetime, int]]:
        """The local time of each ten minutes that lost any, in order, and how many."""
        for step, lost in sorted(self._by_step.items()):
            yield dt.datetime.fromtimestamp(step * STEP_S, zone), lost


class Spent(NamedTuple):
    """The budget of a simulated period, or of a day (`name`: its date).

    `may_lose`: so many more of its calls might have been lost; negative: so many of the lost ones were too many.
    `breaks_at`: the local time to ten minutes, as 2026-05-07T14:20, None where the promise was kept; the midnight of a
    day that could not be kept from its beginning.
    """

    name: str
    may_lose: int
    breaks_at: str | None


def budget_of(
    verdicts: Iterable[Mapping[str, Any]], losses: Losses, promise: Promise, zone: ZoneInfo
) -> list[dict[str, Any]]:
    """`{period, may_lose, breaks_at}` of every period of a run.

    `verdicts`: its `periods`, each with `period`, `answered`, `counted` and `promise`.
    """
    by_period: dict[str, list[tuple[dt.datetime, int]]] = {}
    for local, lost in losses.steps(zone):
        by_period.setdefault(period_of(promise, local.date()).name, []).append((local, lost))
    found = []
    for verdict in verdicts:
        counts, name = Counts(verdict["answered"], verdict["counted"]), verdict["period"]
        spent = _spent(name, counts, NOBODY, verdict["promise"], by_period.get(name, ()))
        found.append({"period": name, "may_lose": spent.may_lose, "breaks_at": spent.breaks_at})
    return found


def budget_by_day(
    days: Iterable[Mapping[str, Any]], losses: Losses, promise: Promise, zone: ZoneInfo
) -> list[dict[str, Any]]:
    """`{date, may_lose, breaks_at}` of every day of a run, in their order.

    `days`: each with `date` (ISO 8601), `kept` and `counted`, in their order.
    """
    by_day: dict[str, list[tuple[dt.datetime, int]]] = {}
    for local, lost in losses.steps(zone):
        by_day.setdefault(local.date().isoformat(), []).append((local, lost))
    before: dict[str, Counts] = {}
    found = []
    for day in days:
        date, counts = day["date"], Counts(day["kept"], day["counted"])
        period = period_of(promise, dt.date.fromisoformat(date))
        earlier = before.get(period.name, NOBODY)
        spent = _spent(date, counts, earlier, period.promise, by_day.get(date, ()))
        before[period.name] = earlier + counts
        found.append({"date": date, "may_lose": spent.may_lose, "breaks_at": spent.breaks_at})
    return found


def _spent(
    name: str, counts: Counts, before: Counts, promise: float, lost: Iterable[tuple[dt.datetime, int]]
) -> Spent:
    total = before + counts
    left = math.floor((1 - exact(promise)) * total.counted) - before.lost
    may_lose = left - counts.lost
    if may_lose >= 0:
        return Spent(name, may_lose, None)
    if left < 0:  # only a day can begin so, whose earlier days were too many
        return Spent(name, may_lose, f"{name}T00:00")
    for local, number in lost:
        left -= number
        if left < 0:
            return Spent(name, may_lose, f"{local:%Y-%m-%dT%H:%M}")
    return Spent(name, may_lose, None)

"""Where a project's promise stands at a moment, read from the database."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from typing import Protocol
from zoneinfo import ZoneInfo

from calls.budget import NOBODY, Counts, counts_so, period_of
from calls.pace import HALF_HOUR_S, HalfHour, Spans, Standing
from calls.promise import Promise
from ivr.project import Project
from store.counted import Ended, read_ended
from store.database import Database

ALL = 1e12
"""A step that is longer than any period."""
KEPT_S = 600.0
"""So long it is believed what earlier days had: a call of theirs may still be brought in after an outage."""


class Promised(Protocol):
    """A project, as far as its promise needs it: `ivr.project.Project` is one."""

    @property
    def project(self) -> str:
        """Its name."""

    @property
    def promise(self) -> Promise:
        """What was promised."""

    @property
    def timezone(self) -> str:
        """The clock of its days."""


class Standings:
    """Tells where projects stand again and again; what earlier days had is read now and then only.

    `database`: the one of now.
    """

    def __init__(self, database: Callable[[], Database]) -> None:
        self._database = database
        self._before: dict[str, tuple[float, float, Promise, Counts]] = {}

    async def of(self, project: Project, at: float) -> Standing:
        """Where a project stands at a moment."""
        midnight, promise = midnight_of(project, at), project.promise
        day, read_at, by, before = self._before.get(project.project, (0.0, 0.0, promise, NOBODY))
        if day != midnight or by != promise or not read_at <= at < read_at + KEPT_S:
            before = await read_before(self._database(), project, at)
            self._before[project.project] = (midnight, at, promise, before)
        return await read_standing(self._database(), project, at, before)


async def read_standing(
    database: Database, project: Promised, at: float, before: Counts | None = None
) -> Standing:
    """The period of a moment (seconds since 1970 UTC) up to it; `before`: its calls of other days, if known already."""
    promise, midnight = project.promise, midnight_of(project, at)
    period = period_of(promise, local(project, at).date())
    if before is None:
        before = await read_before(database, project, at)
    ended = await read_ended(
        database, project.project, midnight, at, short_s=promise.short_abandon_s, step_s=HALF_HOUR_S
    )
    starts = range(int((at - midnight) // HALF_HOUR_S) + 1)
    today = tuple(
        HalfHour(
            midnight + step * HALF_HOUR_S, counts_of((one for one in ended if one.step == step), promise)
        )
        for step in starts
    )
    return Standing(at, period, before, today)


async def read_before(database: Database, project: Promised, at: float) -> Counts:
    """The calls of the period of a moment on all days before that of the moment."""
    promise, today = project.promise, local(project, at).date()
    total = NOBODY
    for first, end in period_of(promise, today).spans():
        start, until = (_midnight(project, day) for day in (first, min(end, today)))
        if start < until:
            ended = await read_ended(
                database, project.project, start, until, short_s=promise.short_abandon_s, step_s=ALL
            )
            total += counts_of(ended, promise)
    return total


def counts_of(ended: Iterable[Ended], promise: Promise) -> Counts:
    """What calls that ended alike are to a promise."""
    total = NOBODY
    for one in ended:
        # What counts of a wait is whether it was a short one.
        wait = (0.0 if one.short else promise.short_abandon_s) if one.queued else None
        each = counts_so(promise, one.outcome, wait)
        total += Counts(each.answered * one.calls, each.counted * one.calls)
    return total


def local(project: Promised, at: float) -> dt.datetime:
    """A moment on the project's clock."""
    return dt.datetime.fromtimestamp(at, ZoneInfo(project.timezone))


def midnight_of(project: Promised, at: float) -> float:
    """When the day of a moment began."""
    return _midnight(project, local(project, at).date())


def _midnight(project: Promised, day: dt.date) -> float:
    return dt.datetime.combine(day, dt.time(), ZoneInfo(project.timezone)).timestamp()


def open_today(project: Project, at: float) -> Spans:
    """The opening hours of the day of a moment."""
    midnight = dt.datetime.combine(local(project, at).date(), dt.time(), ZoneInfo(project.timezone))
    spans = project.opening_hours().day(midnight.date())[0]
    return [(_minute(midnight, span.start), _minute(midnight, span.end)) for span in spans]


def _minute(midnight: dt.datetime, minute: int) -> float:
    return (midnight + dt.timedelta(minutes=minute)).timestamp()

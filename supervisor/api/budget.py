"""How many calls a project may still lose: this period's, and today's with the pace of the last hour."""

from __future__ import annotations

import logging

import msgspec
from sqlalchemy.exc import SQLAlchemyError

from calls.budget import Budget, State, budget
from calls.pace import Pace, Standing, pace
from ivr.project import Project
from supervisor.api import sight
from supervisor.api.errors import RefusedError, missing
from supervisor.api.rights import Right
from supervisor.api.work import Route, Work
from supervisor.standing import open_today

log = logging.getLogger(__name__)


class PeriodBudget(msgspec.Struct, frozen=True):
    """The month, or year, of the promise so far; `period` is its name, as 2026-05. Calls count as the promise says.

    `may_lose`: so many more calls may be lost before the promise is broken; negative: so many were too many.
    `catch_up`: so many answered calls in a row bring the rate up to the promise, null where nothing does.
    """

    period: str
    answered: int
    counted: int
    rate: float | None
    promise: float
    promise_version: int
    may_lose: int
    catch_up: int | None
    state: State


class HalfHourCounted(msgspec.Struct, frozen=True):
    """The calls that count of the half-hour that began at `start`, by their arrival, and how many of them were lost."""

    start: float
    counted: int
    lost: int


class DayBudget(msgspec.Struct, frozen=True):
    """Today so far, and how it goes on at the pace of the last hour (null where it is too early to tell).

    `may_lose`: so many more may be lost today with the promise of the period kept at the end of the day; negative: so
    many were too many. `expected_more`: calls that count still to come today. `breaks_at`: when the day breaks, null if
    it does not; in the past: the half-hour in which it broke.
    """

    answered: int
    counted: int
    rate: float | None
    may_lose: int
    expected_more: int
    counted_per_hour: float | None
    lost_per_hour: float | None
    breaks_at: float | None
    half_hours: list[HalfHourCounted]


class ProjectBudget(msgspec.Struct, frozen=True):
    """The budget of a project at one moment."""

    at: float
    project: str
    period: PeriodBudget
    today: DayBudget


async def project_budget(work: Work) -> ProjectBudget:
    """What a project may still lose, for whoever serves or supervises it."""
    name = work.path["project"]
    project = work.desk.house.centre.projects.get(name)
    if project is None or not sight.sees(work.who, (name,)):
        raise missing("project", name)
    try:
        standing = await work.desk.office.standing(project, work.desk.views.now())
    except (SQLAlchemyError, OSError) as error:
        log.warning("the calls of the period cannot be read: %s", type(error).__name__)
        raise RefusedError(503, "the database does not answer: try again when it does") from None
    return told(project, standing)


def told(project: Project, standing: Standing) -> ProjectBudget:
    """Where a project stands, in the words of the API."""
    found = budget(*standing.total, standing.period.promise)
    by_pace = pace(standing, open_today(project, standing.at))
    return ProjectBudget(
        standing.at,
        project.project,
        _period(standing.period.name, found, project.promise.version),
        _day(standing, by_pace),
    )


def _period(name: str, found: Budget, version: int) -> PeriodBudget:
    counts = (found.answered, found.counted, found.rate)
    left = (found.may_lose, found.catch_up, found.state)
    return PeriodBudget(name, *counts, found.promise, version, *left)


def _day(standing: Standing, by_pace: Pace) -> DayBudget:
    counts = standing.so_far
    halves = [
        HalfHourCounted(half.start, half.counts.counted, half.counts.lost)
        for half in standing.today
        if half.counts.counted
    ]
    return DayBudget(
        counts.answered,
        counts.counted,
        counts.rate,
        by_pace.may_lose,
        by_pace.expected_more,
        by_pace.counted_per_hour,
        by_pace.lost_per_hour,
        by_pace.breaks_at,
        halves,
    )


BUDGET_ROUTES = (
    Route(
        "GET", "/v1/projects/{project}/budget", Right.PERSON,
        "How many calls a project may still lose, this period and today, and when the day breaks at this pace",
        ProjectBudget, project_budget, refusals=(404, 503),
    ),
)  # fmt: skip

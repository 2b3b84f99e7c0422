"""A shift plan for all days of a scenario: week by week, duties that cover the need, and who has them."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, replace

from sim.arrivals import HALF_HOUR_MIN
from sim.staffing.cover import DayNeed, Duty, Limits, WeekCover, at_work, cover_week
from sim.staffing.need import Moment
from sim.staffing.patterns import patterns
from sim.staffing.roster import Roster, week_roster
from sim.staffing.rules import GRID, Rules
from sim.staffing.shrinkage import to_count_on

EFFORT = 8.0
"""CP-SAT's deterministic seconds for the whole plan: about as many seconds of a core."""
Week = dict[dt.date, DayNeed]
Open = Mapping[Moment, list[int]]
"""The quarters of an hour (by their first minute) in which each half-hour is open."""


@dataclass(frozen=True)
class Missing:
    """A half-hour that the plan does not cover: seats that are there, and that are needed."""

    day: dt.date
    minute: int
    there: int
    needed: int


@dataclass(frozen=True)
class ShiftPlan:
    """The duties of each day, how many people have each; `roster`: who has them, the absent ones' reserve included.

    `cost` is that of the duties, by `cost_per_hour`. `gap`: how much dearer than the best one this plan is at most
    (0-1), missing seats weighed in.
    """

    duties: dict[dt.date, Counter[Duty]]
    roster: Roster
    missing: tuple[Missing, ...]
    cost: float
    gap: float

    @property
    def hours(self) -> float:
        """Hours of work in all duties, breaks not counted."""
        return sum(duty.work * n for day in self.duties.values() for duty, n in day.items()) / 60


def shift_plan(
    rules: Rules, need: Mapping[Moment, int], quarters: Open, shrinkage: float, effort: float = EFFORT
) -> ShiftPlan:
    """Cover the need of some half-hours with the people of the rules.

    `need`: seats in each half-hour, `quarters`: in which quarters of it anybody has to be there. `shrinkage`: the share
    of the people who are not there on a day. Days that need the same get the same duties, if all can be covered so.
    Raises MissingExtraError.
    """
    weeks = _weeks(rules, need, quarters)
    planner = _Planner(rules, shrinkage)
    covers = planner.covers(weeks, effort / 2)
    if any(cover.missing for cover in covers):
        # Where people are short, days that are alike may have to differ: two of three are better than none.
        weeks = [{day: need._replace(apart=day.weekday()) for day, need in week.items()} for week in weeks]
        covers = planner.covers(weeks, effort / 2)
    duties = {
        day: cover.days[needed]
        for week, cover in zip(weeks, covers, strict=True)
        for day, needed in week.items()
    }
    roster = Roster()
    for week in weeks:
        roster = week_roster(rules, {day: duties[day] for day in week}, shrinkage, roster)
    gap = max((cover.gap for cover in covers), default=0.0)
    cost = sum(
        rules.staff[d.staff].cost_per_hour * d.work / 60 * n
        for day in duties.values()
        for d, n in day.items()
    )
    return ShiftPlan(duties, roster, _missing(duties, need, quarters), cost, gap)


def _weeks(rules: Rules, need: Mapping[Moment, int], quarters: Open) -> list[Week]:
    """The days of each week from Monday to Sunday, with what they need."""
    days: dict[dt.date, list[tuple[int, int]]] = defaultdict(list)
    for moment, seats in sorted(need.items()):
        days[moment[0]] += [(minute, seats) for minute in quarters[moment]]
    weeks: dict[dt.date, Week] = defaultdict(dict)
    for day, needed in days.items():
        monday = day - dt.timedelta(days=day.weekday())
        weeks[monday][day] = DayNeed(_who_comes(rules, day), tuple(needed))
    return list(weeks.values())


def _who_comes(rules: Rules, day: dt.date) -> tuple[int, ...]:
    return tuple(index for index, staff in enumerate(rules.staff) if day.weekday() in staff.weekdays())


class _Planner:
    def __init__(self, rules: Rules, shrinkage: float) -> None:
        self._rules, self._shrinkage = rules, shrinkage
        self._shifts = patterns(rules)
        people = tuple(to_count_on(len(staff.names), shrinkage) for staff in rules.staff)
        self._limits = Limits(people, tuple(staff.max_days_a_week for staff in rules.staff))

    def covers(self, weeks: list[Week], effort: float) -> list[WeekCover]:
        """The cover of each week. A week of which another has all the days, and more, takes over its duties.

        They keep to the limits of a week there, so they do here; and days that need the same look the same.
        """
        whole = list[Week]()
        for week in sorted(weeks, key=len, reverse=True):
            if not any(_inside(week, other) for other in whole):
                whole.append(week)
        found = [(week, self._cover(week, effort / len(whole))) for week in whole]
        return [next(cover for other, cover in found if _inside(week, other)) for week in weeks]

    def _cover(self, week: Week, effort: float) -> WeekCover:
        """Duties whose hours nobody can be given within his own limits are planned anew, more carefully."""
        needed = list(week.values())
        cover = cover_week(self._rules, self._shifts, needed, self._limits, effort)
        days = {day: cover.days[need] for day, need in week.items()}
        if week_roster(self._rules, days, self._shrinkage, Roster()).complete:
            return cover
        return cover_week(self._rules, self._shifts, needed, self._careful(), effort)

    def _careful(self) -> Limits:
        """On so few days that even the longest shift on each of them keeps to the hours of a week."""
        days = []
        for index, staff in enumerate(self._rules.staff):
            longest = max((p.work for p in self._shifts if p.staff == index), default=GRID)
            days.append(min(staff.max_days_a_week, int(staff.max_hours_a_week * 60 // longest)))
        return replace(self._limits, days=tuple(days))


def _inside(week: Week, other: Week) -> bool:
    return not Counter(week.values()) - Counter(other.values())


def _missing(
    duties: Mapping[dt.date, Mapping[Duty, int]], need: Mapping[Moment, int], quarters: Open
) -> tuple[Missing, ...]:
    found = []
    there = {day: at_work(counts) for day, counts in duties.items()}
    for (day, minute), seats in sorted(need.items()):
        least = min((there[day].get(quarter, 0) for quarter in quarters[day, minute]), default=seats)
        if least < seats:
            found.append(Missing(day, minute, least, seats))
    return tuple(found)


def quarters_of(
    spans_of: Mapping[dt.date, tuple[tuple[int, int], ...]], moments: Mapping[Moment, int]
) -> Open:
    """The open quarters of each half-hour; a quarter that is open for a minute is open."""
    return {
        (day, minute): [
            quarter
            for quarter in range(minute, minute + HALF_HOUR_MIN, GRID)
            if any(start < quarter + GRID and quarter < end for start, end in spans_of[day])
        ]
        for day, minute in moments
    }

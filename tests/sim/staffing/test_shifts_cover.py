from __future__ import annotations

import datetime as dt
import itertools
from collections import Counter
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from calls.hours import Span
from sim.staffing.cover import DayNeed, Duty, Limits, at_work, cover_week
from sim.staffing.labour import EDGE, least_break
from sim.staffing.patterns import patterns
from sim.staffing.roster import Roster
from sim.staffing.rules import GRID, Rules
from sim.staffing.shift_plan import ShiftPlan, quarters_of, shift_plan

pytestmark = pytest.mark.unit

FULL: dict[str, Any] = {"name": "full", "people": 8, "start": "09:00", "hours": 8.75, "cost_per_hour": 20.0}
PART: dict[str, Any] = {
    "name": "part",
    "people": 5,
    "start": ["09:00", "14:00"],
    "hours": [3, 4],
    "max_hours_a_week": 16,
    "cost_per_hour": 15.0,
}
OPEN = ((540, 1065),)
"""09:00 to 17:45."""
MONDAY = dt.date(2026, 6, 1)


def rules(*staff: dict[str, Any]) -> Rules:
    return Rules.model_validate({"staff": list(staff)})


def planned(
    by_rules: Rules, need: list[int], days: int = 1, shrinkage: float = 0.0, **more: Any
) -> ShiftPlan:
    dates = [MONDAY + dt.timedelta(days=number) for number in range(days)]
    seats = {(day, 540 + 30 * number): count for day in dates for number, count in enumerate(need)}
    return shift_plan(by_rules, seats, quarters_of(dict.fromkeys(dates, OPEN), seats), shrinkage, **more)


def assert_lawful(duty: Duty, by_rules: Rules) -> None:
    breaks = sum(one.end - one.start for one in duty.breaks)
    assert breaks >= least_break(duty.work)
    assert duty.work == duty.span.end - duty.span.start - breaks <= 8 * 60
    for one in duty.breaks:
        assert duty.span.start + EDGE <= one.start
        assert one.end <= duty.span.end - EDGE
    staff = by_rules.staff[duty.staff]
    assert staff.start[0] <= duty.span.start <= staff.start[-1]


def assert_each_keeps_his_week(roster: Roster, by_rules: Rules) -> None:
    for staff in by_rules.staff:
        for name in staff.names:
            mine = [(day, duty) for (day, who), duty in roster.duties.items() if who == name]
            weeks = Counter(day.isocalendar()[1] for day, _ in mine)
            assert all(days <= staff.max_days_a_week for days in weeks.values())
            for week in weeks:
                minutes = sum(duty.work for day, duty in mine if day.isocalendar()[1] == week)
                assert minutes <= staff.max_hours_a_week * 60


needs = st.lists(st.integers(0, 7), min_size=18, max_size=18)


@settings(max_examples=25, deadline=None)
@given(needs, st.integers(1, 6), st.sampled_from([0.0, 0.2]))
def test_whatever_is_needed_shifts_cover_it_or_say_what_is_missing(
    need: list[int], days: int, shrinkage: float
) -> None:
    by_rules = rules(FULL, PART)
    plan = planned(by_rules, need, days, shrinkage, effort=1.0)
    missing = {(one.day, one.minute): one for one in plan.missing}
    for day, duties in plan.duties.items():
        there = at_work(duties)
        for number, seats in enumerate(need):
            quarters = [540 + 30 * number + step for step in (0, GRID) if 540 + 30 * number + step < 1065]
            least = min(there.get(quarter, 0) for quarter in quarters)
            assert least >= seats or missing[day, 540 + 30 * number].there == least
        for duty in duties:
            assert_lawful(duty, by_rules)
    assert plan.roster.complete
    assert_each_keeps_his_week(plan.roster, by_rules)
    for day, duties in plan.duties.items():
        on_plan = Counter(duty for (other, _), duty in plan.roster.duties.items() if other == day)
        assert all(on_plan[duty] >= people for duty, people in duties.items())


def test_no_cheaper_shifts_cover_a_day() -> None:
    noon = [{"minutes": 60, "between": ["12:00", "14:00"]}]
    by_rules = rules(
        {**FULL, "people": 3, "breaks": noon},
        {**PART, "people": 3, "start": ["09:00", "13:00"], "every": 60, "hours": 4},
    )
    need = [1, 2, 2, 3, 3, 2, 2, 1, 1, 2, 2, 2, 1, 1, 1, 1, 1, 1]
    plan = planned(by_rules, need)
    choices = list[Duty]()
    for pattern in patterns(by_rules):
        for breaks in itertools.product(*pattern.breaks):
            choices.append(Duty(pattern.staff, pattern.span, breaks))
    cheapest = min(
        cost_of(by_rules, combination)
        for people in range(5)
        for combination in itertools.combinations_with_replacement(choices, people)
        if covers(combination, need) and fits(combination)
    )
    assert plan.cost == pytest.approx(cheapest)
    assert (plan.gap, plan.missing) == (0.0, ())


def cost_of(by_rules: Rules, duties: tuple[Duty, ...]) -> float:
    return sum(by_rules.staff[duty.staff].cost_per_hour * duty.work / 60 for duty in duties)


def covers(duties: tuple[Duty, ...], need: list[int]) -> bool:
    there = at_work(Counter(duties))
    return all(
        there.get(540 + GRID * quarter, 0) >= need[quarter // 2] for quarter in range((1065 - 540) // GRID)
    )


def fits(duties: tuple[Duty, ...]) -> bool:
    return all(sum(duty.staff == staff for duty in duties) <= 3 for staff in (0, 1))


def test_equal_days_get_equal_duties_also_in_a_short_week() -> None:
    plan = planned(rules(FULL, PART), [3] * 18, days=10)
    assert (
        len({tuple(sorted(duties.items())) for day, duties in plan.duties.items() if day.weekday() < 5}) == 1
    )


def test_part_timers_share_their_hours_so_that_nobody_works_too_long() -> None:
    by_rules = rules(
        {**PART, "people": 4, "start": ["09:00", "14:30"], "hours": [3, 4], "max_hours_a_week": 12}
    )
    plan = planned(by_rules, [1] * 14 + [0] * 4, days=5)
    assert plan.roster.complete
    assert_each_keeps_his_week(plan.roster, by_rules)


def test_who_is_absent_is_planned_for() -> None:
    by_rules = rules({**FULL, "people": 5})
    plan = planned(by_rules, [4] * 6 + [0] * 12, shrinkage=0.2)
    assert (sum(plan.duties[MONDAY].values()), len(plan.roster.duties)) == (4, 5)
    short = planned(by_rules, [5] * 6 + [0] * 12, shrinkage=0.2)
    assert {(one.there, one.needed) for one in short.missing} == {(4, 5)}


def test_nobody_can_come_on_some_days() -> None:
    plan = planned(rules({**FULL, "days": "mon-fri"}), [1] * 18, days=6)
    assert {one.day.weekday() for one in plan.missing} == {5}


def test_a_break_that_has_no_place_makes_no_shift() -> None:
    noon = [{"minutes": 60, "between": ["09:00", "10:30"]}]
    assert patterns(rules({**FULL, "breaks": noon})) == []
    week = [DayNeed((0,), ((540, 2),))]
    cover = cover_week(rules({**FULL, "breaks": noon}), [], week, Limits((8,), (5,)), 1.0)
    assert cover.missing == 2 * GRID


def test_breaks_are_shared_out_one_by_one() -> None:
    two = [
        {"minutes": 45, "between": ["11:00", "14:00"]},
        {"minutes": 15, "between": ["14:00", "16:30"]},
    ]
    by_rules = rules({**FULL, "breaks": two})
    plan = planned(by_rules, [3] * 17 + [1])
    for duty in plan.duties[MONDAY]:
        assert [one.end - one.start for one in duty.breaks] == [45, 15]
        assert (
            Span(660, 840).start <= duty.breaks[0].start < duty.breaks[0].end <= 840 <= duty.breaks[1].start
        )


def test_nobody_works_on_every_day_of_a_long_week() -> None:
    short = {**FULL, "hours": 6}  # six of them are less than forty hours
    by_rules = rules({**short, "people": 3})
    plan = planned(by_rules, [2, 2] + [0] * 16, days=6)
    assert (plan.missing, plan.roster.complete) == ((), True)
    assert_each_keeps_his_week(plan.roster, by_rules)
    assert len(planned(rules({**short, "people": 2}), [2, 2] + [0] * 16, days=6).missing) > 0


def test_where_people_are_short_as_much_as_possible_is_covered() -> None:
    one = rules({**PART, "people": 1, "start": "09:00", "hours": 4, "max_hours_a_week": 8})
    plan = planned(one, [1] * 8 + [0] * 10, days=3)
    assert len({missing.day for missing in plan.missing}) == 1  # two of three days, and not none
    assert_each_keeps_his_week(plan.roster, one)
    week = [DayNeed((0,), ((540, 1),), day) for day in range(3)]
    assert cover_week(one, patterns(one), week, Limits((1,), (5,)), 1.0).missing == GRID

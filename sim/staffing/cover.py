"""Shifts that cover the need of one week at the least cost, by OR-tools CP-SAT."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from calls.hours import Span
from sim.extras import need as extra
from sim.staffing.patterns import Pattern
from sim.staffing.rules import GRID, Rules

PENALTY = 20
"""A seat that is missing costs so many times what the dearest hour costs: nobody is left out to save money."""
CENTS = 100


class DayNeed(NamedTuple):
    """What one day of a week needs: the seats of each of its quarters of an hour, by their first minute.

    `staff`: who of the rules can be asked to come on it, by their index. `apart`: days of different numbers are planned
    apart though they need the same.
    """

    staff: tuple[int, ...]
    quarters: tuple[tuple[int, int], ...]
    apart: int = 0


class Duty(NamedTuple):
    """A shift with its breaks set: `staff` is the index in the rules."""

    staff: int
    span: Span
    breaks: tuple[Span, ...]

    @property
    def work(self) -> int:
        """Minutes of work, breaks not counted."""
        return self.span.end - self.span.start - sum(one.end - one.start for one in self.breaks)

    def at_work(self, minute: int) -> bool:
        """Whether he sits at his place in a minute of the day."""
        return _inside(self.span, minute) and not any(_inside(one, minute) for one in self.breaks)


@dataclass(frozen=True)
class WeekCover:
    """The duties of each day of a week, how many people have each; days that need the same have the same.

    `missing`: seat-minutes that are needed and not covered. `weighed`: the cost with the penalty for missing seats;
    no plan has less than `bound`.
    """

    days: dict[DayNeed, Counter[Duty]]
    missing: int
    weighed: float
    bound: float

    @property
    def gap(self) -> float:
        """How much dearer than the best one this plan is at most (0-1)."""
        return max(0.0, 1 - self.bound / self.weighed) if self.weighed else 0.0


@dataclass(frozen=True)
class Limits:
    """How many people of each staff can be counted on each day, and on how many days a week each of them comes."""

    people: tuple[int, ...]
    days: tuple[int, ...]


def cover_week(
    rules: Rules, shifts: Sequence[Pattern], week: Sequence[DayNeed], limits: Limits, effort: float
) -> WeekCover:
    """The cheapest duties that cover the days of a week; seats that nobody can take are missing.

    Breaks are modelled apart from shifts (T. Aykin, Optimal shift scheduling with multiple break windows, Management
    Science 42, 1996): so many people have a shift, and as many of them each of its breaks at one of its times.
    `effort`: the longest search, in CP-SAT's deterministic seconds, so that the same input gives the same plan.
    Raises MissingExtraError.
    """
    model = _Week(rules, shifts, week, limits)
    return model.solve(effort)


class _Shift(NamedTuple):
    """The variables of a pattern on a day: how many have it, and how many of them each break at each time."""

    pattern: Pattern
    count: Any
    breaks: list[list[tuple[Span, Any]]]

    def away(self, minute: int) -> Iterator[Any]:
        """Those who have a break in a minute."""
        return (number for placed in self.breaks for span, number in placed if _inside(span, minute))


class _Week:
    def __init__(
        self, rules: Rules, shifts: Sequence[Pattern], week: Sequence[DayNeed], limits: Limits
    ) -> None:
        self._cp = extra("ortools.sat.python.cp_model", "planning shifts")
        self._model = self._cp.CpModel()
        self._rules, self._limits = rules, limits
        self._days = Counter(week)
        self._missing: list[Any] = []
        self._shifts = {day: self._of_day(day, shifts) for day in self._days}
        for index in range(len(rules.staff)):
            self._limit(index)
        self._cost = self._total(lambda pattern: pattern.work * _cents(rules, pattern.staff))
        self._short = sum(short * days for short, days in self._missing)
        dearest = max(_cents(rules, index) for index in range(len(rules.staff)))
        self._model.minimize(self._cost + PENALTY * dearest * GRID * self._short)

    def _of_day(self, day: DayNeed, shifts: Sequence[Pattern]) -> list[_Shift]:
        found = [self._variables(pattern) for pattern in shifts if pattern.staff in day.staff]
        self._cover(found, day)
        return found

    def _total(self, weight: Callable[[Pattern], int]) -> Any:
        """The sum over all shifts of all days of the week."""
        return sum(
            shift.count * weight(shift.pattern) * days
            for day, days in self._days.items()
            for shift in self._shifts[day]
        )

    def _variables(self, pattern: Pattern) -> _Shift:
        most = self._limits.people[pattern.staff]
        count = self._model.new_int_var(0, most, "")
        breaks = []
        for choices in pattern.breaks:
            placed = [(span, self._model.new_int_var(0, most, "")) for span in choices]
            self._model.add(sum(number for _, number in placed) == count)
            breaks.append(placed)
        return _Shift(pattern, count, breaks)

    def _cover(self, shifts: list[_Shift], day: DayNeed) -> None:
        for minute, seats in day.quarters:
            there = sum(shift.count for shift in shifts if _inside(shift.pattern.span, minute))
            away = sum(number for shift in shifts for number in shift.away(minute))
            short = self._model.new_int_var(0, seats, "")
            self._missing.append((short, self._days[day]))
            self._model.add(there - away + short >= seats)

    def _limit(self, index: int) -> None:
        """Nobody works on more days, or longer, than the rules allow; all together, the roster sees to each."""
        people, most = self._limits.people[index], int(self._rules.staff[index].max_hours_a_week * 60)
        for shifts in self._shifts.values():
            self._model.add(sum(shift.count for shift in shifts if shift.pattern.staff == index) <= people)
        days = self._total(lambda pattern: int(pattern.staff == index))
        self._model.add(days <= people * self._limits.days[index])
        minutes = self._total(lambda pattern: pattern.work * (pattern.staff == index))
        self._model.add(minutes <= people * most)

    def solve(self, effort: float) -> WeekCover:
        solver = self._cp.CpSolver()
        solver.parameters.num_workers = 1
        solver.parameters.random_seed = 1
        solver.parameters.max_deterministic_time = effort
        status = solver.solve(self._model)
        assert status in (self._cp.OPTIMAL, self._cp.FEASIBLE)  # everything missing would be a solution
        days = {day: _duties(shifts, solver) for day, shifts in self._shifts.items()}
        scale = 60 * CENTS
        return WeekCover(
            days,
            GRID * solver.value(self._short),
            solver.objective_value / scale,
            solver.best_objective_bound / scale,
        )


def _cents(rules: Rules, index: int) -> int:
    return round(rules.staff[index].cost_per_hour * CENTS)


def _duties(shifts: list[_Shift], solver: Any) -> Counter[Duty]:
    """Gives each of a shift his breaks: any first one goes with any second one, for their times do not meet."""
    found: Counter[Duty] = Counter()
    for shift in shifts:
        columns = [
            [span for span, number in placed for _ in range(solver.value(number))] for placed in shift.breaks
        ]
        for who in range(solver.value(shift.count)):
            duty = Duty(shift.pattern.staff, shift.pattern.span, tuple(column[who] for column in columns))
            found[duty] += 1
    return found


def _inside(span: Span, minute: int) -> bool:
    return span.start <= minute < span.end


def at_work(duties: Mapping[Duty, int]) -> dict[int, int]:
    """How many sit at their places in each quarter of an hour of a day."""
    total: dict[int, int] = defaultdict(int)
    for duty, people in duties.items():
        for minute in range(duty.span.start, duty.span.end, GRID):
            total[minute] += people * duty.at_work(minute)
    return dict(total)

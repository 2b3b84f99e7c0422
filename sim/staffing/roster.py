"""Who has which duty: nobody above his hours and days of a week, and everybody as evenly as it goes."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from sim.staffing.cover import Duty
from sim.staffing.rules import Rules
from sim.staffing.shrinkage import to_schedule


@dataclass(frozen=True)
class Roster:
    """Each person's duty of each day.

    `complete`: everybody who has to be there has a name. `reserve_short`: people of the reserve for those who will be
    absent whom nobody was left to be.
    """

    duties: dict[tuple[dt.date, str], Duty] = field(default_factory=dict)
    complete: bool = True
    reserve_short: int = 0

    def minutes(self) -> Counter[str]:
        """Minutes of work of each person."""
        total: Counter[str] = Counter()
        for (_, who), duty in self.duties.items():
            total[who] += duty.work
        return total


@dataclass(eq=False)
class _Person:
    """`days`, `minutes`: what is left of his week. `worked`: minutes of all weeks so far. `last`: his last duty."""

    name: str
    days: int
    minutes: int
    worked: int
    days_worked: int = 0
    last: Duty | None = None

    def take(self, duty: Duty) -> None:
        """He has this duty on one more day."""
        self.days -= 1
        self.days_worked += 1
        self.minutes -= duty.work
        self.worked += duty.work
        self.last = duty


Order = Callable[[_Person], tuple[int, int]]


def week_roster(
    rules: Rules, week: Mapping[dt.date, Mapping[Duty, int]], shrinkage: float, before: Roster
) -> Roster:
    """The roster of the weeks before, and of one more; the duties of the week are those of people who are there.

    First with the same people day after day; where that leaves a duty without anybody, with those who have the most
    days of their week left. (Then each works on as many days as any other, or one less: no other choice does better,
    as long as days are what is short.)
    """
    steady = _Week(rules, shrinkage, before, lambda one: (-one.days_worked, one.worked)).roster(week)
    if steady.complete and steady.reserve_short == before.reserve_short:
        return steady
    fair = _Week(rules, shrinkage, before, lambda one: (one.days_worked, one.worked)).roster(week)
    return fair if fair.complete or not steady.complete else steady


class _Week:
    def __init__(self, rules: Rules, shrinkage: float, before: Roster, first: Order) -> None:
        self._shrinkage, self._first, self._before = shrinkage, first, before
        worked = before.minutes()
        self._people = [
            [
                _Person(name, staff.max_days_a_week, int(staff.max_hours_a_week * 60), worked[name])
                for name in staff.names
            ]
            for staff in rules.staff
        ]

    def roster(self, week: Mapping[dt.date, Mapping[Duty, int]]) -> Roster:
        """First those who have to be there on all days, then the reserve out of whom is left."""
        given, short = dict(self._before.duties), self._before.reserve_short
        missing = 0
        for index, people in enumerate(self._people):
            mine = {day: _of(index, counts) for day, counts in week.items()}
            for day, duties in mine.items():
                placed = self._place(people, duties)
                missing += duties.total() - len(placed)
                given |= {(day, who): duty for who, duty in placed.items()}
            for day, duties in mine.items():
                reserve = _reserve(duties, self._shrinkage)
                placed = self._place([one for one in people if (day, one.name) not in given], reserve)
                short += reserve.total() - len(placed)
                given |= {(day, who): duty for who, duty in placed.items()}
        return Roster(given, self._before.complete and not missing, short)

    def _place(self, people: list[_Person], duties: Counter[Duty]) -> dict[str, Duty]:
        """Long duties first, each to whom it suits; a duty is left over where it suits nobody."""
        placed: dict[str, Duty] = {}
        able = sorted((one for one in people if one.days > 0), key=self._first)
        ready, spare = able[: duties.total()], able[duties.total() :]
        for duty in sorted(duties.elements(), key=lambda duty: (-duty.work, duty)):
            person = _suited(ready, duty) or _suited(spare, duty)
            if person is not None:
                (ready if person in ready else spare).remove(person)
                person.take(duty)
                placed[person.name] = duty
        return placed


def _suited(people: Iterable[_Person], duty: Duty) -> _Person | None:
    """Who has room for it: who had it the last time, else who has the most of his week left."""
    able = [one for one in people if one.days > 0 and one.minutes >= duty.work]
    return min(able, key=lambda one: (one.last != duty, -one.minutes, one.worked), default=None)


def _of(staff: int, duties: Mapping[Duty, int]) -> Counter[Duty]:
    return Counter({duty: people for duty, people in duties.items() if duty.staff == staff})


def _reserve(duties: Counter[Duty], shrinkage: float) -> Counter[Duty]:
    """Who is scheduled on top of those who will be there, spread over the duties as these are."""
    total = sum(duties.values())
    extra = to_schedule(total, shrinkage) - total
    each = sorted(duties.elements())
    return Counter(each[(2 * number + 1) * total // (2 * extra)] for number in range(extra))

"""A shift plan for what `staff` has found, checked by the real engine like the seats themselves."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from calls.hours import DAY_MIN, Span
from sim.scenario.words import clock
from sim.staffing.cover import Duty
from sim.staffing.rules import Rules
from sim.staffing.seat_plan import with_seats
from sim.staffing.shift_output import roster_entries, scenario_shifts
from sim.staffing.shift_plan import ShiftPlan, quarters_of, shift_plan
from sim.staffing.staff import Staffing
from sim.staffing.trial import PeriodResult, Simulate, result
from sim.world import build


@dataclass(frozen=True)
class CheckedShifts:
    """A shift plan, and what simulated months say of it. `met`: nothing is missing, and the promise is kept."""

    rules: Rules
    plan: ShiftPlan
    results: tuple[PeriodResult, ...]
    met: bool

    def seats(self) -> dict[str, Any]:
        """What stands under `seats` of the scenario."""
        return {"shifts": scenario_shifts(self.plan.duties)}

    def entries(self, project: str) -> list[dict[str, Any]]:
        """What stands under `shifts` of config/shifts.yaml."""
        return roster_entries(self.plan.roster, project, self.plan.duties)


def check_shifts(found: Staffing, rules: Rules, shrinkage: float, simulate: Simulate) -> CheckedShifts:
    """Plan shifts that cover the seats that were found, and simulate them. Raises MissingExtraError."""
    world = build(found.scenario)
    spans = {
        day: world.hours.day(day)[0] if world.hours is not None else (Span(0, DAY_MIN),)
        for day in {slot.day for slot in found.need.slots}
    }
    plan = shift_plan(rules, found.plan, quarters_of(spans, found.plan), shrinkage)
    if not any(plan.duties.values()):
        return CheckedShifts(rules, plan, (), False)
    shifts = with_seats(found.scenario, {"shifts": scenario_shifts(plan.duties)})
    summaries = simulate(shifts, found.wish.times)
    results = tuple(result(summaries, one.period, one.promise) for one in found.checked.results)
    met = all(one.met_share >= found.wish.probability for one in results)
    return CheckedShifts(rules, plan, results, met and not plan.missing)


def told(checked: CheckedShifts) -> dict[str, Any]:
    """The plan for JSON: `plan` are the shifts of those who are there, `people` how many are scheduled on each day."""
    plan = checked.plan
    people: dict[str, int] = defaultdict(int)
    for day, _ in plan.roster.duties:
        people[day.isoformat()] += 1
    return {
        "plan": list(_rows(checked)),
        "people": dict(sorted(people.items())),
        "hours": round(plan.hours, 2),
        "cost": round(plan.cost) if checked.rules.priced else None,
        "gap": round(plan.gap, 4),
        "reserve_short": plan.roster.reserve_short,
        "missing": [
            {"date": one.day.isoformat(), "from": clock(one.minute), "there": one.there, "needed": one.needed}
            for one in plan.missing
        ],
        "periods": [one._asdict() | {"rate": one.rate.told()} for one in checked.results],
        "met": checked.met,
    }


def _rows(checked: CheckedShifts) -> Iterator[dict[str, Any]]:
    days: dict[tuple[Duty, int], list[dt.date]] = defaultdict(list)
    for day, duties in sorted(checked.plan.duties.items()):
        for duty, seats in duties.items():
            days[duty, seats].append(day)
    for (duty, seats), dates in sorted(days.items()):
        yield {
            "staff": checked.rules.staff[duty.staff].name,
            "seats": seats,
            "from": clock(duty.span.start),
            "to": clock(duty.span.end),
            "breaks": [{"at": clock(one.start), "minutes": one.end - one.start} for one in duty.breaks],
            "dates": [day.isoformat() for day in dates],
        }

"""The fewest seats with which the promise holds as surely as asked for: Erlang A first, then the real engine."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from statistics import NormalDist

from calls.promise import Promise
from sim.scenario import Scenario
from sim.scenario.words import clock
from sim.staffing.allocation import Allocation, Kind, count
from sim.staffing.need import Moment, Need, period_of
from sim.staffing.pilot import Pilot
from sim.staffing.quick import Quick
from sim.staffing.seat_plan import SeatPlan, staffed
from sim.staffing.trial import (
    PeriodResult,
    PeriodTrial,
    Simulate,
    Summary,
    half_hour_rates,
    result,
    trial,
)

GUESSES = 6
"""So often the plain line is asked at most, before the real engine is."""
PROBES = (2, 2)
"""The real engine tries a plan in so many months, then a better one in so many, before the final check."""
CHECKS = 4
"""So many plans are checked at most: each that fails gets more seats."""
SPARE = 0.01
"""A plan that holds is tried again where so large a part of its seat-hours may be to spare."""
ALL = 10**9
"""More steps than any allocation has."""
FARTHEST = 10.0
"""No correction goes farther: where next to nobody is lost, a ratio of losses says little."""
GUARD = 0.3
"""So many standard deviations more than wished for are aimed at: twenty months do not show exactly what is true."""


@dataclass
class Period:
    """The search in one period: how many steps of its allocation are taken.

    `worse`: how many times as many calls the engine loses as Erlang A says, which knows nothing of callers who wait
    from one half-hour into the next, nor of what a queue turns away; `sd`: how far single months are apart.
    """

    name: str
    promise: float
    allocation: Allocation
    worse: float = 1.0
    sd: float = 0.0
    step: int = 0

    def step_for(self, rate: float) -> int | None:
        """The first step with which the engine's months should have this rate on average; None: none has."""
        return self.allocation.step_for(1 - (1 - rate) / self.worse)

    def aim(self, z: float) -> int:
        """The first step that holds the promise `z` standard deviations from the edge; the last where none does."""
        found = self.step_for(min(1.0, self.promise + z * self.sd))
        return self.allocation.reach(ALL) if found is None else found

    def learn(self, tried: PeriodTrial) -> None:
        """What a simulation of the present step says."""
        predicted = 1 - self.allocation.rate(self.step)
        ratio = (1 - tried.mean) / predicted if predicted > 0 else 1.0
        self.worse = min(max(ratio, 1 / FARTHEST), FARTHEST)
        self.sd = tried.sd


@dataclass(frozen=True)
class Wish:
    """`probability` of a month that meets the promise; `floor`: the share that no half-hour falls below, by Erlang A.

    `times`: months simulated in the final check.
    """

    probability: float = 0.9
    floor: float | None = None
    slack: float = 0.1
    times: int = 20

    def floor_for(self, promise: float) -> float:
        """The floor of a period's half-hours: as asked for, else the promise less `slack`."""
        return max(0.0, promise - self.slack) if self.floor is None else self.floor

    @property
    def z(self) -> float:
        """So many standard deviations above the promise the mean of the months has to lie."""
        return max(0.0, NormalDist().inv_cdf(self.probability) + GUARD)


@dataclass
class Search:
    """One search over all periods of a scenario at once."""

    scenario: Scenario
    need: Need
    pilot: Pilot
    promise: Promise
    wish: Wish
    simulate: Simulate
    quick: Quick | None = None
    periods: dict[str, Period] = field(default_factory=dict)
    kinds: dict[Moment, Kind] = field(default_factory=dict)
    raised: dict[int, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.kinds = self.need.kinds(self.pilot.wanting)
        grouped: dict[tuple[str, float], list[Kind]] = {}
        for (day, _), kind in self.kinds.items():
            grouped.setdefault(period_of(self.promise, day), []).append(kind)
        for (name, value), kinds in grouped.items():
            lost = self.pilot.unsaved.get(name, 0.0)
            floor = min(self.wish.floor_for(value), 0.999)
            allocation = Allocation(count(kinds), self.pilot.service, floor, lost)
            self.periods[name] = Period(name, value, allocation)

    def plan(self) -> SeatPlan:
        """The seats of every half-hour as the search stands."""
        seats = {name: p.allocation.seats(p.step) for name, p in self.periods.items()}
        most = self.pilot.service.most_seats
        return {
            moment: min(
                most, seats[period_of(self.promise, moment[0])[0]][kind] + self.raised.get(moment[1], 0)
            )
            for moment, kind in self.kinds.items()
        }

    def run(self) -> Checked:
        """Find the plan, and check it with fresh months.

        A plan that fails gets more seats; one that holds with seats to spare is tried once with fewer.
        """
        self._probe()
        held: Checked | None = None
        for _ in range(CHECKS):
            plan = self.plan()
            checked = self._checked(plan, self.simulate(staffed(self.scenario, plan), self.wish.times))
            if held is not None:
                return checked if checked.met else held
            if checked.met:
                held = checked
            if not (self._spare(checked) if checked.met else self._add(checked)):
                break
        return checked

    # ---- before the check

    def _probe(self) -> None:
        # Other seeds than those of the check, which would else be the very months that the plan was made for.
        other = self.scenario.model_copy(update={"seed": -1 - self.scenario.seed})
        for period in self.periods.values():
            period.step = period.aim(0.0)
        self._guess()
        for times in PROBES:
            before = self.plan()
            summaries = self.simulate(staffed(other, before), times)
            self._learn(summaries, before)
            self._raise(summaries)
            for period in self.periods.values():
                period.step = period.aim(self.wish.z)

    def _guess(self) -> None:
        """Better first guesses, by the plain line: it knows that callers wait from one half-hour into the next."""
        if self.quick is None:
            return
        for name, period in self.periods.items():
            days = sorted({day for day, _ in self.kinds if self._period_name(day.isoformat()) == name})
            for _ in range(GUESSES):
                before = period.step
                period.learn(self.quick.trial(self.plan(), days, self.pilot.unsaved.get(name, 0.0)))
                period.step = period.aim(self.wish.z)
                if period.step == before:
                    break

    def _learn(self, summaries: Sequence[Summary], plan: SeatPlan) -> None:
        days: dict[str, list[int]] = {}
        for (day, _), seats in plan.items():
            days.setdefault(day.isoformat(), []).append(seats)
        for name, period in self.periods.items():
            alike, luck = (lambda day: tuple(days.get(day, ()))), self.luck(period)
            period.learn(trial(summaries, name, self._period_name, alike, luck))

    def luck(self, period: Period) -> Callable[[Summary], float]:
        """How far a month's load was from what was to be expected makes most of how far its rate was.

        Callers who try again are no chance: how many do depends on the seats. Then those who call the first time count,
        which are known of the whole scenario only.
        """
        slope, talk = period.allocation.slope(period.step), self.pilot.talk_s
        again = self.scenario.redial is not None
        expected = self.need.calls + self.need.outside if again else period.allocation.counted
        if talk <= 0 or (again and len(self.periods) > 1):
            return lambda _: 0.0

        def luck(summary: Summary) -> float:
            counts = {p["period"]: p["counted"] for p in summary["periods"]}
            calls = summary["callers"] if again else counts.get(period.name, 0)
            return slope * (calls / expected * (summary["mean_talk"] or talk) / talk - 1) if calls else 0.0

        return luck

    def _period_name(self, day: str) -> str:
        return period_of(self.promise, dt.date.fromisoformat(day))[0]

    def _raise(self, summaries: list[Summary]) -> None:
        """Half-hours that fall below the floor in the simulation, beyond chance, get a seat more."""
        floor = min(self.wish.floor_for(p.promise) for p in self.periods.values())
        rates = half_hour_rates(summaries)
        for minute in {minute for _, minute in self.kinds}:
            kept, counted = rates.get(clock(minute), (0, 0))
            if counted and kept / counted < floor - 2 * (floor * (1 - floor) / counted) ** 0.5:
                self.raised[minute] = self.raised.get(minute, 0) + 1

    # ---- the check

    def _checked(self, plan: SeatPlan, summaries: Sequence[Summary]) -> Checked:
        results = tuple(result(summaries, p.name, p.promise) for p in self.periods.values())
        met = all(r.met_share >= self.wish.probability for r in results)
        return Checked(plan, results, met, tuple(summaries))

    def _add(self, checked: Checked) -> bool:
        """More seats where the check failed; False: there are none to add."""
        before = self._steps()
        self._learn(checked.summaries, checked.plan)
        for found in checked.results:
            period = self.periods[found.period]
            if found.met_share < self.wish.probability:
                period.step = period.allocation.reach(max(period.step + 1, period.aim(self.wish.z)))
        return before != self._steps()

    def _spare(self, checked: Checked) -> bool:
        """Fewer seats where the check found many more than needed; False: it did not."""
        before, hours = self._steps(), self._seat_hours()
        self._learn(checked.summaries, checked.plan)
        for period in self.periods.values():
            period.step = min(period.step, period.aim(self.wish.z))
        if self._seat_hours() < (1 - SPARE) * hours:
            return True
        for name, step in before.items():
            self.periods[name].step = step
        return False

    def _steps(self) -> dict[str, int]:
        return {name: period.step for name, period in self.periods.items()}

    def _seat_hours(self) -> float:
        return sum(period.allocation.seat_hours(period.step) for period in self.periods.values())


@dataclass(frozen=True)
class Checked:
    """A plan with what simulated months say of it. `met`: every period as surely as asked for."""

    plan: SeatPlan
    results: tuple[PeriodResult, ...]
    met: bool
    summaries: tuple[Summary, ...]

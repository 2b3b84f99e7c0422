"""`denwaban mailing-plan`: when to post how many letters, so that those who call about them get through."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from calls.hours import ONE_DAY
from sim.mailings import calls_by_day
from sim.run import run
from sim.scenario import Scenario
from sim.scenario.arrivals import Mailing
from sim.staffing.mailing_forecast import Forecast
from sim.staffing.mailing_split import Limits, Split, splits
from sim.staffing.pilot import pilot
from sim.staffing.search import Wish
from sim.staffing.staff import dated, needed, reachable
from sim.staffing.trial import PeriodResult, Simulate, Summary, period_rates, result, sure
from sim.world import World, build

TRIES = 4
"""So many splits are simulated at most: each that fails raises what the next one has to promise."""
HOPELESS, FEW = -0.03, 4
"""So far below its promise by Erlang A, a split is simulated in few months only: to say how bad it would be."""
MOST_MORE = 512
"""So many seats on top of the scenario's are tried at most."""
NEARLY_ALL = 0.99
"""The scenario is prolonged until so many of the calls about the last letters have come."""


class NoMailingError(Exception):
    """The scenario has no such mailing."""


@dataclass(frozen=True)
class Proposal:
    """A split with what the real engine says of it; `forecast`: its rates by Erlang A.

    `met`: every period as surely as wished. `short`: by how much the worst period is short of that (below 0: not).
    """

    split: Split
    forecast: dict[str, float]
    results: tuple[PeriodResult, ...]
    met: bool
    short: float


@dataclass(frozen=True)
class MailingPlan:
    """`best`: the proposal, or the best split that was tried where none holds. `whole`: everything at once, as planned.

    `scenario`: the one that was simulated, with the days until nearly all have called. `more_split`, `more_whole`:
    seats that would be needed on top all day long, with the best split and with everything at once; None: even
    MOST_MORE are too few.
    """

    mailing: Mailing
    scenario: Scenario
    best: Proposal
    whole: Proposal
    more_split: int | None
    more_whole: int | None


def find(scenario: Scenario, name: str) -> Mailing:
    """The mailing of that name; without a name the largest. Raises NoMailingError."""
    mailings = scenario.arrivals.mailings
    named = [one for one in mailings if not name or one.name == name]
    if named:
        return max(named, key=lambda one: one.letters)
    told = f"there is no mailing '{name}' in the scenario" if name else "the scenario has no mailing"
    known = ", ".join(one.name for one in mailings if one.name)
    raise NoMailingError(
        f"{told}; see `arrivals: {{mailings: ...}}`" + (f" (known: {known})" if known else "")
    )


class Planner:
    """One search: letters go out from the day planned so far on, up to `window` days later, on open days only."""

    def __init__(
        self,
        scenario: Scenario,
        mailing: Mailing,
        wish: Wish,
        simulate: Simulate,
        window: int,
        limits: Limits,
    ) -> None:
        """Raises what `sim.staffing.staff.staffing` raises."""
        self._mailing, self._wish, self._simulate, self._limits = mailing, wish, simulate, limits
        world = build(prolonged(dated(scenario), mailing, window))
        self._scenario = world.scenario
        # What callers want does not depend on when they call, so one run with plenty of seats is enough.
        tried = pilot(world, needed(world), lambda with_plenty: run(with_plenty).summary)
        reachable(world, tried)
        self._able = list(open_days(world, mailing.posted, window))
        self._forecast = Forecast(world, mailing, sorted({mailing.posted, *self._able}), tried)

    def plan(self) -> MailingPlan:
        """The fewest batches that keep the promise, and of those the ones that are out first."""
        everything = {self._mailing.posted: self._mailing.letters}
        whole = self._proposal(everything, FEW) if self._forecast.margin(everything) < HOPELESS else None
        if whole is None or whole.met:
            whole = self._proposal(everything)
        if whole.met:
            return MailingPlan(self._mailing, self._scenario, whole, whole, 0, 0)
        best = self._search()
        more = 0 if best.met else self._more(self._candidates(), best)
        return MailingPlan(self._mailing, self._scenario, best, whole, more, self._more([whole.split], whole))

    def _candidates(self) -> list[Split]:
        return list(splits(self._forecast, self._able, self._mailing.letters, self._limits))

    def _search(self) -> Proposal:
        """Splits that should hold by Erlang A, first come first tried; what the engine finds them short of is added."""
        candidates, tried = self._candidates(), list[Proposal]()
        needs = self._wish.z * self._forecast.chance()
        for split in candidates:
            if self._forecast.margin(split) >= needs:
                tried.append(self._proposal(split))
                if tried[-1].met or len(tried) == TRIES:
                    break
                needs = self._forecast.margin(split) + max(tried[-1].short, 0.0)
        if not any(one.met for one in tried):
            tried.append(self._proposal(max(candidates, key=self._forecast.margin)))
        return min(tried, key=lambda one: (not one.met, one.short))

    def _proposal(self, split: Split, times: int = 0) -> Proposal:
        scenario = posted(self._scenario, self._mailing, split)
        summaries = self._simulate(scenario, times or self._wish.times)
        promises = self._forecast.promises
        results = tuple(result(summaries, name, promise) for name, promise in promises.items())
        met = all(one.met_share >= self._wish.probability for one in results)
        short = max(self._short(summaries, name, promise) for name, promise in promises.items())
        return Proposal(split, self._forecast.rates(split), results, met, short)

    def _short(self, summaries: list[Summary], name: str, promise: float) -> float:
        return promise - sure(period_rates(summaries, name), self._wish.z)

    def _more(self, tried: list[Split], simulated: Proposal) -> int | None:
        """The fewest seats on top, all day long, with which one of some splits keeps the promise, by Erlang A.

        What the engine found a split short of, beyond what the formula did, is added.
        """
        needs = max(0.0, self._forecast.margin(simulated.split) + simulated.short)

        def enough(more: int) -> bool:
            forecast = self._forecast.with_more(more)
            return any(forecast.margin(split) >= needs for split in tried)

        low, high = 0, 1
        while high <= MOST_MORE and not enough(high):
            low, high = high, 2 * high
        if high > MOST_MORE:
            return None
        while high - low > 1:
            middle = (low + high) // 2
            low, high = (low, middle) if enough(middle) else (middle, high)
        return high


def prolonged(scenario: Scenario, mailing: Mailing, window: int) -> Scenario:
    """The scenario until nearly all have called who got a letter that was posted at the end of the window."""
    hours = build(scenario).project.opening_hours()
    last = mailing.model_copy(update={"posted": mailing.posted + window * ONE_DAY})
    calls, come = calls_by_day(last, hours), 0.0
    end = scenario.end or scenario.start
    for day, number in sorted(calls.items()):
        if come < NEARLY_ALL * sum(calls.values()):
            come += number
            end = max(end, day)
    first = min(scenario.start, mailing.posted)
    return scenario.model_copy(update={"first": first, "last": end, "calls": None})


def open_days(world: World, first: dt.date, window: int) -> Iterator[dt.date]:
    """The open days from the first one to the last of the window."""
    hours = world.project.opening_hours()
    return (day for day in (first + number * ONE_DAY for number in range(window + 1)) if hours.day(day)[0])


def posted(scenario: Scenario, mailing: Mailing, split: Split) -> Scenario:
    """The scenario with a mailing in batches."""
    mailings = [*batches(mailing, split), *(one for one in scenario.arrivals.mailings if one != mailing)]
    arrivals = scenario.arrivals.model_copy(update={"mailings": tuple(mailings)})
    return scenario.model_copy(update={"arrivals": arrivals, "remarks": ()})


def batches(mailing: Mailing, split: Split) -> Iterable[Mailing]:
    """The mailing, batch by batch."""
    for number, (day, letters) in enumerate(sorted(split.items()), 1):
        name = f"{mailing.name} {number}/{len(split)}".strip() if len(split) > 1 else mailing.name
        yield mailing.model_copy(update={"name": name, "posted": day, "letters": letters})

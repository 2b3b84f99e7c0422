"""The gate before a version goes into service: a scenario is simulated with the draft, and the promise has to hold."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

from calls.budget import NOBODY, Counts
from sim.arrivals import NoArrivalsError
from sim.many.interval import Interval, interval
from sim.many.replications import Replications, replicate
from sim.scenario import Scenario, load_scenario
from sim.scenario.project import project_of
from store.versions import Gate
from supervisor.budget_arguments import GATE_TIMES
from supervisor.gate_words import BrokenPromiseError, GateError, figures

MOST_HALF_HOURS = 6
"""So many half-hours are told of those that break a promise: those that lose most."""


class Reached(NamedTuple):
    """One period of the promise over all replications."""

    period: str
    promise: float
    rates: Interval

    @property
    def met(self) -> bool:
        """Whether the mean rate is at least what was promised."""
        return self.rates.mean >= self.promise - 1e-12

    @property
    def sure(self) -> bool:
        """Whether the whole interval says so, too."""
        return self.rates.lies_beside(self.promise)


def scenario_of(path: Path, project: str, config: Path) -> Scenario:
    """A scenario with the project's own file of the `config` folder as it is now, the draft.

    Raises ConfigurationError, and GateError where the scenario is none of this project.
    """
    scenario = load_scenario(path)
    if scenario.project is None:
        raise GateError(f"{path} has no `project`, so it says nothing about {project}: name its file in it")
    named = project_of(scenario).project
    if named != project:
        raise GateError(f"{path} is a scenario of {named}: give one of {project}")
    draft = (config / "projects" / f"{project}.yaml").resolve()
    return scenario.model_copy(update={"project": str(draft)}) if draft.is_file() else scenario


def judge(path: Path, project: str, config: Path, times: int = GATE_TIMES) -> Gate:
    """Simulate a scenario with the draft, `times` times; what to keep of it.

    Raises BrokenPromiseError where the promise is broken, GateError, ConfigurationError or OSError where that cannot be
    judged.
    """
    if not 1 <= times <= 1000:
        raise GateError(f"--times {times}: give a number of replications from 1 to 1000")
    scenario = scenario_of(path, project, config)
    try:
        found = replicate(scenario, times=times)
    except NoArrivalsError as error:
        raise GateError(f"{path}:1:1: error: {error}") from None
    periods = reached(found.summaries)
    if not periods:
        raise GateError(f"{path}: nobody counts for the promise of {project} in it, so it proves nothing")
    worst = min(periods, key=lambda period: period.rates.mean - period.promise)
    gate = _gate(path, scenario, times, worst, all(period.met for period in periods))
    if not gate.met:
        raise BrokenPromiseError(_refusal(path, gate, found), gate)
    return gate


def reached(summaries: Sequence[dict[str, Any]]) -> list[Reached]:
    """Every period in which anybody counts, over all replications."""
    rates: dict[tuple[str, float], list[float]] = {}
    for summary in summaries:
        for period in summary["periods"]:
            if period["rate"] is not None:
                rates.setdefault((period["period"], period["promise"]), []).append(period["rate"])
    return [Reached(name, promise, interval(values)) for (name, promise), values in rates.items()]


def _gate(path: Path, scenario: Scenario, times: int, worst: Reached, met: bool) -> Gate:
    width = worst.rates.half_width if worst.rates.times > 1 else None
    return Gate(
        scenario=path.name,
        sha256=hashlib.sha256(path.read_bytes()).hexdigest(),
        seed=scenario.seed,
        times=times,
        period=worst.period,
        rate=worst.rates.mean,
        half_width=width,
        promise=worst.promise,
        met=met,
        sure=worst.sure,
    )


def _refusal(path: Path, gate: Gate, found: Replications) -> str:
    told = [f"not published: {path} breaks the promise of {gate.period}: {figures(gate)}"]
    halves = breaking(found.summaries, gate.promise)
    if halves:
        told += ["half-hours that break it (all days of a replication together):", *halves]
    return "\n".join(told)


def breaking(summaries: Sequence[dict[str, Any]], promise: float) -> list[str]:
    """The half-hours whose own rate is below the promise in the mean of all replications: those that lose most."""
    total: dict[str, Counts] = {}
    seats: dict[str, float] = {}
    for summary in summaries:
        for half in summary["half_hours"]:
            name = half["from"]
            total[name] = total.get(name, NOBODY) + Counts(half["kept"], half["counted"])
            seats[name] = max(seats.get(name, 0), half["seats"] or 0)
    below = [name for name, counts in total.items() if counts.rate is not None and counts.rate < promise]
    worst = sorted(sorted(below, key=lambda name: -total[name].lost)[:MOST_HALF_HOURS])
    return [_half_hour(name, total[name], seats[name], len(summaries)) for name in worst]


def _half_hour(name: str, counts: Counts, seats: float, times: int) -> str:
    counted, lost = counts.counted / times, counts.lost / times
    return (
        f"  {name}  {100 * (counts.rate or 0):.1f} %  {counted:,.1f} calls, {lost:,.1f} lost, {seats:g} seats"
    )

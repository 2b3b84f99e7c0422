"""Not only on average: every single wait, against two models that know nothing of the engine."""

from __future__ import annotations

import heapq
import itertools
from pathlib import Path
from typing import Any

import pytest

from sim.arrivals import poisson, steady
from sim.bench import simpy_queue
from sim.bench.streams import Draws
from sim.randomness import Stream, one_by_one
from sim.run import run
from tests.sim.scenarios import bare
from tests.theory.observer import observed
from tests.theory.simpy_centre import FOR_EVER, SimpyCentre
from tests.theory.two_queues import LATER, SOON, joins_after, two_queues

pytestmark = pytest.mark.theory

CALLS, SEATS = 10_000, 5
FROM_ZERO = {"from": "1970-01-01"}  # small numbers, so that no digit is lost
BUSY = {"calls": CALLS, "arrivals": {"per_hour": 56}} | FROM_ZERO


def kiefer_wolfowitz(arrivals: list[float], talks: list[float], wrapup: float, seats: int) -> list[float]:
    """The wait of each call where everybody waits: until the first seat is free, in the order of arrival."""
    free, waits = [0.0] * seats, []
    for arrived, talk in zip(arrivals, talks, strict=True):
        begin = max(arrived, heapq.heappop(free))
        waits.append(begin - arrived)
        heapq.heappush(free, begin + talk + wrapup)
    return waits


@pytest.mark.parametrize("wrapup", [0.0, 20.0])
def test_every_wait_is_the_one_of_the_kiefer_wolfowitz_recursion(wrapup: float) -> None:
    handle = {"mean": 300.0 - wrapup}
    scenario = bare(**BUSY, patience=None, handle=handle, wrapup={"mean": wrapup, "distribution": "constant"})
    times = poisson(steady(0.0, 56.0), Stream(1, "arrivals"))
    talk = scenario.handle.sampler(Stream(1, "handle"))
    arrivals = list(itertools.islice(times, CALLS))
    exact = kiefer_wolfowitz(arrivals, [talk() for _ in arrivals], wrapup, SEATS)
    assert max(exact) > 1000
    assert observed(scenario).in_order() == exact


def test_the_figures_are_those_of_simpys_own_model_on_the_same_chance() -> None:
    scenario = bare(calls=20_000, **FROM_ZERO)
    theirs, _ = simpy_queue.run(Draws(scenario), SEATS, 20_000)
    ours = run(scenario).summary
    assert [ours[name] for name in ("offered", "answered", "abandoned")] == [
        theirs[name] for name in ("offered", "answered", "abandoned")
    ]
    assert ours["service_level"]["20"] == theirs["service_level"]
    assert ours["mean_wait"] == pytest.approx(theirs["mean_wait"], rel=1e-9)
    assert ours["wait_rate"] == theirs["wait_rate"]


CENTRES: dict[str, dict[str, Any]] = {
    "patience": {"patience": {"mean": 120.0}},
    "fixed patience": {"patience": {"mean": 90.0, "distribution": "constant"}},
    "wrap-up by chance": {"wrapup": {"mean": 45.0}},
    "few lines": {"lines": 8, "patience": None},
    "all of it": {
        "lines": 8,
        "wrapup": {"mean": 30.0},
        "patience": {"mean": 200.0, "distribution": "constant"},
    },
}


def arrivals_of(per_hour: float, calls: int) -> list[float]:
    return list(itertools.islice(poisson(steady(0.0, per_hour), Stream(1, "arrivals")), calls))


@pytest.mark.parametrize("name", CENTRES)
def test_every_call_is_that_of_an_independent_simpy_model(name: str) -> None:
    calls, scenario = 4000, bare(calls=4000, **CENTRES[name], **FROM_ZERO)
    arrivals = arrivals_of(60.0, calls)
    talk = scenario.handle.sampler(Stream(1, "handle"))
    patience = [FOR_EVER] * calls
    if scenario.patience is not None:
        draw = scenario.patience.sampler(Stream(1, "patience"))
        patience = [draw() for _ in arrivals]
    writes = None if scenario.wrapup.nothing else scenario.wrapup.sampler(Stream(1, "wrapup"))
    centre = SimpyCentre(SEATS, writes, scenario.lines)
    theirs = centre.run(arrivals, [talk() for _ in arrivals], patience, [0] * calls)
    ours = observed(scenario)
    assert ours.outcomes_in_order() == theirs.outcomes
    assert ours.in_order() == theirs.waits
    assert max(theirs.waits) > 50


def test_every_call_of_two_queues_is_that_of_an_independent_simpy_model(tmp_path: Path) -> None:
    """One queue goes before the other, with impatient callers in both."""
    calls, share = 4000, 0.3
    usual: dict[str, Any] = {"handle": {"mean": 300.0}, "patience": {"mean": 240.0}, "seats": SEATS}
    scenario = two_queues(tmp_path, share, calls=calls, arrivals={"per_hour": 66.0}, **usual)
    times = arrivals_of(66.0, calls)
    assert scenario.patience is not None
    talk, patience = (
        scenario.handle.sampler(Stream(1, "handle")),
        scenario.patience.sampler(Stream(1, "patience")),
    )
    key = one_by_one(Stream(1, "keys").uniforms).__next__
    ranks = [int(key() >= share) for _ in times]
    joins = [joins_after(arrived) for arrived in times]
    theirs = SimpyCentre(SEATS).run(joins, [talk() for _ in times], [patience() for _ in times], ranks)
    ours = observed(scenario)
    assert [ours.queues[call] for call in ours.arrived] == [(SOON, LATER)[rank] for rank in ranks]
    assert ours.outcomes_in_order() == theirs.outcomes
    assert ours.in_order() == pytest.approx(theirs.waits, abs=1e-9)

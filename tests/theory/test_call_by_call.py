"""Not only on average: every single wait, against two models that know nothing of the engine."""

from __future__ import annotations

import heapq
import itertools

import pytest

from sim.arrivals import poisson, steady
from sim.bench import simpy_queue
from sim.bench.streams import Draws
from sim.randomness import Stream
from sim.run import run
from tests.sim.scenarios import bare
from tests.theory.observer import observed

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

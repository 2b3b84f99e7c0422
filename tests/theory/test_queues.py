"""The figures of the simulator, through the real engine, against exact queueing theory."""

from __future__ import annotations

import statistics

import pytest

from calls.lifecycle import Outcome
from sim.erlang import erlang_a, erlang_b, erlang_c
from sim.run import run
from tests.sim.scenarios import bare
from tests.theory.observer import assert_mean, observed

pytestmark = pytest.mark.theory


def test_erlang_c_where_everybody_waits() -> None:
    """M/M/3: 86.4 calls an hour of 100 s are 2.4 Erlangs."""
    seen = observed(
        bare(calls=60_000, seats=3, arrivals={"per_hour": 86.4}, handle={"mean": 100.0}, patience=None)
    )
    waits = seen.in_order()
    waiting = erlang_c(3, 2.4)
    assert_mean([float(wait > 0) for wait in waits], waiting)
    assert_mean(waits, waiting * 100 / (3 - 2.4))


def test_erlang_b_where_there_are_as_many_lines_as_seats() -> None:
    """M/M/5/5: 180 calls an hour of 100 s are 5 Erlangs."""
    scenario = bare(
        calls=30_000, seats=5, lines=5, arrivals={"per_hour": 180}, handle={"mean": 100.0}, patience=None
    )
    seen = observed(scenario)
    assert_mean(seen.share(Outcome.BLOCKED), erlang_b(5, 5.0))
    assert set(seen.in_order()) == {0.0}


def test_few_lines_where_everybody_waits() -> None:
    """M/M/5/9, by the general formula with patience without end."""
    scenario = bare(
        calls=40_000, seats=5, lines=9, arrivals={"per_hour": 180}, handle={"mean": 100.0}, patience=None
    )
    exact, seen = erlang_a(5, 0.05, 100.0, 1e15, lines=9), observed(scenario)
    assert_mean(seen.share(Outcome.BLOCKED), exact.blocked)
    assert_mean(seen.in_order(), exact.mean_wait)


def test_erlang_a_where_callers_lose_patience() -> None:
    """M/M/34+M: the motor-vehicle tax centre of `config/scenarios/bare-queue.yaml`."""
    scenario = bare(
        calls=60_000, seats=34, arrivals={"per_hour": 193.8}, handle={"mean": 600.0}, patience={"mean": 180.0}
    )
    exact, seen = erlang_a(34, 193.8 / 3600, 600.0, 180.0), observed(scenario)
    waits = seen.in_order()
    assert_mean(seen.share(Outcome.ABANDONED_QUEUE), exact.abandoned)
    assert_mean([float(wait > 0) for wait in waits], exact.waits)
    assert_mean(waits, exact.mean_wait)


def test_occupancy_is_what_the_balance_says() -> None:
    occupancies = [
        run(bare(seed=seed, calls=4000, handle={"mean": 300.0})).summary["occupancy"] for seed in range(1, 9)
    ]
    exact = erlang_a(5, 60 / 3600, 300.0, 120.0).occupancy
    error = statistics.stdev(occupancies) / len(occupancies) ** 0.5
    assert abs(statistics.fmean(occupancies) - exact) <= 3 * error


def test_littles_law_holds_exactly_on_every_path() -> None:
    """The area under the line over time is the sum of all waits: nobody is lost, nobody counted twice."""
    seen = observed(bare(calls=5000, wrapup={"mean": 30.0}, **{"from": "1970-01-01"}))
    assert seen.line == 0
    assert seen.line_seconds == pytest.approx(sum(seen.in_order()), rel=1e-9)
    assert len(seen.outcomes) == len(seen.arrived) == 5000

"""The figures of the simulator, through the real engine, against exact queueing theory.

Each mean has to lie within 3 standard errors of the exact value; the error is estimated by batch means. On every run
the laws of `Observer.check_laws` are checked besides: conservation of calls, and Little's law.
"""

from __future__ import annotations

import math
import statistics
from pathlib import Path
from typing import Any

import pytest

from calls.lifecycle import Outcome
from sim.erlang import FOR_EVER, erlang_a, erlang_b, erlang_c, service_level
from sim.run import run
from sim.theory_queues import Patience, by_priority, fixed, impatient, one_seat, weibull
from tests.sim.scenarios import bare
from tests.theory.observer import assert_mean, observed
from tests.theory.two_queues import LATER, SOON, two_queues

pytestmark = pytest.mark.theory

TAX_CENTRE: dict[str, Any] = {"seats": 34, "arrivals": {"per_hour": 193.8}, "handle": {"mean": 600.0}}
"""The motor-vehicle tax centre of `config/scenarios/bare-queue.yaml`."""
TAX = (34, 193.8 / 3600, 600.0)


def test_where_everybody_waits() -> None:
    """M/M/3: 86.4 calls an hour of 100 s are 2.4 Erlangs."""
    seen = observed(
        bare(calls=40_000, seats=3, arrivals={"per_hour": 86.4}, handle={"mean": 100.0}, patience=None)
    )
    waits, waiting = seen.in_order(), erlang_c(3, 2.4)
    assert_mean([float(wait > 0) for wait in waits], waiting)
    assert_mean(waits, waiting * 100 / (3 - 2.4))
    soon = 1 - waiting * math.exp(-(3 - 2.4) / 100 * 20)
    assert soon == pytest.approx(service_level(3, 0.024, 100.0, FOR_EVER, 20.0), rel=1e-12)
    assert_mean(seen.answered_within(20.0), soon)


@pytest.mark.parametrize("handle", [{"mean": 100.0}, {"mean": 100.0, "distribution": "lognormal", "cv": 2.0}])
def test_as_many_lines_as_seats(handle: dict[str, Any]) -> None:
    """M/G/5/5: 180 calls an hour of 100 s are 5 Erlangs, however the talks are spread."""
    scenario = bare(calls=30_000, seats=5, lines=5, arrivals={"per_hour": 180}, handle=handle, patience=None)
    seen = observed(scenario)
    assert_mean(seen.share(Outcome.BLOCKED), erlang_b(5, 5.0))
    assert set(seen.in_order()) == {0.0}
    assert seen.seats.most == 5


def test_few_lines_where_everybody_waits() -> None:
    """M/M/5/9."""
    scenario = bare(
        calls=40_000, seats=5, lines=9, arrivals={"per_hour": 180}, handle={"mean": 100.0}, patience=None
    )
    exact, seen = erlang_a(5, 0.05, 100.0, FOR_EVER, lines=9), observed(scenario)
    assert_mean(seen.share(Outcome.BLOCKED), exact.blocked)
    assert_mean(seen.in_order(), exact.mean_wait)
    assert_mean(seen.answered_within(20.0), service_level(5, 0.05, 100.0, FOR_EVER, 20.0, lines=9))


def test_where_callers_lose_patience() -> None:
    """M/M/34+M."""
    seen = observed(bare(calls=50_000, patience={"mean": 180.0}, **TAX_CENTRE))
    exact, waits = erlang_a(*TAX, 180.0), seen.in_order()
    assert_mean(seen.share(Outcome.ABANDONED_QUEUE), exact.abandoned)
    assert_mean([float(wait > 0) for wait in waits], exact.waits)
    assert_mean(waits, exact.mean_wait)
    assert_mean(seen.answered_within(20.0), service_level(*TAX, 180.0, 20.0))
    assert seen.seats.most == 34


@pytest.mark.parametrize(
    ("given", "patience"),
    [
        ({"mean": 90.0, "distribution": "constant"}, fixed(90.0)),
        ({"mean": 180.0, "distribution": "weibull", "shape": 0.6}, weibull(180.0, 0.6)),
    ],
)
def test_patience_of_any_kind(given: dict[str, Any], patience: Patience) -> None:
    """M/M/34+D and M/M/34 with Weibull patience."""
    seen, exact = observed(bare(calls=30_000, patience=given, **TAX_CENTRE)), impatient(*TAX, patience)
    assert_mean(seen.share(Outcome.ABANDONED_QUEUE), exact.queue.abandoned)
    assert_mean([float(wait > 0) for wait in seen.in_order()], exact.queue.waits)
    assert_mean(seen.in_order(), exact.queue.mean_wait)
    assert_mean(seen.answered_within(20.0), exact.service_level)


@pytest.mark.parametrize(
    ("handle", "cv"),
    [
        ({"mean": 80.0, "distribution": "constant"}, 0.0),
        ({"mean": 80.0, "distribution": "lognormal", "cv": 0.8}, 0.8),
    ],
)
def test_one_seat_and_talks_of_any_kind(handle: dict[str, Any], cv: float) -> None:
    """M/D/1 and M/G/1 at 70 %; the record of 20 s on average is a part of what the seat does."""
    wrapup = {"mean": 20.0}
    seen = observed(
        bare(calls=30_000, seats=1, arrivals={"per_hour": 25.2}, handle=handle, wrapup=wrapup, patience=None)
    )
    spread = math.hypot(80.0 * cv, 20.0) / 100.0
    assert_mean(seen.in_order(), one_seat(25.2 / 3600, 100.0, spread))


def test_a_queue_that_goes_before_another(tmp_path: Path) -> None:
    """M/M/3 with two priorities, 30 % of the callers in the first one."""
    scenario = two_queues(
        tmp_path, 0.3, calls=50_000, arrivals={"per_hour": 86.4}, handle={"mean": 100.0}, seats=3
    )
    seen, exact = observed(scenario), by_priority(3, [0.3 * 0.024, 0.7 * 0.024], 100.0)
    assert_mean(seen.in_order(SOON), exact[0])
    assert_mean(seen.in_order(LATER), exact[1])


def test_occupancy_is_what_the_balance_says() -> None:
    """By 8 replications: the standard error is that of their mean."""
    occupancies = [
        run(bare(seed=seed, calls=4000, handle={"mean": 300.0})).summary["occupancy"] for seed in range(1, 9)
    ]
    exact = erlang_a(5, 60 / 3600, 300.0, 120.0).occupancy
    error = statistics.stdev(occupancies) / len(occupancies) ** 0.5
    assert abs(statistics.fmean(occupancies) - exact) <= 3 * error


def test_the_laws_hold_on_a_run_with_everything() -> None:
    """`observed` checks them; here with lines, wrap-up, ringing and seats that come and go."""
    staffed = {f"{hour:02d}:{half}": 3 + hour % 4 for hour in range(8, 18) for half in ("00", "30")}
    ring = {"mean": 4.0, "distribution": "constant"}
    scenario = bare(calls=5000, lines=9, wrapup={"mean": 30.0}, ring=ring, seats={"by_half_hour": staffed})
    seen = observed(scenario)
    assert set(seen.outcomes.values()) >= {Outcome.ANSWERED, Outcome.ABANDONED_QUEUE, Outcome.BLOCKED}

"""Who calls on the rest of a day, given who came."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import pytest

from sim.forecast.day_so_far import WARM_UP_S, callers, factor_of
from sim.many.replications import with_seed
from sim.world import World, arrival_times, build
from tests.sim.scenarios import tax_day

pytestmark = pytest.mark.unit

NINE = 1_778_112_000.0  # of 7 May 2026 in Tokyo
NOON = NINE + 3 * 3600
BUSY = {"09:00": 100, "10:00": 100, "13:00": 100, "14:00": 100}
TIMES = 400


def world(number: int = 0, **arrivals: Any) -> World:
    """A day on which 200 calls are expected before noon and 200 after it; one of its replications."""
    built = build(tax_day(arrivals={"by_half_hour": BUSY} | arrivals))
    return replace(built, scenario=with_seed(built.scenario, number))


def test_without_anything_known_it_is_the_day_of_the_scenario() -> None:
    found = callers(world(), NOON, None)
    assert found == tuple(time for time in arrival_times(world()) if time >= NOON - WARM_UP_S)


def test_those_who_came_and_then_those_of_the_scenario() -> None:
    came = (NINE, NOON - WARM_UP_S - 1, NOON - 60.0, NOON - 2.0, NOON + 1.0)
    later = tuple(time for time in arrival_times(world()) if time >= NOON)
    assert callers(world(), NOON, came) == (NOON - 60.0, NOON - 2.0, *later)
    assert callers(world(), NOON, ()) == later


def test_the_same_factor_for_the_same_seed_and_another_for_another() -> None:
    varied = world(day_factor={"cv": 0.3})
    assert factor_of(varied, NOON, 250) == factor_of(varied, NOON, 250)
    assert factor_of(varied, NOON, 250) != factor_of(world(1, day_factor={"cv": 0.3}), NOON, 250)
    assert factor_of(world(), NOON, 250) == 1.0


@pytest.mark.parametrize(("came", "at"), [(300, NOON), (100, NOON), (0, NINE)])
def test_a_busy_morning_makes_a_busy_afternoon(came: int, at: float) -> None:
    """Gamma, shape a + n and rate a + m, with a = 1 / cv^2; before anybody could come it is what it was."""
    expected, shape = (200 if at == NOON else 0), 1 / 0.3**2
    mean, sd = (shape + came) / (shape + expected), math.sqrt(shape + came) / (shape + expected)
    base = world(day_factor={"cv": 0.3})
    factors = [
        factor_of(replace(base, scenario=with_seed(base.scenario, number)), at, came)
        for number in range(TIMES)
    ]
    assert sum(factors) / TIMES == pytest.approx(mean, abs=3 * sd / math.sqrt(TIMES))
    spread = math.sqrt(sum((factor - mean) ** 2 for factor in factors) / TIMES)
    assert spread == pytest.approx(sd, rel=3 / math.sqrt(2 * TIMES))


def test_the_rest_of_the_day_has_that_factor() -> None:
    base = world(day_factor={"cv": 0.3})
    came = [NINE + 10.0 * number for number in range(400)]
    factor = factor_of(base, NOON, 400)
    counts = len([time for time in callers(base, NOON, came) if time >= NOON])
    assert 1.5 < factor < 2.2
    assert counts == pytest.approx(200 * factor, abs=3 * math.sqrt(200 * factor))

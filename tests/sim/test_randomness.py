from __future__ import annotations

import itertools
import statistics
from collections.abc import Callable

import numpy as np
import pytest

from sim.distributions import Duration
from sim.randomness import Stream, one_by_one

pytestmark = pytest.mark.unit


def some(draw: Callable[[], float], count: int = 200_000) -> list[float]:
    return [draw() for _ in range(count)]


def test_a_stream_is_its_seed_and_its_name() -> None:
    first = Stream(1, "arrivals").uniforms()
    assert np.array_equal(first, Stream(1, "arrivals").uniforms())
    assert not np.array_equal(first, Stream(2, "arrivals").uniforms())
    assert not np.array_equal(first, Stream(1, "handle").uniforms())


def test_streams_do_not_hang_together() -> None:
    one, other = Stream(1, "patience").uniforms(100_000), Stream(1, "handle").uniforms(100_000)
    assert abs(float(np.corrcoef(one, other)[0, 1])) < 0.01


def test_one_by_one_gives_every_number_of_every_block() -> None:
    blocks = iter(np.array([[1.0, 2.0], [3.0, 4.0]]))
    assert list(itertools.islice(one_by_one(lambda: next(blocks)), 4)) == [1, 2, 3, 4]


@pytest.mark.parametrize(
    ("duration", "mean", "deviation"),
    [
        (Duration(mean=600.0), 600, 600),
        (Duration(mean=420.0, distribution="lognormal", cv=0.9), 420, 378),
        (Duration(mean=3.0, distribution="constant"), 3, 0),
        (Duration(mean=0.0), 0, 0),
        (Duration(mean=0.0, distribution="lognormal", cv=1.0), 0, 0),
    ],
)
def test_distributions_have_their_mean_and_deviation(
    duration: Duration, mean: float, deviation: float
) -> None:
    seen = some(duration.sampler(Stream(1, "handle")))
    assert statistics.fmean(seen) == pytest.approx(mean, rel=0.01)
    assert statistics.pstdev(seen) == pytest.approx(deviation, rel=0.02)
    assert min(seen) >= 0


def test_an_empirical_distribution_draws_what_was_seen() -> None:
    draw = Duration(distribution="empirical", file="seen.csv").sampler(
        Stream(1, "handle"), [10.0, 20.0, 60.0]
    )
    seen = some(draw, 30_000)
    assert set(seen) == {10.0, 20.0, 60.0}
    assert statistics.fmean(seen) == pytest.approx(30, rel=0.02)

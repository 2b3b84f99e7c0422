"""Every distribution that a scenario may name has its mean, and the shape that belongs to it."""

from __future__ import annotations

import math
import statistics
from typing import Any

import pytest
from pydantic import ValidationError

from sim.distributions import Duration
from sim.randomness import Stream

pytestmark = pytest.mark.unit

DRAWS = 40_000
MIXED = {"distribution": "mixed", "parts": [{"share": 0.2, "mean": 20.0}, {"share": 0.8, "mean": 240.0}]}
CASES = [
    # what is said, its mean, its standard deviation
    ({"mean": 180.0}, 180.0, 180.0),
    ({"mean": 180.0, "distribution": "weibull", "shape": 1.0}, 180.0, 180.0),
    ({"mean": 180.0, "distribution": "weibull", "shape": 2.0}, 180.0, 180 * math.sqrt(4 / math.pi - 1)),
    ({"mean": 180.0, "distribution": "lognormal", "cv": 0.5}, 180.0, 90.0),
    ({"mean": 180.0, "distribution": "fixed"}, 180.0, 0.0),
    (MIXED, 196.0, math.sqrt(2 * (0.2 * 20**2 + 0.8 * 240**2) - 196**2)),
    ({"mean": 0.0, "distribution": "weibull", "shape": 0.5}, 0.0, 0.0),
]


def drawn(said: dict[str, Any], count: int = DRAWS, purpose: str = "patience") -> list[float]:
    """Some draws."""
    draw = Duration.model_validate(said).sampler(Stream(1, purpose))
    return [draw() for _ in range(count)]


@pytest.mark.parametrize(("said", "mean", "deviation"), CASES)
def test_mean_and_standard_deviation(said: dict[str, Any], mean: float, deviation: float) -> None:
    numbers = drawn(said)
    assert Duration.model_validate(said).average() == pytest.approx(mean)
    assert statistics.fmean(numbers) == pytest.approx(mean, abs=3 * deviation / math.sqrt(DRAWS) + 1e-9)
    assert statistics.pstdev(numbers) == pytest.approx(deviation, rel=0.05, abs=1e-9)
    assert min(numbers) >= 0


def test_a_weibull_has_the_survival_that_belongs_to_it() -> None:
    """S(t) = exp(-(t/scale)^shape), scale = mean / gamma(1 + 1/shape)."""
    numbers = drawn({"mean": 100.0, "distribution": "weibull", "shape": 0.8})
    scale = 100 / math.gamma(1 + 1 / 0.8)
    for at in (10.0, 100.0, 300.0):
        exact = math.exp(-((at / scale) ** 0.8))
        error = math.sqrt(exact * (1 - exact) / DRAWS)
        assert abs(sum(number > at for number in numbers) / DRAWS - exact) <= 3 * error


def test_a_mixture_draws_each_part_by_its_share() -> None:
    parts = [
        {"share": 0.25, "mean": 1.0, "distribution": "constant"},
        {"share": 0.75, "mean": 2.0, "distribution": "constant"},
    ]
    numbers = drawn({"distribution": "mixed", "parts": parts})
    assert set(numbers) == {1.0, 2.0}
    assert numbers.count(1.0) / DRAWS == pytest.approx(0.25, abs=3 * math.sqrt(0.25 * 0.75 / DRAWS))


def test_the_average_of_a_file_is_that_of_its_numbers() -> None:
    assert Duration(distribution="empirical", file="x.csv").average([1.0, 2.0, 6.0]) == 3.0


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ({"mean": 1.0, "shape": 2.0}, "`shape` goes with"),
        ({"mean": 1.0, "distribution": "weibull"}, "`shape` goes with"),
        ({"mean": 1.0, "distribution": "weibull", "shape": 2.0, "cv": 1.0}, "`cv`"),
        ({"distribution": "mixed"}, "give `parts`"),
        ({"mean": 3.0, **MIXED}, "give `parts`"),
        ({"mean": 3.0, "parts": MIXED["parts"]}, "give `parts`"),
        ({"distribution": "mixed", "parts": [{"share": 0.3, "mean": 1.0}]}, "have to be 1 together"),
        ({"distribution": "mixed", "parts": [{"share": 1.0, **MIXED}]}, "cannot be mixed itself"),
    ],
)
def test_what_does_not_go_together_is_refused(said: dict[str, Any], told: str) -> None:
    with pytest.raises(ValidationError, match=told):
        Duration.model_validate(said)

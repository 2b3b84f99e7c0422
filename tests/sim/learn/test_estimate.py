"""Which law is chosen, why, and what is said where the data are thin."""

from __future__ import annotations

import math

import numpy as np
import pytest

from sim.learn.estimate import PATIENCE, TALK, WRITING, choose, share
from sim.learn.laws import Constant, Empirical, Exponential, Lognormal, Mixed, Weibull
from sim.learn.survival import Lasted
from sim.randomness import Stream

pytestmark = pytest.mark.unit


def drawn(purpose: str, count: int = 3000) -> np.ndarray:
    """Exponential numbers of mean 1."""
    return -np.log1p(-Stream(3, purpose).uniforms(count))


def seen(times: np.ndarray, limits: np.ndarray | float = math.inf) -> list[Lasted]:
    cut = np.broadcast_to(np.asarray(limits), times.shape)
    return [
        Lasted(float(min(time, limit)), bool(time <= limit)) for time, limit in zip(times, cut, strict=True)
    ]


def test_the_likeliest_law_is_chosen_and_says_why() -> None:
    limits = 100.0 * drawn("limits")
    sorts = np.where(Stream(3, "sorts").uniforms(3000) < 0.3, 20.0, 300.0)
    kinds = [
        (150.0 * drawn("one"), Exponential),
        (150.0 * drawn("one") ** 1.6, Weibull),
        (sorts * drawn("one"), Mixed),
    ]
    for times, kind in kinds:
        choice = choose(seen(times, limits), PATIENCE, "abandonments")
        assert choice is not None
        assert isinstance(choice.law, kind)
        assert "smallest AIC of exponential, weibull, mixed" in choice.why
        assert choice.likely[kind.__name__.lower()] == min(choice.likely.values())
        assert choice.remark == ""


def test_no_law_that_does_not_fit_is_taken() -> None:
    lumps = np.where(Stream(3, "lumps").uniforms(2000) < 0.5, 60.0, 300.0) + drawn("blur", 2000)
    choice = choose(seen(lumps), TALK, "conversations")
    assert choice is not None
    assert isinstance(choice.law, Empirical)
    assert choice.why.startswith("empirical: ")
    assert choice.law.mean == pytest.approx(float(lumps.mean()), rel=0.02)


def test_the_error_of_a_mean_is_that_of_many_samples() -> None:
    errors, means = [], []
    for number in range(60):
        normal = Stream(number, "talk").normals()[:400]
        choice = choose(seen(np.exp(5.0 + 0.8 * normal)), TALK, "conversations")
        assert choice is not None
        assert isinstance(choice.law, Lognormal)
        means.append(choice.estimates["mean"].value)
        errors.append(choice.estimates["mean"].error)
    assert float(np.mean(errors)) == pytest.approx(float(np.std(means)), rel=0.35)


def test_so_are_those_of_weibull_and_of_mixtures() -> None:
    for candidate, truth in (("weibull", 0.6), ("mixed", 0.35)):
        shapes, errors = [], []
        for number in range(40):
            unit = -np.log1p(-Stream(number, "t").uniforms(800))
            sorts = np.where(Stream(number, "s").uniforms(800) < 0.35, 10.0, 400.0)
            times = 100.0 * unit ** (1 / 0.6) if candidate == "weibull" else sorts * unit
            choice = choose(seen(times), {candidate: PATIENCE[candidate]}, "abandonments")
            assert choice is not None
            found = choice.estimates["shape" if candidate == "weibull" else "first_share"]
            shapes.append(found.value)
            errors.append(found.error)
        assert float(np.mean(shapes)) == pytest.approx(
            truth, abs=3 * float(np.std(shapes)) / math.sqrt(40) + 0.005
        )
        assert float(np.mean(errors)) == pytest.approx(float(np.std(shapes)), rel=0.4)


def test_few_ends_are_told_with_their_interval() -> None:
    waits = [Lasted(60.0, False)] * 40 + [Lasted(30.0, True)] * 12
    choice = choose(waits, PATIENCE, "abandonments")
    assert choice is not None
    assert choice.law == Exponential((40 * 60 + 12 * 30) / 12)
    assert choice.remark == "only 12 abandonments: uncertain, 95 % interval of the mean 131-405 s"


def test_nothing_seen_to_its_end_says_nothing() -> None:
    assert choose([Lasted(60.0, False)] * 40, PATIENCE, "abandonments") is None
    assert choose([], PATIENCE, "abandonments") is None


def test_what_is_always_the_same_is_constant() -> None:
    rings = [Lasted(3.0 + 2e-7 * (number % 2), True) for number in range(50)] + [Lasted(1.5, False)]
    choice = choose(rings, WRITING, "rings")
    assert choice is not None
    assert isinstance(choice.law, Constant)
    assert choice.law.settings()["mean"] == 3.0
    never = choose([Lasted(0.0, True)] * 5, WRITING, "wrap-ups")
    assert never is not None
    assert never.law == Constant(0.0)


@pytest.mark.parametrize(("part", "whole", "low", "high"), [(5, 10, 0.2366, 0.7634), (0, 20, 0.0, 0.1611)])
def test_the_interval_of_a_share(part: int, whole: int, low: float, high: float) -> None:
    found = share(part, whole)
    assert [found.low, found.high] == pytest.approx([low, high], abs=1e-4)
    assert share(0, 0).high == 1.0

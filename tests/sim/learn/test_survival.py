"""Kaplan and Meier, and the laws of greatest likelihood, against examples with known values."""

from __future__ import annotations

import math

import numpy as np
import pytest

from sim.learn import survival
from sim.learn.laws import Exponential, Lognormal, Mixed, Weibull, log_likelihood
from sim.learn.survival import Lasted, Sample, distance, kaplan_meier, sample
from sim.randomness import Stream

pytestmark = pytest.mark.theory

# Weeks in remission of 21 patients under 6-mercaptopurine (Freireich et al. 1963), as in every textbook of survival;
# what is negative was cut off.
WEEKS = [6, 6, 6, -6, 7, -9, 10, -10, -11, 13, 16, -17, -19, -20, 22, 23, -25, -32, -32, -34, -35]
CURVE = {6: 0.857143, 7: 0.806723, 10: 0.752941, 13: 0.690196, 16: 0.627451, 22: 0.537815, 23: 0.448179}
TEXTBOOK = sample([Lasted(abs(weeks), weeks > 0) for weeks in WEEKS])


def censored(times: np.ndarray, limits: np.ndarray) -> Sample:
    """What is seen of some durations that are cut off at some limits."""
    return Sample(np.minimum(times, limits), (times <= limits).astype(np.float64))


def uniforms(purpose: str, count: int) -> np.ndarray:
    return Stream(7, purpose).uniforms(count)


def test_the_curve_of_the_textbook() -> None:
    curve = kaplan_meier(TEXTBOOK)
    assert dict(zip(curve.times.tolist(), curve.survival.round(6).tolist(), strict=True)) == CURVE
    # Greenwood by hand: at 6 weeks S^2 * 3 / (21 * 18); at 7 weeks another 1 / (17 * 16).
    assert curve.error[0] == pytest.approx(0.857143 * math.sqrt(3 / (21 * 18)), abs=1e-6)
    assert curve.error[1] == pytest.approx(0.806723 * math.sqrt(3 / (21 * 18) + 1 / (17 * 16)), abs=1e-6)
    assert curve.at(np.asarray([0.0, 5.9, 6.0, 12.0, 40.0])) == pytest.approx(
        [1, 1, 0.857143, 0.752941, 0.448179], abs=1e-6
    )


def test_without_anything_cut_off_the_curve_counts() -> None:
    curve = kaplan_meier(sample([Lasted(seconds, True) for seconds in (1.0, 2.0, 2.0, 4.0)]))
    assert curve.survival.tolist() == [0.75, 0.25, 0.0]


def test_the_exponential_law_is_the_whole_time_by_the_ends() -> None:
    assert survival.exponential(TEXTBOOK).mean == 359 / 9


def test_weibull_of_shape_one_is_exponential_and_no_neighbour_is_likelier() -> None:
    law = survival.weibull(TEXTBOOK)
    best = log_likelihood(law, *TEXTBOOK)
    for scale, shape in ((1.01, 1.0), (0.99, 1.0), (1.0, 1.01), (1.0, 0.99)):
        assert log_likelihood(Weibull(law.scale * scale, law.shape * shape), *TEXTBOOK) < best
    alike = log_likelihood(Weibull(50.0, 1.0), *TEXTBOOK)
    assert alike == pytest.approx(log_likelihood(Exponential(50.0), *TEXTBOOK))


def test_each_law_is_found_again_though_half_is_cut_off() -> None:
    count = 20_000
    limits = -200.0 * np.log1p(-uniforms("limits", count))
    unit = -np.log1p(-uniforms("times", count))
    found = survival.exponential(censored(180.0 * unit, limits))
    assert found.mean == pytest.approx(180.0, rel=0.03)
    shaped = survival.weibull(censored(250.0 * unit ** (1 / 0.7), limits))
    assert shaped.scale == pytest.approx(250.0, rel=0.06)
    assert shaped.shape == pytest.approx(0.7, rel=0.03)
    sorts = np.where(uniforms("sorts", count) < 0.3, 20.0 * unit, 300.0 * unit)
    (share, short), (_, long) = survival.mixed(censored(sorts, limits)).parts
    assert [share, short / 100, long / 1000] == pytest.approx([0.3, 0.2, 0.3], abs=0.03)


def test_leaving_those_out_who_were_answered_would_be_wrong() -> None:
    count = 20_000
    patience = -180.0 * np.log1p(-uniforms("times", count))
    seen = censored(patience, np.full(count, 60.0))
    only_abandoned = seen.times[seen.seen > 0].mean()
    assert only_abandoned < 30.0
    assert survival.exponential(seen).mean == pytest.approx(180.0, rel=3 / math.sqrt(seen.ends))


def test_the_distance_is_that_of_kolmogorov_where_nothing_is_cut_off() -> None:
    seen = sample([Lasted(seconds, True) for seconds in (1.0, 2.0, 3.0, 4.0)])
    far = max(
        max(abs(math.exp(-t / 2) - after), abs(math.exp(-t / 2) - before))
        for t, before, after in ((1, 1, 0.75), (2, 0.75, 0.5), (3, 0.5, 0.25), (4, 0.25, 0))
    )
    assert distance(kaplan_meier(seen), Exponential(2.0), 4) == pytest.approx(far, abs=0.02)


def test_the_distance_finds_the_right_law_near_and_the_wrong_one_far() -> None:
    count = 5_000
    limits = -100.0 * np.log1p(-uniforms("limits", count))
    seen = censored(-180.0 * np.log1p(-uniforms("times", count)), limits)
    curve = kaplan_meier(seen)
    assert distance(curve, Exponential(180.0), count) < 1.36 / math.sqrt(count)
    assert distance(curve, Exponential(120.0), count) > 3 * 1.36 / math.sqrt(count)


def test_the_quantiles_follow_the_curve_and_go_on_beyond_it() -> None:
    quantiles = np.asarray(survival.empirical(TEXTBOOK).quantiles)
    for week, left in CURVE.items():
        assert (quantiles > week).mean() == pytest.approx(left, abs=0.006)
    assert quantiles.max() > 35


@pytest.mark.parametrize(
    "law",
    [Exponential(90.0), Weibull(90.0, 0.7), Mixed(((0.3, 20.0), (0.7, 200.0))), Lognormal(4.0, 0.8)],
    ids=repr,
)
def test_density_survival_and_mean_of_a_law_belong_together(law: Exponential) -> None:
    times = np.linspace(0.0, 60_000.0, 600_001)
    left = law.survival(times)
    assert law.mean == pytest.approx(float((left[1:] + left[:-1]).sum() * 0.05), rel=0.01)
    steps = np.asarray([10.0, 100.0, 300.0])
    slope = (law.survival(steps - 0.01) - law.survival(steps + 0.01)) / 0.02
    assert law.density(steps) == pytest.approx(slope, rel=1e-4)

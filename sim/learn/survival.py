"""Durations of which many were cut off: the curve of Kaplan and Meier, and the laws of greatest likelihood.

A caller who was answered would have waited longer: of his patience it is only known that it was at least his wait.
Leaving him out, or taking his wait for his patience, makes callers look more impatient than they are.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from sim.learn.laws import Empirical, Exponential, Law, Lognormal, Mixed, Weibull
from sim.randomness import Numbers

_ROUNDS = 300
_GRID = 200


class Lasted(NamedTuple):
    """One observation: so many seconds; `seen`: to its own end, else it was cut off."""

    seconds: float
    seen: bool


class Sample(NamedTuple):
    """Observations as arrays: `times` in seconds, `seen` 1.0 or 0.0."""

    times: Numbers
    seen: Numbers

    @property
    def ends(self) -> int:
        """How many were seen to their own end."""
        return int(self.seen.sum())


class Curve(NamedTuple):
    """The share that lasts longer: `survival` from each of `times` on, with its standard `error` (Greenwood)."""

    times: Numbers
    survival: Numbers
    error: Numbers

    def at(self, times: Numbers) -> Numbers:
        """The share that lasts longer than some times."""
        steps = np.concatenate(([1.0], self.survival))
        return steps[np.searchsorted(self.times, times, side="right")]


def sample(lasted: Sequence[Lasted]) -> Sample:
    """Observations as arrays."""
    times = np.asarray([one.seconds for one in lasted], dtype=np.float64)
    return Sample(times, np.asarray([one.seen for one in lasted], dtype=np.float64))


def kaplan_meier(seen: Sample) -> Curve:
    """The curve at each time at which something ended (Kaplan and Meier 1958).

    What is cut off at the very time at which something else ends counts as having lasted beyond it.
    """
    times, ends = np.unique(seen.times[seen.seen > 0], return_counts=True)
    at_risk = len(seen.times) - np.searchsorted(np.sort(seen.times), times, side="left")
    survival = np.asarray(np.cumprod(1 - ends / at_risk), dtype=np.float64)
    left = np.maximum(at_risk - ends, 1e-9)
    error = survival * np.sqrt(np.cumsum(ends / (at_risk * left)))
    return Curve(times, survival, np.asarray(error, dtype=np.float64))


def distance(curve: Curve, law: Law, observations: int) -> float:
    """The greatest difference between the curve and a law, on both sides of each step, in the scale of Kolmogorov.

    Where much was cut off, the end of the curve rests on few: there a difference counts for less, as in the bands of
    Hall and Wellner (1980). Where nothing was cut off, it is the plain difference.
    """
    if not len(curve.times):
        return 0.0
    told = law.survival(curve.times)
    after = np.maximum(curve.survival, 1e-12)
    scale = 1 / (1 + (curve.error / after) ** 2 * observations) / after
    scale[curve.survival <= 0] = 0.0
    before, earlier = (np.concatenate(([1.0], part[:-1])) for part in (curve.survival, scale))
    return float(max((np.abs(told - curve.survival) * scale).max(), (np.abs(told - before) * earlier).max()))


def exponential(seen: Sample) -> Exponential:
    """The whole time / the number of ends: exact."""
    return Exponential(float(seen.times.sum()) / seen.ends)


def weibull(seen: Sample) -> Weibull:
    """The shape solves the likelihood equation, by halving; the scale follows from it."""
    times = np.maximum(seen.times, 1e-6)
    unit = float(times.max())
    logs, powers = np.log(times / unit), times / unit
    mean_log = float((logs * seen.seen).sum()) / seen.ends
    low, high = 0.1, 20.0
    for _ in range(60):
        shape = math.sqrt(low * high)
        weights = powers**shape
        slope = float((weights * logs).sum() / weights.sum()) - 1 / shape - mean_log
        low, high = (shape, high) if slope < 0 else (low, shape)
    scale = unit * (float((powers**shape).sum()) / seen.ends) ** (1 / shape)
    return Weibull(scale, shape)


def mixed(seen: Sample) -> Mixed:
    """Two exponential sorts, by expectation and maximisation (Dempster, Laird and Rubin 1977)."""
    whole = exponential(seen).mean
    share, short, long = 0.3, whole / 5, whole * 1.4
    for _ in range(_ROUNDS):
        first = share * _weight(seen, short)
        weight = first / (first + (1 - share) * _weight(seen, long))
        share = float(weight.mean())
        short, long = _mean_of(seen, weight, short), _mean_of(seen, 1 - weight, long)
    parts = sorted(((share, short), (1 - share, long)), key=lambda part: part[1])
    return Mixed(tuple(parts))


def _weight(seen: Sample, mean: float) -> Numbers:
    """The likelihood of each observation."""
    return np.exp(-seen.times / mean) / np.where(seen.seen > 0, mean, 1.0) + 1e-300


def _mean_of(seen: Sample, weight: Numbers, before: float) -> float:
    ends = float((weight * seen.seen).sum())
    return max(float((weight * seen.times).sum()) / ends, 1e-3) if ends > 1e-9 else before


def lognormal(seen: Sample) -> Lognormal:
    """Mean and deviation of the logarithms; only where nothing was cut off."""
    logs = np.log(np.maximum(seen.times, 1e-3))
    return Lognormal(float(logs.mean()), max(float(logs.std()), 1e-6))


def empirical(seen: Sample) -> Empirical:
    """The quantiles of the curve; beyond its last step, as if it went on at its mean rate so far."""
    curve = kaplan_meier(seen)
    tail = exponential(seen).mean
    last, left = float(curve.times[-1]), float(curve.survival[-1])
    quantiles = []
    for step in range(_GRID):
        beyond = 1 - (step + 0.5) / _GRID
        if beyond < left:
            quantiles.append(last - tail * math.log(beyond / left))
        else:
            place = int(np.searchsorted(-curve.survival, -beyond, side="left"))
            quantiles.append(float(curve.times[min(place, len(curve.times) - 1)]))
    return Empirical(tuple(quantiles))

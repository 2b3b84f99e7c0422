"""Fitted distributions of durations, in seconds: what each says of the time after which something is over."""

from __future__ import annotations

import bisect
import math
from dataclasses import dataclass
from statistics import NormalDist
from typing import Any, Protocol

import numpy as np

from sim.randomness import Numbers

_TINY = 1e-300
_NORMAL = NormalDist()
_erfc = np.frompyfunc(math.erfc, 1, 1)


class Law(Protocol):
    """A distribution of a duration."""

    @property
    def mean(self) -> float:
        """Seconds."""

    def survival(self, times: Numbers) -> Numbers:
        """The share that lasts longer than each of some times (seconds)."""

    def density(self, times: Numbers) -> Numbers:
        """Per second, at some times."""

    def draw(self, lasted: float, uniform: float) -> float:
        """A duration that has lasted `lasted` seconds already, by a number in [0, 1); seconds in all, at least these.

        It solves S(t) = (1 - uniform) * S(lasted).
        """

    def settings(self) -> dict[str, Any]:
        """What a scenario file says of it (see `sim.distributions.Duration`); an empirical one lacks its `file`."""


@dataclass(frozen=True)
class Exponential:
    """As if it had no memory."""

    mean: float

    def survival(self, times: Numbers) -> Numbers:
        """exp(-t / mean)."""
        return np.exp(-times / self.mean)

    def density(self, times: Numbers) -> Numbers:
        """exp(-t / mean) / mean."""
        return self.survival(times) / self.mean

    def draw(self, lasted: float, uniform: float) -> float:
        """It has no memory."""
        return lasted - self.mean * math.log1p(-uniform)

    def settings(self) -> dict[str, Any]:
        """`mean`, `distribution`."""
        return {"mean": rounded(self.mean), "distribution": "exponential"}


@dataclass(frozen=True)
class Weibull:
    """`shape` below 1: who has waited goes on waiting; above 1: patience runs out. `scale` in seconds."""

    scale: float
    shape: float

    @property
    def mean(self) -> float:
        """scale * gamma(1 + 1 / shape)."""
        return self.scale * math.gamma(1 + 1 / self.shape)

    def survival(self, times: Numbers) -> Numbers:
        """exp(-(t / scale) ^ shape)."""
        return np.exp(-((times / self.scale) ** self.shape))

    def density(self, times: Numbers) -> Numbers:
        """The hazard, shape / scale * (t / scale) ^ (shape - 1), times the survival."""
        parts = np.maximum(times, 1e-9) / self.scale
        return self.shape / self.scale * parts ** (self.shape - 1) * self.survival(times)

    def draw(self, lasted: float, uniform: float) -> float:
        """The survival inverted."""
        hazard = (lasted / self.scale) ** self.shape - math.log1p(-uniform)
        return max(lasted, self.scale * float(hazard ** (1 / self.shape)))

    def settings(self) -> dict[str, Any]:
        """`mean`, `distribution`, `shape`."""
        return {"mean": rounded(self.mean), "distribution": "weibull", "shape": rounded(self.shape)}


@dataclass(frozen=True)
class Mixed:
    """Two sorts of people, each exponential: `parts` are (share, mean)."""

    parts: tuple[tuple[float, float], ...]

    @property
    def mean(self) -> float:
        """Of all sorts together."""
        return sum(share * mean for share, mean in self.parts)

    def survival(self, times: Numbers) -> Numbers:
        """The sum over the sorts."""
        told: Numbers = sum((share * np.exp(-times / mean) for share, mean in self.parts), np.zeros(1))
        return told

    def density(self, times: Numbers) -> Numbers:
        """The sum over the sorts."""
        told: Numbers = sum((share / mean * np.exp(-times / mean) for share, mean in self.parts), np.zeros(1))
        return told

    def draw(self, lasted: float, uniform: float) -> float:
        """First of which sort he is who has waited so long, then how long that sort does."""
        weights = [share * math.exp(-lasted / mean) for share, mean in self.parts]
        left = uniform * sum(weights)
        for weight, (_, mean) in zip(weights, self.parts, strict=True):
            if left < weight:
                return lasted - mean * math.log1p(-left / weight)
            left -= weight
        return lasted

    def settings(self) -> dict[str, Any]:
        """`distribution`, `parts`; the shares are 1 together."""
        shares = [rounded(share) for share, _ in self.parts[:-1]]
        shares.append(round(1 - sum(shares), 6))
        parts = zip(shares, self.parts, strict=True)
        told = [{"share": share, "mean": rounded(mean)} for share, (_, mean) in parts]
        return {"distribution": "mixed", "parts": told}


@dataclass(frozen=True)
class Lognormal:
    """`mu` and `sigma` of the logarithm of the seconds."""

    mu: float
    sigma: float

    @property
    def mean(self) -> float:
        """exp(mu + sigma^2 / 2)."""
        return math.exp(self.mu + self.sigma**2 / 2)

    @property
    def cv(self) -> float:
        """Standard deviation / mean."""
        return math.sqrt(math.expm1(self.sigma**2))

    def survival(self, times: Numbers) -> Numbers:
        """The normal tail of the logarithm."""
        told: Numbers = np.asarray(_erfc(self._standard(times) / math.sqrt(2)), dtype=np.float64) / 2
        return told

    def density(self, times: Numbers) -> Numbers:
        """The normal density of the logarithm / t."""
        z = self._standard(times)
        told: Numbers = np.exp(-z * z / 2) / (np.maximum(times, 1e-9) * self.sigma * math.sqrt(2 * math.pi))
        return told

    def _standard(self, times: Numbers) -> Numbers:
        logs: Numbers = np.log(np.maximum(times, 1e-9))
        return (logs - self.mu) / self.sigma

    def draw(self, lasted: float, uniform: float) -> float:
        """The survival inverted, by the normal quantile."""
        here = _NORMAL.cdf((self.mu - math.log(lasted)) / self.sigma) if lasted > 0 else 1.0
        wanted = (1 - uniform) * here
        if not _TINY < wanted < 1:
            return lasted
        return max(lasted, math.exp(self.mu - self.sigma * _NORMAL.inv_cdf(wanted)))

    def settings(self) -> dict[str, Any]:
        """`mean`, `distribution`, `cv`."""
        return {"mean": rounded(self.mean), "distribution": "lognormal", "cv": rounded(self.cv)}


@dataclass(frozen=True)
class Constant:
    """Always the same."""

    mean: float

    def survival(self, times: Numbers) -> Numbers:
        """1 before it, 0 from it on."""
        return (times < self.mean).astype(np.float64)

    def density(self, times: Numbers) -> Numbers:
        """There is none; 1 where it is."""
        return (np.abs(times - self.mean) < 1e-6).astype(np.float64)

    def draw(self, lasted: float, uniform: float) -> float:
        """There is no chance in it."""
        return max(lasted, self.mean)

    def settings(self) -> dict[str, Any]:
        """`mean`, `distribution`."""
        return {"mean": rounded(self.mean), "distribution": "constant"}


@dataclass(frozen=True)
class Empirical:
    """As it was seen: `quantiles` in seconds, in their order, all equally likely."""

    quantiles: tuple[float, ...]

    @property
    def mean(self) -> float:
        """Of the quantiles."""
        return sum(self.quantiles) / len(self.quantiles)

    def survival(self, times: Numbers) -> Numbers:
        """The share of the quantiles beyond."""
        beyond = np.searchsorted(np.asarray(self.quantiles), times, side="right")
        return 1 - beyond / len(self.quantiles)

    def density(self, times: Numbers) -> Numbers:
        """There is none; the share of equal quantiles."""
        at = np.asarray(self.quantiles)
        within = np.searchsorted(at, times, side="right") - np.searchsorted(at, times, side="left")
        return within / len(at)

    def draw(self, lasted: float, uniform: float) -> float:
        """One of the quantiles beyond; where there is none, it ends at once."""
        first = bisect.bisect_right(self.quantiles, lasted)
        left = len(self.quantiles) - first
        return self.quantiles[first + int(uniform * left)] if left else lasted

    def settings(self) -> dict[str, Any]:
        """`distribution`; the `file` is for whoever writes it."""
        return {"distribution": "empirical"}


def log_likelihood(law: Law, times: Numbers, seen: Numbers) -> float:
    """Of durations of which those with `seen` 0 were cut off: they lasted at least so long."""
    over = seen > 0
    return float(
        np.log(np.maximum(law.density(times[over]), _TINY)).sum()
        + np.log(np.maximum(law.survival(times[~over]), _TINY)).sum()
    )


def rounded(value: float) -> float:
    """Four significant digits: more than any estimate is worth."""
    return float(f"{value:.4g}")

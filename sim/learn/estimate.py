"""Which law describes some durations best, how sure that is, and what is to be said of it."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np

from sim.learn import survival
from sim.learn.laws import Constant, Empirical, Exponential, Law, Lognormal, Mixed, Weibull, log_likelihood
from sim.learn.survival import Lasted, Sample
from sim.randomness import Numbers

FEW, SOME = 30, 100
"""With fewer ends than FEW only a mean is told; with fewer than SOME no mixture of two sorts."""
_CLOSE = 0.03
_Z95 = 1.959964
_STEP = 1e-4
_EPSILON = 1e-9
_SAME = 1e-5
"""So much do equal durations differ, in parts: times are known to a quarter of a microsecond."""

Fit = Callable[[Sample], Law]
PATIENCE: dict[str, Fit] = {
    "exponential": survival.exponential,
    "weibull": survival.weibull,
    "mixed": survival.mixed,
}
TALK: dict[str, Fit] = {"exponential": survival.exponential, "lognormal": survival.lognormal}
WRITING: dict[str, Fit] = {"exponential": survival.exponential, "weibull": survival.weibull}
_PARAMETERS = {"exponential": 1, "weibull": 2, "lognormal": 2, "mixed": 3}


class Estimate(NamedTuple):
    """A parameter with its standard error and its 95 % interval."""

    value: float
    error: float
    low: float
    high: float

    def told(self, unit: str = "") -> str:
        """For people."""
        return f"{self.value:.4g}{unit} (95 %: {self.low:.4g}-{self.high:.4g}{unit})"


@dataclass(frozen=True)
class Choice:
    """The law that was chosen, and why.

    `observations`: durations in all; `ends`: of those, seen to their own end. `likely`: the AIC of each candidate
    (smaller is better). `distance`: between the law and the curve of Kaplan and Meier. `estimates`: by parameter.
    `remark`: where the data are thin.
    """

    law: Law
    observations: int
    ends: int
    why: str
    estimates: dict[str, Estimate] = field(default_factory=dict)
    likely: dict[str, float] = field(default_factory=dict)
    distance: float = 0.0
    remark: str = ""

    def as_data(self) -> dict[str, Any]:
        """For `--json`."""
        return {
            "observations": self.observations,
            "ends": self.ends,
            "settings": self.law.settings(),
            "why": self.why,
            "estimates": {name: one._asdict() for name, one in self.estimates.items()},
            "aic": {name: round(value, 2) for name, value in self.likely.items()},
            "distance": round(self.distance, 4),
            "thin": self.remark,
        }


def positive(value: float, relative_error: float) -> Estimate:
    """A parameter above 0: its logarithm is nearly normal."""
    factor = math.exp(_Z95 * relative_error)
    return Estimate(value, value * relative_error, value / factor, value * factor)


def share(part: int, whole: int) -> Estimate:
    """A share, with the interval of Wilson (1927)."""
    if not whole:
        return Estimate(0.0, 0.0, 0.0, 1.0)
    p, z2 = part / whole, _Z95**2
    middle, width = p + z2 / (2 * whole), _Z95 * math.sqrt(p * (1 - p) / whole + z2 / (4 * whole**2))
    low, high = ((middle + sign * width) / (1 + z2 / whole) for sign in (-1, 1))
    return Estimate(p, math.sqrt(p * (1 - p) / whole), max(0.0, low), min(1.0, high))


def choose(lasted: Sequence[Lasted], candidates: dict[str, Fit], what: str) -> Choice | None:
    """The best law for some durations; None where not one of them was seen to its end.

    `what`: how the ends are called ("abandonments"), for the remark.
    """
    seen = survival.sample(lasted)
    if not seen.ends:
        return None
    least, most = (float(edge) for edge in (seen.times[seen.seen > 0].min(), seen.times.max()))
    if most - least <= _SAME * max(most, 1.0):
        return _always(seen, most)
    if seen.ends < FEW:
        return _few(seen, what)
    return _best(seen, candidates)


def _always(seen: Sample, seconds: float) -> Choice:
    return Choice(Constant(seconds), len(seen.times), seen.ends, "every one took the same time")


def _few(seen: Sample, what: str) -> Choice:
    law = survival.exponential(seen)
    mean = positive(law.mean, 1 / math.sqrt(seen.ends))
    remark = f"only {seen.ends} {what}: uncertain, 95 % interval of the mean {mean.low:.0f}-{mean.high:.0f} s"
    why = "exponential: too few for anything but a mean"
    return Choice(law, len(seen.times), seen.ends, why, {"mean": mean}, remark=remark)


def _best(seen: Sample, candidates: dict[str, Fit]) -> Choice:
    laws = {name: fit(seen) for name, fit in candidates.items() if name != "mixed" or seen.ends >= SOME}
    likely = {name: 2 * _PARAMETERS[name] - 2 * log_likelihood(law, *seen) for name, law in laws.items()}
    name = min(likely, key=likely.__getitem__)
    law, curve = laws[name], survival.kaplan_meier(seen)
    count = len(seen.times)
    far, allowed = survival.distance(curve, law, count), max(_CLOSE, 1.36 / math.sqrt(count))
    if far > allowed:
        told = f"empirical: {name} has the smallest AIC but lies {far:.3f} from what was seen ({allowed:.3f} allowed)"
        chosen: Law = survival.empirical(seen)
        return Choice(
            chosen, count, seen.ends, told, _estimates(chosen, seen), likely,
            survival.distance(curve, chosen, count),
        )  # fmt: skip
    told = (
        f"{name}: the smallest AIC of {', '.join(laws)}; {far:.3f} from what was seen ({allowed:.3f} allowed)"
    )
    return Choice(law, count, seen.ends, told, _estimates(law, seen), likely, far)


def _estimates(law: Law, seen: Sample) -> dict[str, Estimate]:
    ends = seen.ends
    match law:
        case Exponential():
            return {"mean": positive(law.mean, 1 / math.sqrt(ends))}
        case Lognormal():
            spread = law.sigma**2
            cv_error = (1 + law.cv**2) / (2 * law.cv**2) * math.sqrt(2 / ends) * spread
            mean_error = math.sqrt(spread / ends + spread**2 / (2 * ends))
            return {"mean": positive(law.mean, mean_error), "cv": positive(law.cv, cv_error)}
        case Weibull():
            return _of_weibull(law, seen)
        case Mixed():
            return _of_mixed(law, seen)
        case _:
            deviation = float(np.std(law.quantiles)) if isinstance(law, Empirical) else 0.0
            return {"mean": positive(law.mean, deviation / max(law.mean, _EPSILON) / math.sqrt(ends))}


def _of_weibull(law: Weibull, seen: Sample) -> dict[str, Estimate]:
    def at(log_scale: float, log_shape: float) -> Weibull:
        return Weibull(math.exp(log_scale), math.exp(log_shape))

    logs = [math.log(law.scale), math.log(law.shape)]
    covariance = np.linalg.inv(_information(lambda point: log_likelihood(at(*point), *seen), logs))
    slope = _gradient(lambda point: math.log(at(*point).mean), logs)
    mean_error = math.sqrt(max(0.0, float(slope @ covariance @ slope)))
    shape_error = math.sqrt(max(0.0, float(covariance[1, 1])))
    return {"mean": positive(law.mean, mean_error), "shape": positive(law.shape, shape_error)}


def _of_mixed(law: Mixed, seen: Sample) -> dict[str, Estimate]:
    def at(logit: float, log_short: float, log_long: float) -> Mixed:
        first = 1 / (1 + math.exp(-logit))
        return Mixed(((first, math.exp(log_short)), (1 - first, math.exp(log_long))))

    (first, short), (_, long) = law.parts
    point = [math.log(first / (1 - first)), math.log(short), math.log(long)]
    covariance = np.linalg.pinv(_information(lambda place: log_likelihood(at(*place), *seen), point))
    slope = _gradient(lambda place: math.log(at(*place).mean), point)
    errors = np.sqrt(np.maximum(np.diag(covariance), 0.0))
    mean_error = math.sqrt(max(0.0, float(slope @ covariance @ slope)))
    return {
        "mean": positive(law.mean, mean_error),
        "first_share": positive(first, float(errors[0]) * (1 - first)),
        "first_mean": positive(short, float(errors[1])),
        "second_mean": positive(long, float(errors[2])),
    }


def _information(likelihood: Callable[[list[float]], float], point: list[float]) -> Numbers:
    """Minus the second derivatives of a log-likelihood at its top, by differences."""
    size, step = len(point), 1e-3
    information = np.zeros((size, size))
    for i in range(size):
        for j in range(size):
            corners = 0.0
            for one, other in ((1, 1), (1, -1), (-1, 1), (-1, -1)):
                place = list(point)
                place[i] += one * step
                place[j] += other * step
                corners += one * other * likelihood(place)
            information[i, j] = -corners / (4 * step * step)
    return information


def _gradient(value: Callable[[list[float]], float], point: list[float]) -> Numbers:
    slope = np.zeros(len(point))
    for i in range(len(point)):
        up, down = list(point), list(point)
        up[i] += _STEP
        down[i] -= _STEP
        slope[i] = (value(up) - value(down)) / (2 * _STEP)
    return slope

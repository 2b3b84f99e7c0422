"""How long things take: the distributions a scenario may name, all in seconds."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Annotated, Literal

import numpy as np
from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from sim.randomness import Draws, Numbers, Sampler, Stream


def _one_name(kind: object) -> object:
    return "constant" if kind == "fixed" else kind


Kind = Annotated[
    Literal["exponential", "lognormal", "weibull", "constant", "empirical", "mixed"],
    BeforeValidator(_one_name),
]
"""`fixed` is another name of `constant`."""

Amount = Annotated[float, Field(ge=0, strict=True, allow_inf_nan=False)]
LONGEST_S = 1e9
SMALLEST_SHAPE, GREATEST_SHAPE = 0.1, 100.0
Block = Callable[[], Numbers]


def check_spread(kind: str, cv: float | None, shape: float | None) -> None:
    """Raises ValueError where the spread that is given does not belong to the distribution."""
    if (kind == "lognormal") != (cv is not None):
        raise ValueError(
            "`cv` (standard deviation / mean) goes with `distribution: lognormal`, and only there"
        )
    if (kind == "weibull") != (shape is not None):
        raise ValueError("`shape` goes with `distribution: weibull`, and only there (1 is exponential)")


def _whole(parts: tuple[Part, ...]) -> tuple[Part, ...]:
    if abs(sum(part.share for part in parts) - 1) > 1e-6:
        raise ValueError("the shares of the `parts` have to be 1 together")
    return parts


class Duration(BaseModel):
    """`mean` in seconds; `cv` (standard deviation / mean) for lognormal, `shape` for weibull.

    `empirical`: a `file` instead, which has one number of seconds on each line; each draw is one of them, all equally
    likely. `mixed`: `parts` instead, each with its share of the draws.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    mean: Annotated[float, Field(ge=0, le=LONGEST_S, strict=True)] | None = None
    distribution: Kind = "exponential"
    cv: Amount | None = None
    shape: Annotated[float, Field(ge=SMALLEST_SHAPE, le=GREATEST_SHAPE, strict=True)] | None = None
    file: str | None = None
    parts: Annotated[tuple[Part, ...], AfterValidator(_whole)] | None = None

    @model_validator(mode="after")
    def _fitting(self) -> Duration:
        empirical = self.distribution == "empirical"
        mixed = self.distribution == "mixed"
        if mixed != (self.parts is not None) or (mixed and (self.mean is not None or self.file is not None)):
            raise ValueError("give `parts` with `distribution: mixed`, and nothing else beside them")
        if not mixed and (empirical != (self.file is not None) or empirical == (self.mean is not None)):
            raise ValueError("give `mean`, or `distribution: empirical` with `file`")
        check_spread(self.distribution, self.cv, self.shape)
        return self

    @property
    def nothing(self) -> bool:
        """Whether it is always 0 s."""
        return self.mean == 0

    def average(self, observed: Sequence[float] = ()) -> float:
        """The expected number of seconds; `observed` are the numbers of the empirical file."""
        if self.parts is not None:
            return sum(part.share * part.average() for part in self.parts)
        if self.mean is None:
            return sum(observed) / len(observed) if observed else 0.0
        return self.mean

    def sampler(self, stream: Stream, observed: Sequence[float] = ()) -> Sampler:
        """Draws from this distribution; `observed` are the numbers of the empirical file."""
        return Draws(self.block(stream, observed)).draw

    def block(self, stream: Stream, observed: Sequence[float] = ()) -> Block:
        """The same, a block of draws at a time."""
        mean = self.mean or 0.0
        if self.parts is not None:
            return _mixed(self.parts, stream)
        if self.distribution == "empirical":
            numbers = np.asarray(observed, dtype=np.float64)
            return lambda: numbers[(stream.uniforms() * len(numbers)).astype(np.int64)]
        if self.distribution == "lognormal" and mean > 0:
            mu, sigma = log_parameters(mean, self.cv or 0.0)
            return lambda: np.exp(mu + sigma * stream.normals())
        if self.distribution == "weibull":
            power = 1 / (self.shape or 1.0)
            scale = mean / math.gamma(1 + power)
            return lambda: scale * stream.exponentials() ** power
        if self.distribution == "exponential":
            return lambda: mean * stream.exponentials()
        return lambda: np.full(len(stream.uniforms()), mean)


class Part(Duration):
    """One part of a mixture, with its share (0-1) of the draws."""

    share: Annotated[float, Field(ge=0, le=1, strict=True)]

    @model_validator(mode="after")
    def _simple(self) -> Part:
        if self.distribution in ("mixed", "empirical"):
            raise ValueError(f"a part of a mixture cannot be {self.distribution} itself")
        return self


def log_parameters(mean: float, cv: float) -> tuple[float, float]:
    """The mean and the standard deviation of the logarithm of a lognormal number with this mean and cv."""
    sigma2 = math.log1p(cv**2)
    return math.log(mean) - sigma2 / 2, math.sqrt(sigma2)


def _mixed(parts: tuple[Part, ...], stream: Stream) -> Block:
    blocks = [part.block(stream) for part in parts]
    edges = np.cumsum([part.share for part in parts])[:-1]

    def block() -> Numbers:
        which = np.searchsorted(edges, stream.uniforms(), side="right")
        drawn: Numbers = np.choose(which, [draw() for draw in blocks])
        return drawn

    return block


Duration.model_rebuild()

"""How long things take: the distributions a scenario may name, all in seconds."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Annotated, Literal

import numpy as np
from pydantic import BaseModel, ConfigDict, Field, model_validator

from sim.randomness import Numbers, Sampler, Stream, one_by_one

Kind = Literal["exponential", "lognormal", "constant", "empirical"]
Amount = Annotated[float, Field(ge=0, strict=True, allow_inf_nan=False)]
LONGEST_S = 1e9


class Duration(BaseModel):
    """`mean` in seconds; `cv` (standard deviation / mean) for lognormal; for empirical a `file` instead.

    An empirical file has one number of seconds on each line; each draw is one of them, all equally likely.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    mean: Annotated[float, Field(ge=0, le=LONGEST_S, strict=True)] | None = None
    distribution: Kind = "exponential"
    cv: Amount | None = None
    file: str | None = None

    @model_validator(mode="after")
    def _fitting(self) -> Duration:
        empirical = self.distribution == "empirical"
        if empirical != (self.file is not None) or empirical == (self.mean is not None):
            raise ValueError("give `mean`, or `distribution: empirical` with `file`")
        if (self.distribution == "lognormal") != (self.cv is not None):
            raise ValueError(
                "`cv` (standard deviation / mean) goes with `distribution: lognormal`, and only there"
            )
        return self

    @property
    def nothing(self) -> bool:
        """Whether it is always 0 s."""
        return self.mean == 0

    def sampler(self, stream: Stream, observed: Sequence[float] = ()) -> Sampler:
        """Draws from this distribution; `observed` are the numbers of the empirical file."""
        return one_by_one(self._block(stream, observed)).__next__

    def _block(self, stream: Stream, observed: Sequence[float]) -> Callable[[], Numbers]:
        mean = self.mean or 0.0
        if self.distribution == "empirical":
            numbers = np.asarray(observed, dtype=np.float64)
            return lambda: numbers[(stream.uniforms() * len(numbers)).astype(np.int64)]
        if self.distribution == "lognormal" and mean > 0:
            sigma2 = math.log1p((self.cv or 0.0) ** 2)
            mu = math.log(mean) - sigma2 / 2
            return lambda: np.exp(mu + math.sqrt(sigma2) * stream.normals())
        if self.distribution == "exponential":
            return lambda: mean * stream.exponentials()
        return lambda: np.full(len(stream.uniforms()), mean)

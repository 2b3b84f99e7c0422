"""Two scenarios on common random numbers: the same callers call on both, so that little chance is in the difference.

See `sim.randomness`: a stream depends on the seed and its purpose only.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from sim.many.interval import Interval, interval, variance
from sim.many.replications import LEAST, MOST, Replications, Row, Told, rows, until
from sim.many.together import FIGURES, together
from sim.scenario import Scenario


class Difference(NamedTuple):
    """The other scenario's figure less this one's, replication by replication.

    `reduction`: so many times as many replications would be needed with independent numbers for the same interval;
    None where that cannot be said.
    """

    interval: Interval
    reduction: float | None

    def told(self) -> dict[str, Any]:
        """For JSON."""
        return self.interval.told() | {"variance_reduction": self.reduction}


@dataclass(frozen=True)
class Comparison:
    """Both scenarios, replication by replication with the same seeds."""

    this: Replications
    other: Replications

    def difference(self, name: str) -> Difference | None:
        """Of a figure; None where no replication has it in both."""
        pairs = self._pairs(name)
        if not pairs:
            return None
        differences = interval([other - this for this, other in pairs])
        return Difference(differences, _reduction(pairs))

    def _pairs(self, name: str) -> list[tuple[float, float]]:
        both = zip(self.this.figures(name), self.other.figures(name), strict=True)
        return [(this, other) for this, other in both if this is not None and other is not None]

    def told(self) -> dict[str, Any]:
        """For JSON: the other scenario's summary and the differences."""
        found = {name: self.difference(name) for name in FIGURES}
        differences = {
            name: difference.told() for name, difference in found.items() if difference is not None
        }
        return {"summary": together(self.other), "differences": differences}


def compare(
    scenario: Scenario,
    other: Scenario,
    *,
    times: int | None = None,
    half_width: float | None = None,
    most: int = MOST,
    workers: int = 1,
    dask: str = "",
    told: Told | None = None,
) -> Comparison:
    """So many `times` (none: LEAST), or until the interval of the difference of the answer rates is narrow enough.

    The other scenario is given this one's seed. Workers and errors as in `sim.many.replications.replicate`.
    """
    asked = None if times else half_width
    count = times or (most if asked else LEAST)
    pair = [scenario, other.model_copy(update={"seed": scenario.seed})]
    done, reached = until(_rate_differences, asked, rows(pair, count, workers, dask), count, told)
    this, those = ([row[which] for row in done] for which in (0, 1))
    return Comparison(Replications(this, asked, reached), Replications(those, asked, reached))


def _rate_differences(done: Sequence[Row]) -> list[float]:
    rates = [(this["answer_rate"], other["answer_rate"]) for this, other in done]
    return [other - this for this, other in rates if this is not None and other is not None]


def _reduction(pairs: list[tuple[float, float]]) -> float | None:
    if len(pairs) < 2:
        return None
    these, others = zip(*pairs, strict=True)
    left = variance([other - this for this, other in pairs])
    return (variance(these) + variance(others)) / left if left else None

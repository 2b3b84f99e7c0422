"""The same scenario again and again, each time with another seed: how sure is a figure?"""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence
from contextlib import closing
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from sim.many.farm import LOCAL, in_order
from sim.many.interval import Interval, interval
from sim.many.parcel import Parcel, pack, unpacked
from sim.run import run
from sim.scenario import Scenario
from sim.world import build

Summary = dict[str, Any]
Row = list[Summary]
"""Of one replication: the summary of each scenario."""
Told = Callable[[int], None]
LEAST = 10
"""Fewer replications say too little of how much they differ to stop at."""
MOST = 200


def with_seed(scenario: Scenario, number: int) -> Scenario:
    """Replication `number`, from 0: the scenario itself, then others with seeds derived from its own."""
    if number == 0:
        return scenario
    digest = sha256(f"{scenario.seed}/replication/{number}".encode()).digest()
    return scenario.model_copy(update={"seed": int.from_bytes(digest[:6], "big")})


@dataclass(frozen=True)
class Replications:
    """`summaries` in the order of the replications.

    `asked`: the half-width of the answer rate's interval that was asked for (None: none was), and `reached`: whether
    it became so narrow.
    """

    summaries: list[Summary]
    asked: float | None = None
    reached: bool = True

    def figures(self, name: str) -> list[float | None]:
        """A figure of every replication; `service_level.20` is one inside another."""
        return [_figure(summary, name) for summary in self.summaries]

    def values(self, name: str) -> list[float]:
        """A figure of every replication that has it."""
        return [figure for figure in self.figures(name) if figure is not None]

    def interval(self, name: str) -> Interval:
        """The mean of a figure and its 95 % confidence interval; raises ValueError where no replication has it."""
        return interval(self.values(name))

    @property
    def met_share(self) -> float:
        """The share of the replications that met the promise."""
        return sum(summary["met"] for summary in self.summaries) / len(self.summaries)


def _figure(summary: Summary, name: str) -> float | None:
    figure: Any = summary
    for key in name.split("."):
        figure = figure[key]
    return None if figure is None else float(figure)


def replicate(
    scenario: Scenario,
    *,
    times: int | None = None,
    half_width: float | None = None,
    most: int = MOST,
    workers: int = 1,
    dask: str = "",
    told: Told | None = None,
) -> Replications:
    """So many `times`, or until the answer rate's interval is as narrow as `half_width`, at most `most` times.

    Neither: once. The result is the same whatever `workers` and `dask` are (see `sim.many.farm`). `told` hears how many
    are done. Raises ConfigurationError and NoArrivalsError as `run` does, FarmError and MissingExtraError.
    """
    asked = None if times else half_width
    count = times or (most if asked else 1)
    done, reached = until(_rates, asked, rows([scenario], count, workers, dask), count, told)
    return Replications([summary for (summary,) in done], asked, reached)


def until(
    values: Callable[[Sequence[Row]], Sequence[float]],
    asked: float | None,
    replications: Generator[Row, None, None],
    most: int,
    told: Told | None,
) -> tuple[list[Row], bool]:
    """The replications until the interval of the mean of their `values` is as narrow as asked for, and whether it is.

    `asked`: None: all of them, which is what was asked for. `most`: so many there are at most.
    """
    done: list[Row] = []
    with closing(replications):
        for row in replications:
            done.append(row)
            if told is not None:
                told(len(done))
            if asked and len(done) >= min(LEAST, most) and _narrow(values(done), asked):
                return done, True
    return done, asked is None


def rows(
    scenarios: Sequence[Scenario], most: int, workers: int = 1, dask: str = ""
) -> Generator[Row, None, None]:
    """The summaries of one replication of each scenario, then of the next; close it when there are enough."""
    for scenario in scenarios:
        build(scenario)  # what is wrong with it is told here, by the names of its own files
    if dask or (workers > 1 and most > 1):
        parcels = [pack(scenario, for_other_machines=dask not in ("", LOCAL)) for scenario in scenarios]
        return in_order(_run_parcels, parcels, most, workers, dask)
    return in_order(_run_scenarios, list(scenarios), most)


def _run_scenarios(scenarios: list[Scenario], number: int) -> Row:
    return [run(with_seed(scenario, number)).summary for scenario in scenarios]


def _run_parcels(parcels: list[Parcel], number: int) -> Row:
    return [summary for parcel in parcels for summary in _run_parcel(parcel, number)]


def _run_parcel(parcel: Parcel, number: int) -> Row:
    with unpacked(parcel) as scenario:
        return _run_scenarios([scenario], number)


def _rates(done: Sequence[Row]) -> list[float]:
    """The answer rates of those in which anybody counted."""
    return [summary["answer_rate"] for (summary,) in done if summary["answer_rate"] is not None]


def _narrow(values: Sequence[float], half_width: float) -> bool:
    """Whether it is known how wide the interval of the mean is, and it is as narrow as asked for, or nobody counts."""
    return not values or interval(values).half_width <= half_width

"""A scenario again and again: the same whoever runs it, and no longer than asked for."""

from __future__ import annotations

import math
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from distributed import LocalCluster

from ivr.yaml_marks import ConfigurationError
from sim.many.interval import interval
from sim.many.replications import LEAST, Replications, replicate, with_seed
from sim.run import run
from sim.scenario import Scenario
from tests.sim.scenarios import bare, tax_day

pytestmark = pytest.mark.unit

SMALL, WIDTH = bare(calls=300), 0.04


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    """A cluster with two workers, each a process of its own."""
    cluster = LocalCluster(
        n_workers=2, threads_per_worker=1, dashboard_address="127.0.0.1:0", host="127.0.0.1"
    )
    with cluster:
        yield cluster.scheduler_address


@pytest.fixture(scope="module")
def alone() -> Replications:
    """Four replications of the tax project, here."""
    return replicate(tax_day(), times=4)


def figures(replications: Replications) -> list[dict[str, Any]]:
    """All but the time that it took."""
    return [{**summary, "calls_per_second": None} for summary in replications.summaries]


def test_the_first_replication_is_the_scenario_itself_and_no_two_are_alike() -> None:
    assert with_seed(SMALL, 0) is SMALL
    seeds = {with_seed(SMALL, number).seed for number in range(200)}
    assert len(seeds) == 200
    assert with_seed(SMALL, 7) == with_seed(SMALL, 7) != with_seed(bare(calls=300, seed=2), 7)
    one = replicate(SMALL)
    assert len(one.summaries) == 1
    assert figures(one) == figures(Replications([run(SMALL).summary]))


def test_processes_and_clusters_bring_the_same(alone: Replications, address: str) -> None:
    assert len({summary["answered"] for summary in alone.summaries}) > 1
    assert figures(replicate(tax_day(), times=4, workers=2)) == figures(alone)
    assert figures(replicate(tax_day(), times=4, dask=address)) == figures(alone)


def test_a_cluster_of_this_machine_brings_the_same() -> None:
    assert figures(replicate(SMALL, times=2, workers=1, dask="local")) == figures(replicate(SMALL, times=2))


def test_files_that_the_scenario_names_go_with_it(tmp_path: Path) -> None:
    (tmp_path / "talks.csv").write_text("100\n200\n300\n", encoding="utf-8")
    scenario = bare(calls=50, handle={"distribution": "empirical", "file": "talks.csv"})
    scenario = scenario.model_copy(update={"folder": tmp_path})
    assert figures(replicate(scenario, times=2, workers=2)) == figures(replicate(scenario, times=2))


def test_it_goes_on_until_the_interval_is_narrow_whoever_works() -> None:
    scenario = bare(calls=40)
    here = replicate(scenario, half_width=WIDTH)
    known = here.interval("answer_rate")
    assert here.reached
    assert known.half_width <= WIDTH
    assert len(here.summaries) > LEAST
    assert interval(here.values("answer_rate")[:-1]).half_width > WIDTH
    assert figures(replicate(scenario, half_width=WIDTH, workers=2)) == figures(here)


def test_what_cannot_be_reached_is_said() -> None:
    never = replicate(SMALL, half_width=1e-6, most=12)
    assert (len(never.summaries), never.reached) == (12, False)
    few = replicate(SMALL, half_width=0.4, most=3)
    assert (len(few.summaries), few.reached) == (3, True)


def test_where_nobody_counts_there_is_nothing_to_wait_for() -> None:
    closed = tax_day(arrivals={"by_half_hour": {"20:00": 5}})
    nobody = replicate(closed, half_width=0.01)
    assert len(nobody.summaries) == LEAST
    assert nobody.values("answer_rate") == []
    with pytest.raises(ValueError, match="no value"):
        nobody.interval("answer_rate")


def test_figures_and_their_intervals(alone: Replications) -> None:
    rates = [summary["answer_rate"] for summary in alone.summaries]
    assert alone.interval("answer_rate") == interval(rates)
    assert alone.values("service_level.20") == [s["service_level"]["20"] for s in alone.summaries]
    assert alone.met_share == sum(s["met"] for s in alone.summaries) / 4
    assert math.isinf(replicate(SMALL, times=1).interval("mean_wait").half_width)


def test_progress_is_told_by_numbers() -> None:
    heard: list[int] = []
    replicate(SMALL, times=3, told=heard.append)
    assert heard == [1, 2, 3]


@pytest.mark.parametrize("workers", [1, 2])
def test_what_is_wrong_with_the_scenario_is_told_by_its_own_name(workers: int, tmp_path: Path) -> None:
    broken = tmp_path / "broken.yaml"
    broken.write_text("project: [", encoding="utf-8")
    scenario: Scenario = tax_day(project=str(broken))
    with pytest.raises(ConfigurationError, match=r"broken.yaml:1"):
        replicate(scenario, times=2, workers=workers)

"""Work by number over processes and over a Dask cluster: always in order, and nobody is left behind."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import closing
from multiprocessing import active_children

import pytest
from distributed import LocalCluster

from sim.extras import MissingExtraError
from sim.many import farm
from sim.many.farm import FarmError, cores, in_order
from tests.sim.work import dying, endless, failing, squared, uneven

pytestmark = pytest.mark.unit


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    """A cluster with two workers, each a process of its own."""
    with LocalCluster(
        n_workers=2, threads_per_worker=1, processes=True, dashboard_address="127.0.0.1:0", host="127.0.0.1"
    ) as cluster:
        yield cluster.scheduler_address


@pytest.fixture(autouse=True)
def nobody_is_left_behind() -> Iterator[None]:
    """Whatever a test does, the processes that it started are gone afterwards."""
    before = set(active_children())
    yield
    assert not set(active_children()) - before


def test_here_nothing_is_done_before_it_is_asked_for() -> None:
    done = in_order(failing, 1, 3)
    assert next(done) == 0
    with pytest.raises(LookupError):
        next(done)


def test_processes_bring_their_results_in_order() -> None:
    assert list(in_order(squared, [3, 4, 5], 3, workers=2)) == [9, 16, 25]
    assert list(in_order(uneven, 12, 12, workers=3)) == list(range(12))


def test_a_cluster_brings_its_results_in_order(address: str) -> None:
    assert list(in_order(squared, [3, 4, 5], 3, dask=address)) == [9, 16, 25]
    assert list(in_order(uneven, 12, 12, dask=address)) == list(range(12))
    with pytest.raises(LookupError, match="number 2"), closing(in_order(failing, 2, 9, dask=address)) as done:
        list(done)


def test_who_has_enough_waits_for_nobody() -> None:
    with closing(in_order(endless, 0, 50, workers=2)) as done:
        assert next(done) > 0


def test_what_the_work_raises_comes_here() -> None:
    with closing(in_order(failing, 2, 9, workers=2)) as done, pytest.raises(LookupError, match="number 2"):
        list(done)


def test_a_process_that_was_ended_is_told() -> None:
    with (
        closing(in_order(dying, 1, 9, workers=2)) as done,
        pytest.raises(FarmError, match="ended from outside"),
    ):
        list(done)


def test_a_scheduler_that_is_not_there_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(farm, "DASK_TIMEOUT_S", 0.2)
    with pytest.raises(FarmError, match=r"no Dask scheduler answers at tcp://127.0.0.1:9"):
        next(in_order(squared, [1], 1, dask="tcp://127.0.0.1:9"))
    with pytest.raises(FarmError, match="no Dask scheduler answers at nowhere"):
        next(in_order(squared, [1], 1, dask="nowhere://x"))


def test_workers_that_do_not_have_the_program_are_told(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(farm, "PACKAGE", "not_there")
    with pytest.raises(FarmError, match=r"not installed where these Dask workers are: tcp://.*, tcp://"):
        next(in_order(squared, [1], 1, dask=address))


def test_a_cluster_without_workers_is_told() -> None:
    nobody = LocalCluster(n_workers=0, dashboard_address="127.0.0.1:0", host="127.0.0.1")
    with nobody, pytest.raises(FarmError, match="has no worker"):
        next(in_order(squared, [1], 1, dask=nobody.scheduler_address))


def test_without_dask_it_is_said_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(MissingExtraError, match="make extras"):
        next(in_order(squared, [1], 1, dask="local"))


def test_there_is_a_core() -> None:
    assert cores() >= 1

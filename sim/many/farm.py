"""Many pieces of work by number, here, over the processes of this machine or over the machines of a Dask cluster.

The results come in the order of their numbers, whoever did them and whenever: so what is made of them does not depend
on how many workers there are. Only a few pieces more than there are workers are ever under way.
"""

from __future__ import annotations

import os
import signal
from collections import deque
from collections.abc import Callable, Generator, Iterator
from concurrent.futures import CancelledError, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from importlib.util import find_spec
from multiprocessing import active_children, get_context
from typing import Any, Protocol, TypeVar

from sim.extras import need
from sim.native import use

Given = TypeVar("Given")
Done = TypeVar("Done")
Work = Callable[[Given, int], Done]
AHEAD = 2
"""So many pieces for each worker are under way: one that it does, and one that lies ready."""
LOCAL = "local"
DASK_TIMEOUT_S = 10
PACKAGE = "sim"


class FarmError(Exception):
    """The work could not be given to others, or they did not bring it back."""


class Future(Protocol):
    """A piece of work that somebody else does."""

    def result(self) -> Any:
        """Wait for it."""

    def cancel(self) -> Any:
        """It is not needed any more."""


def in_order(
    work: Work[Given, Done], given: Given, most: int, workers: int = 1, dask: str = ""
) -> Generator[Done, None, None]:
    """The results of work(given, 0), work(given, 1), ... for up to `most` numbers, each when it is asked for.

    `workers`: processes of this machine (1: this very one). `dask`: the address of a scheduler, or `local` for a
    cluster of `workers` on this machine; `work` has to be a function of a module, and `given` data. Closing the
    generator stops whatever is still under way. Raises FarmError, MissingExtraError, and whatever the work raises.
    """
    if dask:
        return _by_dask(work, given, most, workers, dask)
    if workers > 1 and most > 1:
        return _by_processes(work, given, most, min(workers, most))
    return (work(given, number) for number in range(most))


def cores() -> int:
    """How many processes of this machine work at the same time."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _taken_in_order(submit: Callable[[int], Future], most: int, ahead: int) -> Iterator[Any]:
    under_way: deque[Future] = deque()
    number = 0
    try:
        while under_way or number < most:
            while number < most and len(under_way) < ahead:
                under_way.append(submit(number))
                number += 1
            yield under_way.popleft().result()
    finally:
        for future in under_way:
            future.cancel()


# ---- processes of this machine


def _by_processes(
    work: Work[Given, Done], given: Given, most: int, workers: int
) -> Generator[Done, None, None]:
    # A forked process would inherit the threads' locks and the collector's settings of this one.
    with _pool(workers) as pool:
        try:
            yield from _taken_in_order(lambda number: pool.submit(work, given, number), most, AHEAD * workers)
        except BrokenProcessPool as error:
            raise FarmError(
                "a worker process was ended from outside (out of memory?); try fewer workers"
            ) from error


@contextmanager
def _pool(workers: int) -> Iterator[ProcessPoolExecutor]:
    before = set(active_children())
    pool = ProcessPoolExecutor(workers, get_context("spawn"), _begin_worker)
    try:
        yield pool
    finally:
        # What is still at work is not needed: nobody waits until it is ready.
        for child in set(active_children()) - before:
            child.terminate()
        pool.shutdown(cancel_futures=True)


def _begin_worker() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # an interrupt is for the parent: it ends this one
    use()  # before the work is known, and with it what it imports


# ---- machines of a cluster


def _by_dask(
    work: Work[Given, Done], given: Given, most: int, workers: int, address: str
) -> Generator[Done, None, None]:
    distributed = need("distributed", "--dask")
    with _client(distributed, workers, address) as client:
        _prepare(client, address)
        ahead = AHEAD * sum(client.nthreads().values())
        try:
            sent = client.scatter(given, broadcast=True, hash=False)
            yield from _taken_in_order(
                lambda number: client.submit(work, sent, number, pure=False), most, ahead
            )
        except (OSError, CancelledError, distributed.scheduler.KilledWorker) as error:
            raise FarmError(f"the Dask cluster at {address} lost the work: {error}") from error


def _prepare(client: Any, address: str) -> None:
    """Whether there is anybody to work, and with our program; raises FarmError."""
    found = client.run(find_spec, PACKAGE)  # a function of Python's own: a worker without ours fails at ours
    if not found:
        raise FarmError(
            f"the Dask scheduler at {address} has no worker: start one with `dask worker {address}`"
        )
    if without := sorted(worker for worker, spec in found.items() if spec is None):
        raise FarmError(f"Denwaban is not installed where these Dask workers are: {', '.join(without)}")
    client.register_worker_callbacks(use)


@contextmanager
def _client(distributed: Any, workers: int, address: str) -> Iterator[Any]:
    if address == LOCAL:
        with (
            distributed.LocalCluster(
                n_workers=workers, threads_per_worker=1, dashboard_address="127.0.0.1:0", host="127.0.0.1"
            ) as cluster,
            distributed.Client(cluster) as client,
        ):
            yield client
        return
    try:
        client = distributed.Client(address, timeout=DASK_TIMEOUT_S)
    except (OSError, ValueError, TimeoutError) as error:
        raise FarmError(f"no Dask scheduler answers at {address}: {error}") from error
    with client:
        yield client

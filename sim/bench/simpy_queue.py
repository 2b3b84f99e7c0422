"""The rival: SimPy's own model of the bare queue, written as its documentation teaches it.

Callers are processes; the seats are a `Resource`; a caller waits for whatever comes first, a seat or the end
of his patience. The same distributions from the same streams, and the same figures gathered.
"""

from __future__ import annotations

import time
from collections.abc import Generator
from typing import Any

import simpy

from sim.bench.streams import Draws

WITHIN_S = 20.0


class Statistics:
    """What is gathered: the counts and sums behind the figures of `sim.counting.figures`."""

    def __init__(self) -> None:
        self.offered = self.answered = self.abandoned = self.waited = self.within = 0
        self.wait_s = self.talk_s = 0.0

    def summary(self, seats: int, end: float) -> dict[str, float]:
        """The figures by their names."""
        return {
            "offered": self.offered,
            "answered": self.answered,
            "abandoned": self.abandoned,
            "wait_rate": self.waited / self.offered,
            "service_level": self.within / self.offered,
            "mean_wait": self.wait_s / self.offered,
            "occupancy": self.talk_s / (seats * end),
        }


Process = Generator[simpy.Event, Any, None]


def caller(env: simpy.Environment, seats: simpy.Resource, draws: Draws, statistics: Statistics) -> Process:
    """One caller's life."""
    arrived, talk, patience = env.now, draws.talk(), draws.patience()
    statistics.offered += 1
    with seats.request() as request:
        happened = yield request | env.timeout(patience)
        wait = env.now - arrived
        statistics.wait_s += wait
        statistics.waited += wait > 0
        if request not in happened:
            statistics.abandoned += 1
            return
        statistics.answered += 1
        statistics.within += wait <= WITHIN_S
        yield env.timeout(talk)
        statistics.talk_s += talk


def source(
    env: simpy.Environment, seats: simpy.Resource, draws: Draws, statistics: Statistics, calls: int
) -> Process:
    """Lets the callers come."""
    for _ in range(calls):
        yield env.timeout(draws.gap())
        env.process(caller(env, seats, draws, statistics))


def run(draws: Draws, seats: int, calls: int) -> tuple[dict[str, float], float]:
    """The figures of one run, and its wall time (seconds)."""
    began = time.perf_counter()
    env, statistics = simpy.Environment(), Statistics()
    resource = simpy.Resource(env, capacity=seats)
    env.process(source(env, resource, draws, statistics, calls))
    env.run()
    return statistics.summary(seats, env.now), time.perf_counter() - began

"""Another rival: Ciw's own model of the bare queue, M/M/c with reneging, written as its documentation teaches it.

Ciw draws from Python's random numbers, so its callers are others than ours: the figures agree within chance only.
"""

from __future__ import annotations

import time

import ciw

from sim.scenario import Scenario

WITHIN_S = 20.0


def run(scenario: Scenario, calls: int) -> tuple[dict[str, float], float]:
    """The figures of one run until so many calls have come, and its wall time (seconds).

    Plays scenarios with `per_hour`, exponential `handle` and `patience` and a fixed number of seats only.
    """
    per_hour, talk, patience = scenario.arrivals.per_hour, scenario.handle.mean, scenario.patience
    if not (per_hour and talk and patience and patience.mean and isinstance(scenario.seats, int)):
        raise ValueError("the rival plays M/M/c with exponential patience only")
    began = time.perf_counter()
    ciw.seed(scenario.seed)
    network = ciw.create_network(
        arrival_distributions=[ciw.dists.Exponential(rate=per_hour / 3600)],
        service_distributions=[ciw.dists.Exponential(rate=1 / talk)],
        reneging_time_distributions=[ciw.dists.Exponential(rate=1 / patience.mean)],
        number_of_servers=[scenario.seats],
    )
    simulation = ciw.Simulation(network)
    simulation.simulate_until_max_customers(calls, method="Arrive")
    records = simulation.get_all_records()
    return summary(records), time.perf_counter() - began


def summary(records: list[ciw.data_record.DataRecord]) -> dict[str, float]:
    """The figures by their names, of all calls that are over."""
    answered = [record for record in records if record.record_type == "service"]
    abandoned = [record for record in records if record.record_type == "renege"]
    within = sum(record.waiting_time <= WITHIN_S for record in answered)
    offered = len(answered) + len(abandoned)
    return {
        "offered": offered,
        "abandon_rate": len(abandoned) / offered,
        "service_level": within / offered,
        "mean_wait": sum(record.waiting_time for record in answered + abandoned) / offered,
    }

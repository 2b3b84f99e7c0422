"""The chance of the bare queue, for a rival to draw from: the same streams as `sim.run` uses."""

from __future__ import annotations

from sim.randomness import Sampler, Stream, one_by_one
from sim.scenario import Scenario


class Draws:
    """Samplers of a bare queue with `per_hour`: gaps between arrivals, talks, patience; in seconds."""

    def __init__(self, scenario: Scenario) -> None:
        seed, per_hour, patience = scenario.seed, scenario.arrivals.per_hour, scenario.patience
        if not per_hour or patience is None:
            raise ValueError("the rival plays scenarios with `per_hour` and `patience` only")
        gaps = Stream(seed, "arrivals")
        self.gap: Sampler = one_by_one(lambda: gaps.exponentials() * (3600 / per_hour)).__next__
        self.talk: Sampler = scenario.handle.sampler(Stream(seed, "handle"))
        self.patience: Sampler = patience.sampler(Stream(seed, "patience"))

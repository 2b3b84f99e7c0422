"""A model of the centre in SimPy that knows nothing of the engine and of `sim.bench`; it draws the same chance."""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence
from typing import Any

import simpy

Process = Generator[simpy.Event, Any, None]
FOR_EVER = 1e12


class SimpyCentre:
    """Some seats, and what became of each caller: `waits` (seconds) and `outcomes` in the order of arrival.

    `wrapup`: draws how long the record takes (None: there is none). `lines`: of the trunk (None: no limit).
    """

    def __init__(
        self, seats: int, wrapup: Callable[[], float] | None = None, lines: int | None = None
    ) -> None:
        self._env = simpy.Environment()
        self._seats = simpy.PriorityResource(self._env, capacity=seats)
        self._wrapup = wrapup
        self._lines = lines
        self._present = 0
        self.waits: list[float] = []
        self.outcomes: list[str] = []

    def run(
        self,
        joins: Sequence[float],
        talks: Sequence[float],
        patience: Sequence[float],
        ranks: Sequence[int],
    ) -> SimpyCentre:
        """Everybody comes at his time; whose rank is lower goes first."""
        self.waits, self.outcomes = [0.0] * len(joins), [""] * len(joins)
        for number, each in enumerate(zip(joins, talks, patience, ranks, strict=True)):
            self._env.process(self._caller(number, *each))
        self._env.run()
        return self

    def _caller(self, number: int, joins: float, talk: float, patience: float, rank: int) -> Process:
        env = self._env
        yield env.timeout(joins)
        if self._lines is not None and self._present >= self._lines:
            self.outcomes[number] = "blocked"
            return
        self._present += 1
        with self._seats.request(priority=rank) as seat:
            happened = yield seat | env.timeout(patience)
            self.waits[number] = env.now - joins
            if seat in happened:
                self.outcomes[number] = "answered"
                yield env.timeout(talk)
            else:
                self.outcomes[number] = "abandoned_queue"
            self._present -= 1
            if seat in happened and self._wrapup is not None:
                yield env.timeout(self._wrapup())

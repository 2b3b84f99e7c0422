"""The expected wait that callers are told, against lines whose throughput is known exactly.

Callers come by a Poisson process to seats with exponential talks; so whoever finds `ahead` others in the line waits
(ahead + 1) x talk / seats on average. Stated tolerance: the mean of what is told lies within 15 % of that, and nine of
ten times it is within 40 % (a half-hour has up to ninety answers, of which a pace is known to 10 %, but fewer of them
found somebody waiting where the load is lower: of ten it is known to 30 %).
"""

from __future__ import annotations

import heapq
import random
import statistics
from typing import NamedTuple

import pytest

from acd.expected_wait import Answers, expected_wait
from acd.router import Router
from acd.seat import Seat, Serves
from calls.queue_settings import QueueSettings

pytestmark = pytest.mark.theory

SEATS, TALK_S = 10, 200.0
PACE_S = TALK_S / SEATS
HOUR_S = 3600.0


class Told(NamedTuple):
    """What a caller heard when he joined the line (None: nothing), and what is true on average."""

    at: float
    wait: float | None
    exact: float


class Line:
    """A line before some seats. Talks that begin after `slow_from` take three times as long.

    `told`: of everybody who had to wait; `came`: how long each waited in the end, by what he was told.
    """

    def __init__(self, seed: int, load: float, slow_from: float = float("inf")) -> None:
        self._chance = random.Random(seed)
        self._between = PACE_S / load
        self._slow_from = slow_from
        seats = [Seat(f"s{number}", (Serves("tax"),)) for number in range(SEATS)]
        self._router = Router({"tax": QueueSettings()}, seats)
        self._answers = Answers()
        self._joined: dict[str, Told] = {}
        self._ends: list[tuple[float, str]] = []
        self.told: list[Told] = []
        self.came: list[float] = []
        for seat in seats:
            self._router.seat_free(seat, 0.0)

    def run(self, until: float) -> Line:
        """Until a time, in seconds."""
        at, number = 0.0, 0
        while (at := at + self._chance.expovariate(1 / self._between)) < until:
            while self._ends and self._ends[0][0] < at:
                self._ended(*heapq.heappop(self._ends))
            number += 1
            self._comes(f"c{number}", at)
        return self

    def _comes(self, call: str, now: float) -> None:
        ahead = self._router.waiting("tax")
        standing = self._router.standing_since("tax", now)
        wait = expected_wait(self._answers.of("tax"), ahead, now, standing)
        for seat in self._router.join(call, "tax", now):
            self._router.forget(call)
            self._talk(seat.id, now)
            self._answers.answered("tax", now, now)
            return
        self._joined[call] = Told(now, wait, (ahead + 1) * PACE_S)
        self.told.append(self._joined[call])

    def _ended(self, now: float, name: str) -> None:
        call = self._router.seat_free(self._router.seats[name], now)
        if call is not None:
            self._router.forget(call)
            told = self._joined.pop(call)
            if told.wait:
                self.came.append((now - told.at) / told.wait)
            self._answers.answered("tax", now, told.at)
            self._talk(name, now)

    def _talk(self, seat: str, now: float) -> None:
        mean = 3 * TALK_S if now >= self._slow_from else TALK_S
        heapq.heappush(self._ends, (now + self._chance.expovariate(1 / mean), seat))


def lines(count: int, until: float, load: float, slow_from: float = float("inf")) -> list[Line]:
    """Some of a kind; what was told in the first half-hour does not count."""
    found = [Line(seed, load, slow_from).run(until) for seed in range(count)]
    for line in found:
        line.told = [told for told in line.told if told.at > HOUR_S / 2]
    return found


@pytest.mark.parametrize("load", [0.8, 0.95, 1.1])
def test_what_callers_are_told_is_what_comes(load: float) -> None:
    found = lines(6, 5 * HOUR_S, load)
    ratios = [told.wait / told.exact for line in found for told in line.told if told.wait]
    assert len(ratios) > 1000
    assert statistics.fmean(ratios) == pytest.approx(1.0, abs=0.15)
    assert sum(0.6 <= ratio <= 1.4 for ratio in ratios) >= 0.9 * len(ratios)
    assert statistics.fmean(came for line in found for came in line.came) == pytest.approx(1.0, abs=0.15)


@pytest.mark.parametrize("load", [0.95, 1.1])
def test_a_steady_line_is_mostly_told(load: float) -> None:
    told = [told for line in lines(6, 5 * HOUR_S, load) for told in line.told]
    assert sum(each.wait is not None for each in told) >= 0.85 * len(told)


def test_nothing_is_said_while_the_throughput_drops_to_a_third() -> None:
    """It shows some minutes later, since the talks in progress end as before; then it is the new pace."""
    slow_from = 2 * HOUR_S
    told = [told for line in lines(12, slow_from + HOUR_S, 1.1, slow_from) for told in line.told]
    falling = [each for each in told if slow_from + 600 <= each.at < slow_from + 1500]
    assert len(falling) > 300
    assert sum(each.wait is None for each in falling) >= 0.85 * len(falling)
    after = [each.wait / each.exact for each in told if each.wait and each.at > slow_from + 2400]
    assert statistics.fmean(after) == pytest.approx(3.0, rel=0.15)

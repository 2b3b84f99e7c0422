"""Exact figures of queueing theory for Poisson arrivals and exponential talks and patience (M/M/c/K+M).

`load` is in Erlangs (arrivals per second x mean talk). All hold from 1 to 10,000 seats and far beyond, under any
load: no weight of a state is ever above 1, and what underflows to 0 has no part in any figure.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from sim.randomness import Numbers

FOR_EVER = math.inf
"""The patience of callers who never give up."""
MOST_SEATS = 10_000_000
_NEGLIGIBLE = 1e-18
_BLOCK = 2048


class Queue(NamedTuple):
    """`blocked`, `waits`, `abandoned`: shares of all arrivals; `mean_wait` of all of them, in seconds.

    `waits` are those who find every seat taken and join the line. `occupancy`: the share of the seats' time in talks.
    """

    blocked: float
    waits: float
    abandoned: float
    mean_wait: float
    occupancy: float

    @property
    def answered(self) -> float:
        """The share of all arrivals that talk to somebody."""
        return 1.0 - self.blocked - self.abandoned


def erlang_b(seats: int, load: float) -> float:
    """The share of calls that find all seats taken where nobody waits (Erlang 1917).

    It holds for talks of any distribution (Sevastyanov 1957): M/G/c/c.
    """
    blocked = 1.0
    for taken in range(1, seats + 1):
        blocked = load * blocked / (taken + load * blocked)
    return blocked


def erlang_c(seats: int, load: float) -> float:
    """The share of calls that wait where everybody waits for ever; 1 where the seats are too few (Erlang 1917)."""
    if load >= seats:
        return 1.0
    blocked = erlang_b(seats, load)
    return blocked / (1 - load / seats * (1 - blocked))


def erlang_a(seats: int, rate: float, talk: float, patience: float, lines: int | None = None) -> Queue:
    """Callers who lose patience: `rate` per second, mean `talk` and `patience` in seconds (Palm 1957).

    From the stationary distribution of calls present, a birth-death process. `lines`: of the trunk, at least as many as
    there are seats. With patience FOR_EVER it is M/M/c and M/M/c/K. Raises ValueError where the line grows for ever.
    """
    if rate <= 0:
        return Queue(0.0, 0.0, 0.0, 0.0, 0.0)
    present, chances = _present(seats, rate, talk, patience, lines)
    full = float(chances[-1]) if present[-1] == lines else 0.0
    waiters = float(np.sum(chances * np.maximum(present - seats, 0)))
    talking = float(np.sum(chances * np.minimum(present, seats)))
    waits = float(np.sum(chances[present >= seats])) - full
    return Queue(full, waits, waiters / patience / rate, waiters / rate, talking / seats if seats else 0.0)


def service_level(
    seats: int, rate: float, talk: float, patience: float, within: float, lines: int | None = None
) -> float:
    """The share of all arrivals that are answered after at most `within` seconds; the rest as in `erlang_a`.

    Whoever finds k others in the line is answered once k + 1 have gone, at the rates c/talk + j/patience (j = 0..k).
    So exp(-wait/patience) is beta distributed (Riordan 1962), and he has not given up by then with the chance
    c/talk / (c/talk + (k + 1)/patience). The beta distribution is a sum of positive terms: exact but for rounding
    (1e-11).
    """
    if rate <= 0:
        return 1.0
    present, chances = _present(seats, rate, talk, patience, lines)
    at_once = float(np.sum(chances[present < seats]))
    joins = (present >= seats) & (present != (lines or math.inf))
    done, loses, ahead = seats / talk, 1 / patience, present[joins] - seats
    if not len(ahead) or not seats or within <= 0:
        return at_once
    late = _late(done, loses, within, int(ahead[-1]) + 1)
    ahead = ahead[ahead < len(late)]
    soon = (1 - late[ahead.astype(np.int64)]) * done / (done + (ahead + 1) * loses)
    return at_once + float(np.sum(chances[joins][: len(ahead)] * soon))


def seats_for(
    target: float,
    rate: float,
    talk: float,
    patience: float,
    *,
    within: float | None = None,
    lines: int | None = None,
) -> int:
    """The smallest number of seats that answers a share `target` of all arrivals; 0 where nobody calls.

    `within`: only who is answered so soon (seconds) counts. Where the seats are more than the `lines`, all of them have
    one. Raises ValueError where no number of seats does.
    """

    def enough(seats: int) -> bool:
        trunk = None if lines is None else max(lines, seats)
        if patience == FOR_EVER and trunk is None and rate * talk >= seats:
            return False
        if within is not None:
            return service_level(seats, rate, talk, patience, within, trunk) >= target
        return erlang_a(seats, rate, talk, patience, trunk).answered >= target

    if target >= 1 and (target > 1 or patience < FOR_EVER or within is not None):
        raise ValueError(f"no number of seats answers {target:.0%} of all calls: promise less than 100%")
    if rate <= 0:
        return 0
    least, most = 0, 1
    while not enough(most):
        if most > MOST_SEATS:
            raise ValueError(
                f"not even {most:,} seats answer {target:g} of all calls: promise less than that"
            )
        least, most = most, 2 * most
    while most - least > 1:
        middle = (least + most) // 2
        least, most = (least, middle) if enough(middle) else (middle, most)
    return most


def _present(
    seats: int, rate: float, talk: float, patience: float, lines: int | None
) -> tuple[Numbers, Numbers]:
    """How many calls are present, as far as it matters, and the chance of each number.

    The more there are, the faster they go: so the chances rise up to one number and fall from there, and starting from
    it every step either way multiplies by at most 1.
    """
    if patience == FOR_EVER and lines is None and rate * talk >= seats:
        raise ValueError(f"the line grows for ever: {rate * talk:g} Erlangs need more than {seats} seats")
    if lines is not None and lines < seats:
        raise ValueError(f"{lines} lines for {seats} seats: give at least as many lines as seats")

    def gone(present: Numbers) -> Numbers:
        """How many are gone for each that comes."""
        return (np.minimum(present, seats) / talk + np.maximum(present - seats, 0) / patience) / rate

    highest, too_many = math.inf if lines is None else lines, rate - seats / talk
    peak = math.floor(rate * talk)
    if too_many >= 0:
        peak = seats if too_many == 0 else int(min(seats + too_many * patience, highest))
    down = _falling(lambda first, last: gone(np.arange(peak - first, max(peak - last, 0), -1.0)))
    up = _falling(lambda first, last: 1 / gone(np.arange(peak + first + 1, min(peak + last, highest) + 1.0)))
    weights = np.concatenate((down[::-1], up[1:]))
    return np.arange(peak - len(down) + 1.0, peak + len(up)), weights / np.sum(weights)


def _falling(factors: Callable[[int, int], Numbers]) -> Numbers:
    """1 and its products with one factor after another (given from, to), until they are negligible or no more are."""
    weights, known = [np.ones(1)], 0
    while weights[-1][-1] > _NEGLIGIBLE:
        more = factors(known, 2 * known + _BLOCK)
        if not len(more):
            break
        weights.append(weights[-1][-1] * np.cumprod(more))
        known += len(more)
    return np.concatenate(weights)


def _late(done: float, loses: float, within: float, most: int) -> Numbers:
    """The chances that in some time (seconds) no more than k go whom somebody waits for, k from 0 to less than `most`.

    They go at the rates done + (j + 1) x loses, while the one who waits for them does not; as far as it is below 1.
    """
    stretch = within if loses == 0 else -math.expm1(-loses * within) / loses
    log_term = -(done + loses) * within
    found, known, over = [np.array([math.exp(log_term)])], 1, False
    while known < most and not over:
        order = np.arange(float(known), known + _BLOCK)
        logs = log_term + np.cumsum(np.log(stretch * (done + order * loses) / order))
        found.append(np.exp(logs))
        known, log_term = known + _BLOCK, float(logs[-1])
        over = found[-1][-1] < _NEGLIGIBLE and stretch * (done + known * loses) < known
    return np.minimum(np.cumsum(np.concatenate(found)), 1.0)[:most]

"""More exact figures of queueing theory: one seat with talks of any kind, priorities, patience of any kind.

Arrivals are Poisson, `rate` per second; all times are in seconds.
"""

from __future__ import annotations

import functools
import itertools
import math
from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np

from sim.erlang import Queue, erlang_b, erlang_c
from sim.randomness import Numbers

_POINTS = 16
_PANELS, _MOST_PANELS = 16, 8192
_DEPTH = 60.0
"""What lies farther out is e**-60 times as likely as what is near."""


def one_seat(rate: float, talk: float, cv: float) -> float:
    """The mean wait for the only seat: M/G/1 (Pollaczek 1930, Khinchine 1932).

    `cv`: standard deviation / mean of the talk (with the record: of both together). Raises ValueError where the line
    grows for ever.
    """
    load = rate * talk
    if load >= 1:
        raise ValueError(f"the line grows for ever: {load:g} Erlangs for one seat")
    return load * talk * (1 + cv**2) / 2 / (1 - load)


def by_priority(seats: int, rates: Sequence[float], talk: float) -> list[float]:
    """The mean wait of each class, the first one served first, nobody interrupted: Cobham (1954) for one kind of talk.

    M/M/c with the same exponential talk for all; nobody gives up (Kella and Yechiali 1985). Infinity for a class whose
    line grows for ever.
    """
    loads = [rate * talk / seats for rate in itertools.accumulate(rates, initial=0.0)]
    next_free = erlang_c(seats, loads[-1] * seats) * talk / seats
    return [
        next_free / ((1 - higher) * (1 - mine)) if mine < 1 else math.inf
        for higher, mine in itertools.pairwise(loads)
    ]


class Patience(NamedTuple):
    """How long callers wait: the share that waits longer than some times, and the mean.

    `corners`: times at which the share jumps or has a kink.
    """

    longer: Callable[[Numbers], Numbers]
    mean: float
    corners: tuple[float, ...] = ()


def fixed(seconds: float) -> Patience:
    """Everybody waits equally long."""
    return Patience(lambda times: (times < seconds).astype(np.float64), seconds, (seconds,))


def exponential(mean: float) -> Patience:
    """Memoryless: with it all this is Erlang A."""
    return Patience(lambda times: np.exp(-times / mean), mean)


def weibull(mean: float, shape: float) -> Patience:
    """`shape` below 1: whoever has waited for long waits on."""
    scale = mean / math.gamma(1 + 1 / shape)
    return Patience(lambda times: np.exp(-((times / scale) ** shape)), mean)


def mixed(parts: Sequence[tuple[float, Patience]]) -> Patience:
    """Callers of several kinds, each with its share."""
    corners = {corner for _, part in parts for corner in part.corners}
    return Patience(
        lambda times: np.sum([share * part.longer(times) for share, part in parts], axis=0),
        sum(share * part.mean for share, part in parts),
        tuple(sorted(corners)),
    )


class Impatient(NamedTuple):
    """The figures, and the share of all arrivals that are answered within the time asked for.

    `error`: the most that any of them (waits in units of the mean talk) changes where twice as many points are taken.
    """

    queue: Queue
    service_level: float
    error: float


def impatient(
    seats: int, rate: float, talk: float, patience: Patience, within: float = 20.0, error: float = 1e-10
) -> Impatient:
    """M/M/c+G: exponential talks, patience of any kind (Baccelli and Hebuterne 1981, Zeltyn and Mandelbaum 2005).

    The wait that a caller is offered has the density rate x exp(rate x H(x) - seats/talk x x), up to a constant; H(x)
    is the mean of min(patience, x). With `fixed` patience this is Gnedenko's formula. Integrated numerically, with
    twice as many points each time, until the `error` is small enough; raises ArithmeticError where it never is.
    """
    found, panels = _integrated(seats, rate, talk, patience, within, _PANELS), _PANELS
    while panels < _MOST_PANELS:
        panels *= 2
        before, found = found, _integrated(seats, rate, talk, patience, within, panels)
        off = max(abs(a - b) for a, b in zip(_figures(before, talk), _figures(found, talk), strict=True))
        if off <= error:
            return found._replace(error=off)
    raise ArithmeticError(f"the waits are too narrow to be integrated within {error:g}; ask for less")


def _figures(found: Impatient, talk: float) -> tuple[float, ...]:
    queue = found.queue
    return queue.waits, queue.abandoned, queue.mean_wait / talk, queue.occupancy, found.service_level


def _integrated(
    seats: int, rate: float, talk: float, patience: Patience, within: float, panels: int
) -> Impatient:
    load, done = rate * talk, seats / talk
    nobody_waits = erlang_b(seats - 1, load)
    if nobody_waits == 0:
        return Impatient(Queue(0.0, 0.0, 0.0, 0.0, load / seats), 1.0, 0.0)
    times, widths = _panels(_farthest(rate, done, patience.mean), (*patience.corners, within), panels)
    longer = patience.longer(times)
    stayed = _running(longer, widths)
    height = rate * stayed - done * times
    top = max(float(np.max(height)), 0.0)
    chances = rate * np.exp(height - top) * _weights() * widths
    at_once = math.exp(-top - math.log(nobody_waits))
    chances, at_once = chances / (whole := at_once + float(np.sum(chances))), at_once / whole
    lost, waits, mean = (float(np.sum(chances * each)) for each in (1 - longer, np.ones(1), stayed))
    soon = at_once + float(np.sum((chances * longer)[times < within]))
    return Impatient(Queue(0.0, waits, lost, mean, load * (1 - lost) / seats), soon, 0.0)


def _farthest(rate: float, done: float, mean: float) -> float:
    """A wait that nobody is offered, or next to nobody: H is below the mean, and below the wait itself."""
    farthest = (rate * mean + _DEPTH) / done
    return farthest if rate >= done else min(farthest, _DEPTH / (done - rate))


def _panels(until: float, corners: Sequence[float], panels: int) -> tuple[Numbers, Numbers]:
    """The times at which is to be looked (panels x points) and the widths of the panels (panels x 1).

    Between two corners they are narrower near the first one, where patience may change all at once.
    """
    edges = [0.0, *sorted({corner for corner in corners if 0 < corner < until}), until]
    steps = np.linspace(0.0, 1.0, panels + 1)[:-1] ** 3
    parts = [start + (end - start) * steps for start, end in itertools.pairwise(edges)]
    starts = np.concatenate(parts)
    widths = np.diff(starts, append=until)[:, None]
    return starts[:, None] + widths * _rule()[0], widths


@functools.cache
def _rule() -> tuple[Numbers, Numbers, Numbers]:
    """Gauss and Legendre on [0, 1]: points, weights, and the integrals up to each point by the values at all."""
    points, weights = np.polynomial.legendre.leggauss(_POINTS)
    basis = np.polynomial.legendre.legvander(points, _POINTS - 1)
    upto = np.polynomial.legendre.legint(np.eye(_POINTS), lbnd=-1)
    running = np.polynomial.legendre.legval(points, upto).T @ np.linalg.inv(basis)
    return (points + 1) / 2, weights / 2, running / 2


def _weights() -> Numbers:
    return _rule()[1]


def _running(values: Numbers, widths: Numbers) -> Numbers:
    """The integral from 0 to each point."""
    _, weights, running = _rule()
    whole = np.cumsum((values @ weights)[:, None] * widths, axis=0)
    return whole - (values @ weights)[:, None] * widths + (values @ running.T) * widths

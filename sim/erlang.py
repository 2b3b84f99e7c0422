"""Exact figures of queueing theory for Poisson arrivals and exponential talks and patience (M/M/c/K+M).

`load` is in Erlangs (arrivals per second x mean talk); all are stable for thousands of seats, because every
state's weight is a running product, never a power or a factorial.
"""

from __future__ import annotations

from typing import NamedTuple


class Queue(NamedTuple):
    """`blocked`, `waits`, `abandoned`: shares of all arrivals; `mean_wait` of all of them, in seconds.

    `waits` are those who find every seat taken and join the line.
    """

    blocked: float
    waits: float
    abandoned: float
    mean_wait: float
    occupancy: float


def erlang_b(seats: int, load: float) -> float:
    """The share of calls that find all seats taken where nobody waits."""
    blocked = 1.0
    for taken in range(1, seats + 1):
        blocked = load * blocked / (taken + load * blocked)
    return blocked


def erlang_c(seats: int, load: float) -> float:
    """The share of calls that wait where everybody waits for ever; 1 where the seats are too few."""
    if load >= seats:
        return 1.0
    blocked = erlang_b(seats, load)
    return blocked / (1 - load / seats * (1 - blocked))


def erlang_a(
    seats: int, rate: float, talk: float, patience: float, lines: int | None = None, precision: float = 1e-15
) -> Queue:
    """Callers who lose patience: `rate` per second, mean `talk` and `patience` in seconds.

    The stationary distribution of the birth-death process of calls present, relative to the state of all
    seats taken: downwards and upwards from there every step is one multiplication.
    """
    below, weight = [1.0], 1.0
    for present in range(seats, 0, -1):
        weight *= present / (rate * talk)
        below.append(weight)
    line, weight, waiting = [1.0], 1.0, 0
    while (lines is None or seats + waiting < lines) and weight > precision * sum(below):
        waiting += 1
        weight *= rate / (seats / talk + waiting / patience)
        line.append(weight)
    total = sum(below) + sum(line[1:])
    full = line[-1] / total if lines is not None and seats + waiting == lines else 0.0
    waiters = sum(number * weight for number, weight in enumerate(line)) / total
    talking = sum((seats - free) * weight for free, weight in enumerate(below)) + seats * sum(line[1:])
    return Queue(
        full, sum(line) / total - full, waiters / patience / rate, waiters / rate, talking / total / seats
    )

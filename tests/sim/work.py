"""Work for other processes: functions of a module, as `sim.many.farm` needs them."""

from __future__ import annotations

import os


def squared(given: list[int], number: int) -> int:
    """The square of one of the given."""
    return given[number] ** 2


def uneven(given: int, number: int) -> int:
    """The later the number, the sooner it is done."""
    return sum(range((given - number) * 20_000)) * 0 + number


def failing(given: int, number: int) -> int:
    """Raises for one of the numbers."""
    if number == given:
        raise LookupError(f"number {number}")
    return number


def dying(given: int, number: int) -> int:
    """The process is gone at one of the numbers."""
    if number == given:
        os._exit(1)
    return number


def endless(given: int, number: int) -> int:
    """All but the first take for ever."""
    while number:
        pass
    return os.getpid()

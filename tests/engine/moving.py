"""A line that moves at a steady pace."""

from __future__ import annotations

from acd.expected_wait import FEWEST
from tests.engine.city import City


def moving_line(tax: City, start: float, pace_s: float) -> None:
    """Until `start` the operator at s1 took somebody who had waited every `pace_s` seconds; nobody waits then."""
    count = FEWEST + 10
    at = start - count * pace_s
    _comes(tax, at, "mover0")
    tax.picks_up(at, "s1")
    for number in range(1, count + 1):
        _comes(tax, at, f"mover{number}")
        at = start - (count - number) * pace_s
        tax.hangs_up(at, f"mover{number - 1}")
        tax.picks_up(at, "s1")


def _comes(tax: City, at: float, caller: str) -> None:
    """To the line, through a text or not."""
    tax.arrives(at, caller)
    if tax.done(at)[-1][1] == f"play notice to {caller}":
        tax.hears(at, caller)

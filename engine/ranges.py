"""Ids and numbers as the configuration writes many of them at once: `seat01-seat34`, `1000-1049`."""

from __future__ import annotations

import re
from typing import NamedTuple

_ID = re.compile(r"^([a-z][a-z0-9]*?)([0-9]*)$")
_NUMBERS = re.compile(r"^([0-9]{1,10})(?:-([0-9]{1,10}))?$")
_MOST = 10_000


class Example(NamedTuple):
    """What an id belongs to, and how the ends of a range of them look: for what is told of one that is none."""

    kind: str
    first: str
    last: str


SEAT = Example("seat", "seat01", "seat34")
PERSON = Example("person", "op101", "op134")


def expand_ids(ids: str, like: Example = SEAT) -> list[str]:
    """`seat01-seat03` -> seat01, seat02, seat03; a single id stays what it is.

    Raises ValueError for anything else: the ends of a range have the same letters and as many digits.
    """
    first, dash, last = ids.partition("-")
    low, high = _ID.match(first), _ID.match(last if dash else first)
    written = f"write it like {like.first}"
    if low is None or high is None:
        raise ValueError(f"'{ids}' is no {like.kind}; {written}, or {like.first}-{like.last} for a range")
    if not dash:
        return [first]
    same = low[1] == high[1] and 0 < len(low[2]) == len(high[2]) < 5
    if not same or int(low[2]) > int(high[2]):
        raise ValueError(f"'{ids}' is no range; {written}-{like.last}, same letters, same length")
    return [f"{low[1]}{number:0{len(low[2])}}" for number in range(int(low[2]), int(high[2]) + 1)]


def expand_numbers(numbers: str) -> list[str]:
    """`1000-1002` -> 1000, 1001, 1002; a single number stays what it is.

    Raises ValueError for anything else: both ends of a range have as many digits.
    """
    found = _NUMBERS.match(numbers)
    first, last = (found[1], found[2] or found[1]) if found else ("1", "0")
    if len(first) != len(last) or not 0 <= int(last) - int(first) < _MOST:
        raise ValueError(
            f"'{numbers}' is no number; write digits, or 1000-1049 for a range, at both ends as many"
        )
    return [f"{number:0{len(first)}}" for number in range(int(first), int(last) + 1)]

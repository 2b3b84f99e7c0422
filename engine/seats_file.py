"""`config/seats.yaml`: the places with a telephone, and whose calls they take."""

from __future__ import annotations

import re

from pydantic import BaseModel, ConfigDict, field_validator

_SEAT = re.compile(r"^([a-z][a-z0-9]*?)([0-9]*)$")


class SeatGroup(BaseModel):
    """`ids` is one seat (`seat01`) or a range (`seat01-seat34`) whose seats take the calls of `projects`."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    ids: str
    name: str = ""
    projects: tuple[str, ...] = ()

    @field_validator("ids")
    @classmethod
    def _one_or_a_range(cls, ids: str) -> str:
        expand_ids(ids)
        return ids

    def expanded(self) -> list[str]:
        """The ids of the single seats."""
        return expand_ids(self.ids)


class SeatsFile(BaseModel):
    """The whole file."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    seats: tuple[SeatGroup, ...]


def expand_ids(ids: str) -> list[str]:
    """`seat01-seat03` -> seat01, seat02, seat03; a single id stays what it is.

    Raises ValueError for anything else: the ends of a range have the same letters and as many digits.
    """
    first, dash, last = ids.partition("-")
    low, high = _SEAT.match(first), _SEAT.match(last if dash else first)
    if low is None or high is None:
        raise ValueError(f"'{ids}' is no seat; write it like seat01, or seat01-seat34 for a range")
    if not dash:
        return [first]
    same = low[1] == high[1] and 0 < len(low[2]) == len(high[2]) < 5
    if not same or int(low[2]) > int(high[2]):
        raise ValueError(f"'{ids}' is no range; write it like seat01-seat34, same letters, same length")
    return [f"{low[1]}{number:0{len(low[2])}}" for number in range(int(low[2]), int(high[2]) + 1)]

"""One line of the benchmark."""

from __future__ import annotations

from typing import TypedDict


class Row(TypedDict):
    """`ratio` above 1: ours is better. Values are None where a run gave no figure (nothing was connected)."""

    name: str
    unit: str
    ours: float | None
    rival: str
    rival_value: float | None
    ratio: float | None


def row(
    name: str, unit: str, ours: float | None, rival: str, value: float | None, *, more_is_better: bool
) -> Row:
    """A row with its ratio."""
    ratio = None
    if ours and value:
        ratio = round(ours / value if more_is_better else value / ours, 3)
    return Row(name=name, unit=unit, ours=_round(ours), rival=rival, rival_value=_round(value), ratio=ratio)


def _round(value: float | None) -> float | None:
    return None if value is None else float(f"{value:.5g}")

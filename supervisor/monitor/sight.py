"""What of a row somebody may see. Pure.

All who may watch the same projects, and listen in the same ones, see the same: they share a room.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from msgspec.structs import replace

from supervisor.monitor.rows import (
    CallRow,
    EarRow,
    FiguresRow,
    HalfRow,
    ProjectRow,
    QueueRow,
    Row,
    SeatRow,
    Table,
)

Tables = Mapping[Table, Mapping[str, Row]]


class Sight(NamedTuple):
    """The projects that are watched, and those of which is told who listens."""

    watches: frozenset[str]
    listens: frozenset[str]


def seen(sight: Sight, row: Row, tables: Tables) -> Row | None:
    """As much of a row as may be seen, None for nothing. `tables`: all rows, for what others tell of this one."""
    match row:
        case QueueRow() | HalfRow():
            return row if row.project in sight.watches else None
        case ProjectRow() | FiguresRow():
            return row if row.id in sight.watches else None
        case CallRow():
            return _call(sight, row, tables) if row.project in sight.watches else None
        case EarRow():
            return _ear(sight, row, tables) if row.project in sight.watches & sight.listens else None
        case SeatRow():
            return _seat(sight, row, tables["calls"])
    return row  # an alarm concerns everybody


def _call(sight: Sight, row: CallRow, tables: Tables) -> CallRow:
    return row if _is_told(sight, row.seat, tables) else replace(row, seat="")


def _ear(sight: Sight, row: EarRow, tables: Tables) -> EarRow:
    return row if _is_told(sight, row.heard, tables) else replace(row, heard="")


def _is_told(sight: Sight, seat: str, tables: Tables) -> bool:
    """Whether a seat may be named: somebody of a project that is not watched may have been brought into a call."""
    row = tables["seats"].get(seat)
    return isinstance(row, SeatRow) and _is_seen(sight, row)


def _is_seen(sight: Sight, row: SeatRow) -> bool:
    return not (sight.watches.isdisjoint(row.projects) and sight.watches.isdisjoint(row.supervises))


def _seat(sight: Sight, row: SeatRow, calls: Mapping[str, Row]) -> SeatRow | None:
    if not _is_seen(sight, row):
        return None
    call = calls.get(row.call)
    told = isinstance(call, CallRow) and _may_know(sight, row, call)
    return replace(
        row,
        projects=_watched(sight, row.projects),
        supervises=_watched(sight, row.supervises),
        call=row.call if told else "",
    )


def _watched(sight: Sight, projects: Iterable[str]) -> tuple[str, ...]:
    return tuple(name for name in projects if name in sight.watches)


def _may_know(sight: Sight, seat: SeatRow, call: CallRow) -> bool:
    """A seat with a call that is not its own is that of somebody who listens."""
    return call.project in (sight.watches if call.seat == seat.id else sight.watches & sight.listens)

"""A room: everybody who may see the same. Their frames are made once, and numbered."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import msgspec

from supervisor.monitor.rows import TABLES, Key, Row, Table
from supervisor.monitor.sight import Sight, Tables, seen

_encode = msgspec.json.Encoder().encode


class Room:
    """What one kind of viewer sees. `number`: of the last frame of changes; each is one more than the one before."""

    def __init__(self, sight: Sight, tables: Tables) -> None:
        self.sight = sight
        self.number = 0
        self._shown: dict[Table, dict[str, Row]] = {name: {} for name in TABLES}
        self._look(tables, self._all(tables))

    def changes(
        self, tables: Tables, keys: Collection[Key] | None, at: float, data_at: float
    ) -> bytes | None:
        """The frame that tells of these rows, None where nothing of them is otherwise for this room.

        `keys` None: nobody knows which rows are otherwise than before; all are looked at.
        """
        put, gone = self._look(tables, self._all(tables) if keys is None else _with_named(tables, keys))
        if not put and not gone:
            return None
        self.number += 1
        frame: dict[str, Any] = {"type": "changes", **self._times(at, data_at)}
        if put:
            frame["set"] = put
        if gone:
            frame["gone"] = gone
        return _encode(frame)

    def snapshot(self, at: float, data_at: float) -> bytes:
        """The frame that tells everything."""
        return _encode({"type": "snapshot", **self._times(at, data_at), "tables": self._shown})

    def tick(self, at: float, data_at: float) -> bytes:
        """The frame that says that time goes on, and up to which number everything was told."""
        return _encode({"type": "tick", **self._times(at, data_at)})

    def _times(self, at: float, data_at: float) -> dict[str, float]:
        return {"n": self.number, "at": round(at, 3), "data_at": round(data_at, 3)}

    def _all(self, tables: Tables) -> Collection[Key]:
        return {(name, id_) for name in TABLES for id_ in {*tables[name], *self._shown[name]}}

    def _look(
        self, tables: Tables, keys: Collection[Key]
    ) -> tuple[dict[Table, dict[str, Row]], dict[Table, list[str]]]:
        put: dict[Table, dict[str, Row]] = {}
        gone: dict[Table, list[str]] = {}
        for table, id_ in keys:
            row, shown = tables[table].get(id_), self._shown[table]
            now = None if row is None else seen(self.sight, row, tables)
            if now == shown.get(id_):
                continue
            if now is None:
                del shown[id_]
                gone.setdefault(table, []).append(id_)
            else:
                shown[id_] = now
                put.setdefault(table, {})[id_] = now
        return put, gone


def _with_named(tables: Tables, keys: Collection[Key]) -> Collection[Key]:
    """What is told of a seat depends on its call, and what is told of a call or an ear on the seat that it names."""
    calls, seats = ({id_ for table, id_ in keys if table == wanted} for wanted in ("calls", "seats"))
    found = set(keys)
    if calls:
        found |= _naming(tables, "seats", "call", calls)
    if seats:
        found |= _naming(tables, "calls", "seat", seats) | _naming(tables, "ears", "heard", seats)
    return found


def _naming(tables: Tables, table: Table, field: str, ids: Collection[str]) -> set[Key]:
    return {(table, id_) for id_, row in tables[table].items() if getattr(row, field) in ids}

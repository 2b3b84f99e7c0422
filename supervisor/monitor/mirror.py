"""What the engine shows, row by row, as this process knows it: a fold of the frames of its live stream."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from supervisor.api.frames import (
    CallChanged,
    Changes,
    CountChanged,
    EarChanged,
    Gone,
    ProjectChanged,
    QueueChanged,
    SeatChanged,
    Snapshot,
    Tick,
)
from supervisor.api.shapes import AlarmView, CountView, ProjectView
from supervisor.monitor.counted import Counted
from supervisor.monitor.rows import (
    AlarmRow,
    Key,
    Row,
    Table,
    alarm_row,
    call_row,
    ear_row,
    project_row,
    queue_row,
    seat_row,
)
from supervisor.monitor.terms import told_by

Frame = Snapshot | Changes | Tick
_OF_KIND: dict[str, Table] = {
    "call": "calls",
    "seat": "seats",
    "queue": "queues",
    "project": "projects",
    "ear": "ears",
}
AWAY, STORE = "engine_away", "monitor_store"
"""The alarms that the engine cannot raise itself."""


class Mirror:
    """The rows of all tables but the figures, and the counted calls. `data_at`: until then all of this is known.

    `take` says which rows are otherwise than before; what is the same is not told again, so that an engine that comes
    back with what it had changes nothing.
    """

    def __init__(self) -> None:
        self.tables: dict[Table, dict[str, Row]] = {
            name: {} for name in ("calls", "seats", "queues", "projects", "ears", "alarms")
        }
        self.counted = Counted()
        self.projects: dict[str, ProjectView] = {}
        self.data_at = 0.0
        self._own: dict[str, Row] = {}

    def take(self, frame: Frame) -> set[Key]:
        """Take one frame in; the rows that it changed, those of the figures by their project."""
        if isinstance(frame, Changes):
            changed = {key for change in frame.changes for key in self._change(change)}
            self.data_at = max([self.data_at, *(change.at for change in frame.changes)])
            return changed
        self.data_at = frame.at
        if isinstance(frame, Snapshot):
            return self._everything(frame)
        changed = self._all_of("queues", map(queue_row, frame.queues)) | self._known(frame.projects)
        return changed | self._alarms(frame.alarms)

    def away(self, since: float, text: str) -> set[Key]:
        """The engine is not heard; that is over with the next snapshot."""
        return self._sound(AlarmRow(AWAY, "engine", "critical", since, text))

    def store_is(self, trouble: str, at: float) -> set[Key]:
        """Whether we can read the store ourselves: empty, or why not."""
        if trouble:
            return self._sound(AlarmRow(STORE, "store", "warning", at, trouble))
        return self._silence(STORE)

    def _sound(self, alarm: AlarmRow) -> set[Key]:
        if alarm.id in self._own:
            return set()
        self._own[alarm.id] = alarm
        return self._put("alarms", alarm)

    def _silence(self, alarm: str) -> set[Key]:
        self._own.pop(alarm, None)
        return self._gone("alarms", alarm)

    def _everything(self, shot: Snapshot) -> set[Key]:
        changed = self._all_of("calls", map(call_row, shot.calls))
        changed |= self._all_of("seats", map(seat_row, shot.seats))
        changed |= self._all_of("queues", map(queue_row, shot.queues))
        changed |= self._all_of("ears", map(ear_row, shot.ears))
        changed |= self._known(shot.projects) | self._silence(AWAY)
        return changed | _figures(self.counted.all_of(shot.counts))

    def _change(self, change: object) -> set[Key]:
        match change:
            case CallChanged(_, _, call):
                return self._put("calls", call_row(call))
            case SeatChanged(_, _, seat):
                return self._put("seats", seat_row(seat))
            case QueueChanged(_, _, queue):
                return self._put("queues", queue_row(queue))
            case EarChanged(_, _, ear):
                return self._put("ears", ear_row(ear))
            case ProjectChanged(_, _, project):
                return self._project(project)
            case CountChanged(_, _, count):
                return _figures(self._count(count))
            case Gone(_, _, kind, id_) if kind in _OF_KIND:
                return self._left(_OF_KIND[kind], id_)
        return set()

    def _count(self, count: CountView) -> set[str]:
        return {count.project} if self.counted.put(count) else set()

    def _left(self, table: Table, id_: str) -> set[Key]:
        if table == "projects" and self.projects.pop(id_, None) is not None:
            return self._gone(table, id_) | _figures({id_})
        return self._gone(table, id_)

    def _project(self, view: ProjectView) -> set[Key]:
        before, self.projects[view.project] = self.projects.get(view.project), view
        changed = self._put("projects", project_row(view))
        if before is None or told_by(before) != told_by(view):
            changed |= _figures({view.project})
        return changed

    def _known(self, views: Iterable[ProjectView]) -> set[Key]:
        """These projects and no others."""
        now = list(views)
        gone = self.projects.keys() - {view.project for view in now}
        changed = {key for id_ in gone for key in self._left("projects", id_)}
        return changed.union(*map(self._project, now)) if now else changed

    def _alarms(self, views: Iterable[AlarmView]) -> set[Key]:
        return self._all_of("alarms", [*map(alarm_row, views), *self._own.values()])

    # ---- rows

    def _put(self, table: Table, row: Row) -> set[Key]:
        rows = self.tables[table]
        if rows.get(row.id) == row:
            return set()
        rows[row.id] = row
        return {(table, row.id)}

    def _gone(self, table: Table, id_: str) -> set[Key]:
        return {(table, id_)} if self.tables[table].pop(id_, None) is not None else set()

    def _all_of(self, table: Table, rows: Iterable[Row]) -> set[Key]:
        """These rows and no others."""
        before, now = self.tables[table], {row.id: row for row in rows}
        self.tables[table] = now
        return {(table, id_) for id_ in _differing(before, now)}


def _differing(before: Mapping[str, object], now: Mapping[str, object]) -> set[str]:
    return {id_ for id_ in before.keys() | now.keys() if before.get(id_) != now.get(id_)}


def _figures(projects: Iterable[str]) -> set[Key]:
    return {("figures", project) for project in projects}

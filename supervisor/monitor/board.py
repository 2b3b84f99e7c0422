"""The whole board of the monitor: the mirror of the engine, and the figures made of it."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable

from calls.budget import Counts
from supervisor.api.shapes import ProjectView
from supervisor.monitor.figures import figures_row, half_rows, halves_of
from supervisor.monitor.mirror import Frame, Mirror
from supervisor.monitor.rows import Key, Row, Table
from supervisor.monitor.terms import Terms, terms_of, told_by
from supervisor.standing import midnight_of

log = logging.getLogger(__name__)

Before = Callable[[Terms, float], Counts | None]
"""The calls of a period on other days than that of a moment, None while they are not known."""


class MonitorBoard:
    """Rows by table and id. `before` is asked for what earlier days of a period had; `level_s`: of the service level.

    What changed is collected until `changed` takes it away.
    """

    def __init__(self, before: Before, level_s: float) -> None:
        self.mirror = Mirror()
        self.tables: dict[Table, dict[str, Row]] = {**self.mirror.tables, "figures": {}, "halves": {}}
        self._before = before
        self._level_s = level_s
        self._changed: set[Key] = set()
        self._stale: set[str] = set()
        self._terms: dict[str, tuple[object, Terms]] = {}

    @property
    def data_at(self) -> float:
        """Until when all of this is known (seconds since 1970 UTC); 0 before anything is."""
        return self.mirror.data_at

    def take(self, frame: Frame) -> None:
        """Take a frame of the engine's stream in."""
        self._note(self.mirror.take(frame))

    def away(self, since: float, text: str) -> None:
        """The engine is not heard."""
        self._note(self.mirror.away(since, text))

    def store_is(self, trouble: str, at: float) -> None:
        """Whether the store can be read: empty, or why not."""
        self._note(self.mirror.store_is(trouble, at))

    def renew(self, project: str) -> None:
        """Something else that a project's figures are made of is known now."""
        self._stale.add(project)

    def time_goes_on(self) -> None:
        """The pace is another, and at midnight the day: all figures are looked at again."""
        self._stale |= self.mirror.projects.keys()

    def changed(self, at: float) -> set[Key]:
        """The rows that are otherwise than when this was last asked."""
        stale, self._stale = self._stale, set()
        for project in stale:
            try:
                self._compute(project, at)
            except Exception:  # what is told of all others must not wait for it
                log.exception("the figures of %s cannot be computed", project)
                self._without(project)
        changed, self._changed = self._changed, set()
        return changed

    def waiting(self) -> bool:
        """Whether there is anything to take away."""
        return bool(self._changed or self._stale)

    def _note(self, keys: set[Key]) -> None:
        self.tables.update(self.mirror.tables)
        self._stale |= {id_ for table, id_ in keys if table == "figures"}
        self._changed |= {key for key in keys if key[0] != "figures"}

    def _compute(self, project: str, at: float) -> None:
        view = self.mirror.projects.get(project)
        if view is None:
            self._without(project)
            return
        terms = self._terms_of(view)
        halves = halves_of(terms, self.mirror.counted.since(project, midnight_of(terms, at)))
        row = figures_row(terms, halves, self._before(terms, at), at, self._level_s)
        self._put("figures", {project: row}, [project])
        rows: dict[str, Row] = {half.id: half for half in half_rows(project, halves)}
        self._put("halves", rows, self._halves(project))

    def _without(self, project: str) -> None:
        self._put("figures", {}, [project])
        self._put("halves", {}, self._halves(project))

    def _terms_of(self, view: ProjectView) -> Terms:
        known = self._terms.get(view.project)
        if known is None or known[0] != told_by(view):
            known = self._terms[view.project] = (told_by(view), terms_of(view))
        return known[1]

    def _halves(self, project: str) -> list[str]:
        return [id_ for id_ in self.tables["halves"] if id_.rpartition("@")[0] == project]

    def _put(self, table: Table, rows: dict[str, Row], before: Iterable[str]) -> None:
        """These rows instead of those of before."""
        shown = self.tables[table]
        for id_ in {*before, *rows}:
            if shown.get(id_) == rows.get(id_):
                continue
            self._changed.add((table, id_))
            if id_ in rows:
                shown[id_] = rows[id_]
            else:
                del shown[id_]

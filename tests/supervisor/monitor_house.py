"""What the engine tells, made by hand, and a page that takes the monitor's frames in the way a browser does."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from calls.lifecycle import SeatState, State
from calls.promise import Promise
from ivr.project import Project
from supervisor.api.frames import (
    AnyChange,
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
from supervisor.api.shapes import (
    AlarmView,
    CallView,
    CountView,
    EarView,
    Me,
    ProjectView,
    PromiseView,
    QueueView,
    SeatView,
)
from supervisor.standing import local, open_today
from telephony.alarms import SEVERITY, AlarmName
from tests.supervisor.standing_behaviour import moment, tax

AT = moment("2026-05-07T13:05")
TODAY = moment("2026-05-07T00:00")
NUMBER = "09012345678"
_KINDS = {
    CallView: (CallChanged, "calls"),
    SeatView: (SeatChanged, "seats"),
    QueueView: (QueueChanged, "queues"),
    EarView: (EarChanged, "ears"),
    ProjectView: (ProjectChanged, "projects"),
    CountView: (CountChanged, "counts"),
}
View = CallView | SeatView | QueueView | EarView | ProjectView | CountView


def call(id_: str = "c1", project: str = "tax", **more: Any) -> CallView:
    """A caller who waits."""
    known = {
        "state": State.QUEUED,
        "queue": f"{project}/main",
        "seat": "",
        "queued_at": AT - 20,
        "caller": NUMBER,
    }
    rest = {"direction": "in", "number": "0480000001", "since": AT - 20, "arrived_at": AT - 30, "priority": 0}
    unused = {"seconds": 20.0, "wait": 20.0, "inquiry_class": "", "parties": [], "answered_at": None}
    return CallView(**{"call": id_, "project": project, **known, **rest, **unused, **more})


def seat(id_: str = "s1", *projects: str, **more: Any) -> SeatView:
    """A seat that is ready."""
    known = {"state": SeatState.READY, "since": AT - 60, "seconds": 60.0, "number": "11", "operator": "op1"}
    rest = {"operator_name": "青木", "reason": "", "call": "", "queues": [], "supervises": []}
    return SeatView(**{"seat": id_, **known, "projects": list(projects or ("tax",)), **rest, **more})


def queue(id_: str = "tax/main", **more: Any) -> QueueView:
    """A queue in which nobody waits."""
    known = {"waiting": 0, "longest_since": None, "longest_wait": None, "expected_wait": None, "pace": None}
    return QueueView(
        **{"queue": id_, "project": id_.partition("/")[0], **known, "seats": {"READY": 1}, **more}
    )


def ear(id_: str = "desk", project: str = "tax", **more: Any) -> EarView:
    """A supervisor who listens."""
    known = {"call": "c1", "heard": "s1", "mode": "listen", "by": "oka", "since": AT - 5, "seconds": 5.0}
    return EarView(**{"seat": id_, "project": project, **known, **more})


def count(outcome: str = "", waited: int = -1, calls: int = 1, **more: Any) -> CountView:
    """Calls that are alike."""
    return CountView(**{"project": "tax", "start": AT // 1800 * 1800, "outcome": outcome, "waited": waited,
                        "calls": calls, **more})  # fmt: skip


def alarm(name: AlarmName = AlarmName.DISK_LOW, **more: Any) -> AlarmView:
    """An alarm of the engine."""
    known = {"severity": SEVERITY[name], "since": AT - 5, "seconds": 5.0, "text": "5 % left"}
    return AlarmView(**{"alarm": name, **known, **more})


def promised(promise: Promise, month: int = 5) -> PromiseView:
    """A promise, as the API tells it."""
    return PromiseView(
        version=promise.version,
        numerator=[str(one) for one in promise.numerator],
        denominator=[str(one) for one in promise.denominator],
        short_abandon_s=promise.short_abandon_s,
        period=promise.period,
        value=promise.value_for(month),
        base=promise.value,
        months=dict(promise.months),
    )


def project(of: Project | None = None, at: float = AT, **more: Any) -> ProjectView:
    """A project that is open, as the API tells it."""
    of = of or tax()
    known = {
        "project": of.project,
        "name": of.name,
        "open": True,
        "reason": "",
        "override": None,
        "until": None,
    }
    rest = {"by": None, "numbers": ["0480000001"], "queues": [], "inquiry_classes": [], "version": 1}
    terms = {"timezone": of.timezone, "promise": promised(of.promise, local(of, at).month)}
    return ProjectView(**{**known, **rest, **terms, "hours_today": open_today(of, at), **more})


def snapshot(*views: View, at: float = AT, seq: int = 1) -> Snapshot:
    """Everything that there is."""
    found: dict[str, list[Any]] = {name: [] for _, name in _KINDS.values()}
    for view in views:
        found[_KINDS[type(view)][1]].append(view)
    return Snapshot(seq=seq, at=at, me=Me("admin", "", "admin", [], [], []), callbacks=[], **found)


def changes(*what: View | Gone, at: float = AT, seq: int = 2) -> Changes:
    """What is otherwise now."""
    return Changes([one if isinstance(one, Gone) else _changed(one, at, seq) for one in what])


def _changed(view: View, at: float, seq: int) -> AnyChange:
    made: AnyChange = _KINDS[type(view)][0](seq, at, view)
    return made


def gone(kind: Any, id_: str, at: float = AT) -> Gone:
    """It is over."""
    return Gone(2, at, kind, id_)


def tick(
    alarms: Iterable[AlarmView] = (), queues: Iterable[QueueView] = (), projects: Iterable[ProjectView] = (),
    at: float = AT,
) -> Tick:  # fmt: skip
    """Time goes on."""
    return Tick(2, at, list(alarms), list(queues), list(projects))


class Page:
    """Takes frames in and insists on their numbers."""

    def __init__(self) -> None:
        self.number = -1
        self.tables: dict[str, dict[str, Any]] = {}
        self.frames: list[dict[str, Any]] = []

    def take(self, frame: bytes | str) -> dict[str, Any]:
        """One frame."""
        told: dict[str, Any] = json.loads(frame)
        self.frames.append(told)
        if told["type"] == "snapshot":
            self.tables, self.number = json.loads(frame)["tables"], told["n"]
        elif told["type"] == "tick":
            assert told["n"] == self.number
        else:
            assert told["n"] == self.number + 1
            self.number += 1
            self._change(told.get("set", {}), told.get("gone", {}))
        return told

    def _change(self, put: dict[str, dict[str, Any]], left: dict[str, list[str]]) -> None:
        assert put or left
        for table, rows in put.items():
            assert rows
            self.tables[table].update(rows)
        for table, ids in left.items():
            for id_ in ids:
                del self.tables[table][id_]

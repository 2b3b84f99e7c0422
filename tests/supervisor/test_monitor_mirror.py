"""The mirror of the engine: whatever way it got there, it shows what a snapshot of the same moment shows."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from calls.lifecycle import SeatState, State
from supervisor.api.frames import Snapshot
from supervisor.api.shapes import CountView
from supervisor.monitor.mirror import AWAY, STORE, Mirror
from telephony.alarms import AlarmName
from tests.supervisor import monitor_house as house
from tests.supervisor.monitor_house import AT, View, changes, gone, snapshot, tick
from tests.supervisor.standing_behaviour import tax

pytestmark = pytest.mark.unit

IDS = st.sampled_from("abcd")
NAMES = st.sampled_from(["tax", "water"])
CALLS = st.builds(
    lambda id_, name, state, seat: house.call(id_, name, state=state, seat=seat),
    IDS, NAMES, st.sampled_from(State), IDS,
)  # fmt: skip
SEATS = st.builds(
    lambda id_, name, state, call: house.seat(id_, name, state=state, call=call),
    IDS, NAMES, st.sampled_from(SeatState), IDS,
)  # fmt: skip
QUEUES = st.builds(
    lambda id_, n, pace: house.queue(f"tax/{id_}", waiting=n, pace=pace),
    IDS, st.integers(0, 2), st.sampled_from([None, 0.2, 7.4, 7.6]),
)  # fmt: skip
EARS = st.builds(
    lambda id_, name, mode: house.ear(id_, name, mode=mode), IDS, NAMES, st.sampled_from(["listen", "barge"])
)
PROJECTS = st.builds(
    lambda id_, value, is_open: house.project(tax(value=value), project=id_, open=is_open),
    NAMES, st.sampled_from([0.8, 0.9]), st.booleans(),
)  # fmt: skip
COUNTS = st.builds(
    lambda name, outcome, waited, n: house.count(outcome, waited, n, project=name),
    NAMES, st.sampled_from(["", "answered"]), st.integers(-1, 1), st.integers(0, 2),
)  # fmt: skip
VIEWS = st.one_of(CALLS, SEATS, QUEUES, EARS, PROJECTS, COUNTS)
KINDS = {
    "CallView": "call",
    "SeatView": "seat",
    "QueueView": "queue",
    "EarView": "ear",
    "ProjectView": "project",
}
STEPS = st.lists(st.tuples(VIEWS, st.booleans()), max_size=30)


def key(view: View) -> tuple[str, str]:
    """What a view is of."""
    kind = type(view).__name__
    if isinstance(view, CountView):
        return kind, f"{view.project}|{view.start}|{view.outcome}|{view.waited}"
    return kind, getattr(view, "seat" if kind == "EarView" else KINDS[kind])


def shown(mirror: Mirror) -> Any:
    """All that a mirror has."""
    counts = {name: _counts(mirror, name) for name in ("tax", "water")}
    return mirror.tables, counts, mirror.projects


def _counts(mirror: Mirror, name: str) -> Any:
    halves = {start: +half for start, half in mirror.counted.since(name, 0.0)}
    return {start: half for start, half in halves.items() if half}


def snapshot_of(engine: dict[tuple[str, str], View]) -> Snapshot:
    """What an engine tells that has all of this."""
    return snapshot(*(one for one in engine.values() if not (isinstance(one, CountView) and not one.calls)))


@given(st.lists(VIEWS, max_size=12), STEPS, st.booleans())
def test_changes_lead_to_what_a_snapshot_shows(
    first: list[View], steps: list[tuple[View, bool]], at_once: bool
) -> None:
    engine, mirror = {key(view): view for view in first}, Mirror()
    mirror.take(snapshot_of(engine))
    told: list[Any] = []
    for view, goes in steps:
        if goes and not isinstance(view, CountView):
            engine.pop(key(view), None)
            told.append(gone(KINDS[type(view).__name__], key(view)[1]))
        else:
            engine[key(view)] = view
            told.append(view)
    for frame in [told] if at_once else [[one] for one in told]:
        mirror.take(changes(*frame))
    fresh = Mirror()
    fresh.take(snapshot_of(engine))
    assert shown(mirror) == shown(fresh)
    assert mirror.take(snapshot_of(engine)) == set(), (
        "an engine that comes back with the same changes nothing"
    )
    assert shown(mirror) == shown(fresh)


@given(st.lists(VIEWS, max_size=12), st.lists(VIEWS, max_size=12), STEPS)
def test_it_says_which_rows_are_otherwise(
    first: list[View], second: list[View], steps: list[tuple[View, bool]]
) -> None:
    mirror = Mirror()
    frames: list[Any] = [snapshot_of({key(view): view for view in views}) for views in (first, second)]
    for view, goes in steps:
        goes = goes and not isinstance(view, CountView)
        frames.append(changes(gone(KINDS[type(view).__name__], key(view)[1]) if goes else view))
    frames.append(tick(queues=[view for view in first if type(view).__name__ == "QueueView"]))  # type: ignore[misc]
    for frame in frames:
        before = {table: dict(rows) for table, rows in mirror.tables.items()}
        counts = {name: _counts(mirror, name) for name in ("tax", "water")}
        changed = mirror.take(frame)
        now = mirror.tables
        rows = {
            (table, id_)
            for table in now
            for id_ in {*now[table], *before[table]}
            if now[table].get(id_) != before[table].get(id_)
        }
        assert {place for place in changed if place[0] != "figures"} == rows
        figures = {name for name in counts if counts[name] != _counts(mirror, name)}
        assert figures <= {id_ for table, id_ in changed if table == "figures"}


def test_no_number_is_shown_whole() -> None:
    mirror = Mirror()
    mirror.take(snapshot(house.call()))
    assert "0901234****" in str(mirror.tables["calls"])
    assert house.NUMBER not in str(vars(mirror))


def test_what_a_project_is_computed_by_makes_its_figures_others() -> None:
    mirror, of = Mirror(), tax()
    mirror.take(snapshot(house.project(of)))
    same = [house.project(of, open=False), house.project(of, reason="holiday")]
    assert all(mirror.take(changes(view)) == {("projects", "tax")} for view in same)
    others = [
        house.project(tax(value=0.8)),
        house.project(tax(months={5: 0.7})),
        house.project(tax(short_abandon_s=5.0)),
        house.project(of, timezone="Europe/Paris"),
        house.project(of, hours_today=[(AT, AT + 60)]),
    ]
    for view in others:
        assert ("figures", "tax") in mirror.take(changes(view))
    assert mirror.take(changes(gone("project", "tax"))) == {("projects", "tax"), ("figures", "tax")}
    assert mirror.take(changes(gone("project", "tax"))) == set()


def test_until_when_all_of_it_is_known() -> None:
    mirror = Mirror()
    assert mirror.data_at == 0.0
    for frame, data_at in (
        (snapshot(at=AT), AT),
        (changes(house.call(), at=AT + 2), AT + 2),
        (changes(house.call("c0"), at=AT + 1), AT + 2),
        (changes(), AT + 2),
        (tick(at=AT + 3), AT + 3),
        (snapshot(at=AT + 1), AT + 1),
    ):
        mirror.take(frame)
        assert mirror.data_at == data_at


def test_an_engine_that_is_not_heard_is_an_alarm_until_it_is_heard_again() -> None:
    mirror = Mirror()
    mirror.take(snapshot())
    mirror.take(tick([house.alarm()]))
    assert mirror.away(AT + 1, "gone") == {("alarms", AWAY)}
    assert mirror.away(AT + 2, "still gone") == set()
    row: Any = mirror.tables["alarms"][AWAY]
    assert (row.part, row.severity, row.since, row.text) == ("engine", "critical", AT + 1, "gone")
    assert set(mirror.tables["alarms"]) == {AWAY, AlarmName.DISK_LOW.value}
    assert mirror.take(snapshot()) == {("alarms", AWAY)}
    assert set(mirror.tables["alarms"]) == {AlarmName.DISK_LOW.value}
    assert mirror.take(tick()) == {("alarms", AlarmName.DISK_LOW.value)}


def test_a_store_that_cannot_be_read_is_an_alarm_that_outlives_ticks() -> None:
    mirror = Mirror()
    assert mirror.store_is("", AT) == set()
    assert mirror.store_is("no disk", AT) == {("alarms", STORE)}
    assert mirror.take(tick()) == mirror.take(snapshot()) == set()
    assert mirror.store_is("no disk", AT + 1) == set()
    assert mirror.store_is("", AT + 2) == {("alarms", STORE)}
    assert mirror.tables["alarms"] == {}

"""What a room tells: all that its viewers may see, and nothing else, in frames that fit together."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from calls.budget import Counts
from calls.lifecycle import State
from supervisor.api.shapes import CallView, EarView, QueueView, SeatView
from supervisor.monitor.board import MonitorBoard
from supervisor.monitor.room import Room
from supervisor.monitor.rows import TABLES, CallRow, EarRow, SeatRow
from supervisor.monitor.sight import Sight, seen
from tests.supervisor import monitor_house as house
from tests.supervisor.monitor_house import AT, Page, changes, gone, snapshot, tick

pytestmark = pytest.mark.unit

PROJECTS = ("Alpha", "Beta", "Gamma")
NAMES = st.sampled_from(PROJECTS)
SOME = st.lists(NAMES, max_size=3, unique=True)
NUMBERS = [f"0901{number}3345{number}8" for number in range(3)]
SEATS = [f"SEAT{number}" for number in range(4)]
WATCHERS = [
    Sight(frozenset(), frozenset()),
    Sight(frozenset({"Alpha"}), frozenset()),
    Sight(frozenset({"Alpha"}), frozenset({"Alpha"})),
    Sight(frozenset({"Beta"}), frozenset({"Alpha", "Beta"})),
    Sight(frozenset({"Alpha", "Beta"}), frozenset({"Beta"})),
    Sight(frozenset(PROJECTS), frozenset(PROJECTS)),
]


def call(name: str, number: int, state: State, seat: str) -> CallView:
    """A call of a project; each of its texts names the project, or is a number of somebody."""
    return house.call(
        f"c{number}{name}", name, state=state, seat=seat, number=f"048{name}", caller=NUMBERS[number]
    )


def calls() -> st.SearchStrategy[CallView]:
    """Any call."""
    return st.builds(call, NAMES, st.integers(0, 2), st.sampled_from(State), st.sampled_from([*SEATS, ""]))


def any_seat(id_: str, names: list[str], supervises: list[str], name: str, number: int) -> SeatView:
    """A seat with a call, or (of number 3) without."""
    own = {"number": f"11{id_}", "operator": f"op{id_}", "operator_name": f"岡{id_}", "reason": f"昼{id_}"}
    held = f"c{number}{name}" if number < 3 else ""
    known: dict[str, Any] = {"supervises": supervises, "call": held, **own}
    return house.seat(id_, **{**known, "projects": names})


def any_ear(id_: str, name: str, number: int, heard: str) -> EarView:
    """Somebody who listens; that he does, his `by` says."""
    return house.ear(id_, name, call=f"c{number}{name}", heard=heard, by=f"EAR{name}")


def any_queue(name: str, waiting: int) -> QueueView:
    """A queue."""
    return house.queue(f"{name}/main", waiting=waiting)


VIEWS = st.one_of(
    calls(),
    st.builds(any_seat, st.sampled_from(SEATS), SOME, SOME, NAMES, st.integers(0, 3)),
    st.builds(any_ear, st.sampled_from(SEATS), NAMES, st.integers(0, 2), st.sampled_from(SEATS)),
    st.builds(any_queue, NAMES, st.integers(0, 2)),
    st.builds(
        lambda name, is_open: house.project(
            project=name, name=f"名{name}", reason=f"r{name}", by=f"by{name}", override=f"o{name}", open=is_open
        ),
        NAMES,
        st.booleans(),
    ),
    st.builds(
        lambda name, outcome, n: house.count(outcome, 3 if outcome else -1, n, project=name),
        NAMES, st.sampled_from(["", "answered"]), st.integers(0, 2),
    ),
)  # fmt: skip
GONE = st.one_of(
    st.builds(lambda name, n: gone("call", f"c{n}{name}"), NAMES, st.integers(0, 2)),
    st.builds(lambda id_: gone("ear", id_), st.sampled_from(SEATS)),
    st.builds(lambda id_: gone("seat", id_), st.sampled_from(SEATS)),
    st.builds(lambda name: gone("project", name), NAMES),
)
FRAMES = st.one_of(
    st.builds(
        lambda views: snapshot(*views), st.lists(VIEWS, max_size=12, unique_by=lambda view: str(view)[:40])
    ),
    st.builds(lambda what: changes(*what), st.lists(VIEWS | GONE, max_size=6)),
    st.builds(
        lambda names: tick([house.alarm()], projects=[house.project(project=one) for one in names]), SOME
    ),
)


def board() -> MonitorBoard:
    """One that knows what earlier days had."""
    return MonitorBoard(lambda terms, at: Counts(9, 10), 20.0)


@given(st.sampled_from(WATCHERS), st.lists(FRAMES, min_size=1, max_size=8))
def test_nothing_of_what_may_not_be_seen_is_ever_told(sight: Sight, frames: list[Any]) -> None:
    shown = board()
    room, page = Room(sight, shown.tables), Page()
    told = [room.snapshot(AT, AT)]
    _look(page, sight, shown, told)
    for frame in frames:
        shown.take(frame)
        known = set(page.tables["seats"]) | set(page.tables["ears"])
        made = room.changes(shown.tables, shown.changed(AT), AT, AT)
        told = [frame for frame in (made, room.tick(AT, AT), room.snapshot(AT, AT)) if frame is not None]
        _look(page, sight, shown, told, known)


def _look(
    page: Page, sight: Sight, shown: MonitorBoard, told: list[bytes], known: set[str] | None = None
) -> None:
    hidden = [name for name in PROJECTS if name not in sight.watches]
    unheard = [f"EAR{name}" for name in PROJECTS if name not in sight.watches & sight.listens]
    for frame in told:
        if json.loads(frame)["type"] == "snapshot" and page.number >= 0:
            assert json.loads(frame)["tables"] == page.tables, "a snapshot is what the changes have built"
        page.take(frame)
        text = frame.decode()
        assert not [word for word in (*hidden, *unheard, *NUMBERS) if word in text]
        seats = {*page.tables["seats"], *page.tables["ears"], *(known or ())}
        assert not [id_ for id_ in SEATS if id_ in text and id_ not in seats]
    _agrees(page, sight, shown)


def _agrees(page: Page, sight: Sight, shown: MonitorBoard) -> None:
    """The page shows what somebody is shown who comes in just now; and of ears only what he may know."""
    fresh = Page()
    fresh.take(Room(sight, shown.tables).snapshot(AT, AT))
    assert page.tables == fresh.tables
    assert set(page.tables) == set(TABLES)
    for row in page.tables["seats"].values():
        called = shown.tables["calls"].get(row["call"])
        if row["call"]:
            assert isinstance(called, CallRow)
            assert called.seat == row["id"] or called.project in sight.listens & sight.watches


@given(st.lists(FRAMES, min_size=1, max_size=6))
def test_who_may_see_all_of_it_is_told_all_of_it(frames: list[Any]) -> None:
    shown = board()
    for frame in frames:
        shown.take(frame)
    shown.changed(AT)
    page, sight = Page(), WATCHERS[-1]
    page.take(Room(sight, shown.tables).snapshot(AT, AT))
    for table in TABLES:
        if table != "seats":
            assert set(page.tables[table]) == set(shown.tables[table])
    placed = [row.id for row in shown.tables["seats"].values() if isinstance(row, SeatRow) and _serves(row)]
    assert set(page.tables["seats"]) == set(placed)


def _serves(row: SeatRow) -> bool:
    return bool(row.projects or row.supervises)


def tables(*views: Any) -> Any:
    """The rows of these."""
    shown = board()
    shown.take(snapshot(*views))
    return shown.tables


def test_a_supervisors_seat_with_a_call_tells_nobody_that_he_listens() -> None:
    rows = tables(
        house.call("c1", "Alpha", seat="s1", state=State.TALKING),
        house.seat("s1", "Alpha", call="c1"),
        house.seat("desk", projects=[], supervises=["Alpha", "Beta"], call="c1"),
        house.ear("desk", "Alpha", call="c1", heard="s1"),
    )
    alpha, nothing = frozenset({"Alpha"}), frozenset[str]()
    desk, ears = rows["seats"]["desk"], rows["ears"]["desk"]
    for sight, heard in ((Sight(alpha, nothing), False), (Sight(alpha, alpha), True)):
        own = seen(sight, rows["seats"]["s1"], rows)
        assert isinstance(own, SeatRow)
        assert own.call == "c1"
        row = seen(sight, desk, rows)
        assert isinstance(row, SeatRow)
        assert (row.call, row.supervises) == ("c1" if heard else "", ("Alpha",))
        assert (seen(sight, ears, rows) is not None) == heard
    assert seen(Sight(nothing, alpha), ears, rows) is None
    assert seen(Sight(frozenset({"Beta"}), frozenset({"Beta"})), ears, rows) is None


def test_who_was_brought_into_a_call_from_another_project_is_not_named() -> None:
    rows = tables(
        house.call("c1", "Alpha", seat="b1", state=State.TALKING),
        house.seat("b1", "Beta", call="c1"),
        house.seat("desk", "Alpha"),
        house.ear("desk", "Alpha", call="c1", heard="b1"),
    )
    for names, named in ((("Alpha",), ""), (("Alpha", "Beta"), "b1")):
        sight = Sight(frozenset(names), frozenset(names))
        told, heard = seen(sight, rows["calls"]["c1"], rows), seen(sight, rows["ears"]["desk"], rows)
        assert isinstance(told, CallRow)
        assert isinstance(heard, EarRow)
        assert told.seat == heard.heard == named


def test_frames_are_numbered_without_gaps_and_only_where_there_is_news() -> None:
    shown = board()
    shown.take(snapshot(house.seat("s1", "Alpha"), house.call("c1", "Beta")))
    shown.changed(AT)
    alpha = Room(Sight(frozenset({"Alpha"}), frozenset()), shown.tables)
    beta = Room(Sight(frozenset({"Beta"}), frozenset()), shown.tables)
    numbers = []
    for step, frame in enumerate(
        [changes(house.call("c2", "Beta")), changes(house.seat("s1", "Alpha", reason="x"))]
    ):
        shown.take(frame)
        keys = shown.changed(AT)
        made = [room.changes(shown.tables, keys, AT + step, AT) for room in (alpha, beta)]
        numbers.append([None if one is None else json.loads(one)["n"] for one in made])
        assert [room.changes(shown.tables, keys, AT, AT) for room in (alpha, beta)] == [None, None]
    assert numbers == [[None, 1], [1, None]]
    assert json.loads(alpha.tick(AT + 0.12345, AT)) == {
        "type": "tick",
        "n": 1,
        "at": AT + 0.123,
        "data_at": AT,
    }


def test_who_has_lost_track_looks_at_everything() -> None:
    shown = board()
    shown.take(snapshot(house.seat("s1", "Alpha"), house.call("c1", "Alpha")))
    shown.changed(AT)
    room, page = Room(Sight(frozenset({"Alpha"}), frozenset()), shown.tables), Page()
    page.take(room.snapshot(AT, AT))
    shown.take(changes(gone("call", "c1"), house.call("c2", "Alpha"), house.seat("s1", "Alpha", reason="x")))
    assert room.changes(shown.tables, [], AT, AT) is None
    frame = room.changes(shown.tables, None, AT, AT)
    assert frame is not None
    page.take(frame)
    assert set(page.tables["calls"]) == {"c2"}
    assert page.tables["seats"]["s1"]["reason"] == "x"


def test_what_is_told_of_a_seat_changes_with_its_call() -> None:
    shown, sight = board(), Sight(frozenset({"Alpha"}), frozenset())
    room, page = Room(sight, shown.tables), Page()
    page.take(room.snapshot(AT, AT))
    held = house.call("c1", "Alpha", seat="s1", state=State.TALKING)
    for frame, seats in (
        (
            snapshot(house.seat("s1", "Alpha", call="c1"), house.seat("s2", "Alpha", call="c1"), held),
            ("c1", ""),
        ),
        (changes(house.call("c1", "Alpha", seat="s2", state=State.TALKING)), ("", "c1")),
        (changes(gone("call", "c1")), ("", "")),
        (changes(held), ("c1", "")),
    ):
        shown.take(frame)
        made = room.changes(shown.tables, shown.changed(AT), AT, AT)
        assert made is not None
        page.take(made)
        assert tuple(page.tables["seats"][id_]["call"] for id_ in ("s1", "s2")) == seats

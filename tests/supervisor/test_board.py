"""The live picture, folded from entries that are written by hand."""

from __future__ import annotations

import pickle
from pathlib import Path

import pytest

from calls.command import Command
from calls.event import Event
from calls.events import EngineStarted, HoursOverridden, TimePassed
from calls.journal import Entry
from calls.lifecycle import Move, Outcome, SeatState, State
from calls.notes import (
    Direction,
    NoteAnswered,
    NoteArrived,
    NoteCallback,
    NoteCallbackState,
    NoteClass,
    NoteEar,
    NoteMoved,
    NoteOutcome,
    NoteSeat,
    NoteTalk,
)
from calls.outages import CallForgotten, DegradedCallEnded
from calls.record import CallRecord
from calls.requests import SeatLoggedIn
from supervisor.board import Board, Change, CountKey, CountPicture, Party, SeatPicture
from tests.supervisor.api_office import Centrale

pytestmark = pytest.mark.unit

ARRIVED = NoteArrived("c1", "A", "tax", "0570", "0901234567")
QUEUED = NoteMoved("c1", Move.QUEUED, State.QUEUED, "tax/main")
OFFERED = NoteMoved("c1", Move.OFFERED, State.RINGING, "tax/main", "s1")
ANSWERED = NoteMoved("c1", Move.ANSWERED, State.TALKING, "tax/main", "s1")


class Day:
    """A board, and what changed; what `at` returns leaves the counts out."""

    def __init__(self) -> None:
        self.board = Board()
        self.changes: list[Change] = []

    def at(self, at: float, *commands: Command, event: Event | None = None) -> list[tuple[str, str, bool]]:
        """An entry; what it changed: kind, id, and whether it is there still."""
        changes = self.board.feed(Entry(1, at, event or TimePassed(), list(commands)))
        self.changes += changes
        told = [change for change in changes if change.kind != "count"]
        return [(change.kind, change.id, change.now is not None) for change in told]


def test_a_call_from_its_arrival_to_its_end() -> None:
    day = Day()
    assert day.at(1, ARRIVED) == [("call", "c1", True)]
    assert day.at(2, QUEUED) == [("queue", "tax/main", False), ("call", "c1", True)]
    assert day.board.waits("tax/main") == (1, 2)
    assert day.at(5, OFFERED)[0] == ("queue", "tax/main", False)
    assert day.board.waits("tax/main") == (0, None)
    day.at(6, ANSWERED)
    call = day.board.calls["c1"]
    assert (call.state, call.seat, call.since) == (State.TALKING, "s1", 6)
    assert (call.arrived_at, call.queued_at, call.answered_at) == (1, 2, 6)
    assert day.at(9, NoteMoved("c1", Move.FINISHED, State.WRAP_UP)) == [("call", "c1", True)]
    assert day.at(10, NoteMoved("c1", Move.WRAPPED_UP, State.CLOSED)) == [("call", "c1", False)]
    assert day.board.calls == {}


def test_who_comes_back_into_the_line_waits_since_he_waited_first() -> None:
    day = Day()
    for at, note in enumerate((ARRIVED, QUEUED, OFFERED)):
        day.at(at, note)
    day.at(30, NoteMoved("c1", Move.RETURNED, State.QUEUED, "tax/main"))
    assert day.board.waits("tax/main") == (1, 1)
    assert (day.board.calls["c1"].seat, day.board.calls["c1"].since) == ("", 30)


def test_the_first_of_a_line_is_who_has_waited_longest() -> None:
    day = Day()
    day.at(1, ARRIVED, QUEUED)
    day.at(
        4, NoteArrived("c2", "B", "tax", "0570", ""), NoteMoved("c2", Move.QUEUED, State.QUEUED, "tax/main")
    )
    assert day.board.waits("tax/main") == (2, 1)
    day.at(5, NoteMoved("c1", Move.HUNG_UP, State.CLOSED, "tax/main"))
    assert day.board.waits("tax/main") == (1, 4)


def test_a_call_keeps_the_priority_with_which_it_took_its_place() -> None:
    day = Day()
    day.at(1, ARRIVED, NoteMoved("c1", Move.QUEUED, State.QUEUED, "tax/main", priority=5), OFFERED)
    day.at(2, NoteMoved("c1", Move.RETURNED, State.QUEUED, "tax/main"))
    assert day.board.calls["c1"].priority == 5
    day.at(3, NoteMoved("c1", Move.REFUSED, State.IVR, "tax/main"), QUEUED)
    assert day.board.calls["c1"].priority == 0


def test_a_transferred_call_has_the_seat_it_goes_to_or_none() -> None:
    day = Day()
    day.at(1, ARRIVED, QUEUED, OFFERED, ANSWERED)
    day.at(2, NoteMoved("c1", Move.TRANSFERRED, State.TRANSFERRED, "tax/main"))
    assert day.board.calls["c1"].seat == ""
    day.at(3, NoteMoved("c1", Move.ANSWERED, State.TALKING, "tax/main", "s2"))
    assert (day.board.calls["c1"].seat, day.board.calls["c1"].answered_at) == ("s2", 1)


def test_a_seat_keeps_its_time_while_its_state_stays() -> None:
    day = Day()
    day.at(1, NoteSeat("s1", SeatState.BREAK, operator="op1", reason="lunch"))
    day.at(7, NoteSeat("s1", SeatState.BREAK, operator="op1", reason="meeting"))
    assert (day.board.seats["s1"].since, day.board.seats["s1"].reason) == (1, "meeting")
    day.at(9, NoteSeat("s1", SeatState.READY, operator="op1"))
    assert day.board.seats["s1"].since == 9


def test_who_talks_besides_and_the_class() -> None:
    day = Day()
    day.at(1, ARRIVED, QUEUED, OFFERED, ANSWERED)
    day.at(2, NoteTalk("c1", "seat:s2", "consulted", talking=True))
    day.at(3, NoteTalk("c1", "seat:s2", "joined", talking=True), NoteClass("c1", "s1", "還付"))
    assert day.board.calls["c1"].parties == (Party("seat:s2", "joined"),)
    assert day.board.calls["c1"].inquiry_class == "還付"
    day.at(4, NoteTalk("c1", "seat:s2", "joined", talking=False))
    assert not day.board.calls["c1"].parties


def test_a_callback_until_it_is_done() -> None:
    day = Day()
    day.at(1, NoteCallback("b1", "c1", "tax", "tax/main", "0901234567", 3))
    day.at(2, NoteCallbackState("b1", "retry", tries=1, due=602.0))
    callback = day.board.callbacks["b1"]
    assert (callback.state, callback.tries, callback.due, callback.asked_at) == ("retry", 1, 602.0, 1)
    day.at(602, NoteCallbackState("b1", "ringing", call="c9", tries=2))
    assert (day.board.callbacks["b1"].call, day.board.callbacks["b1"].due) == ("c9", None)
    assert day.at(620, NoteCallbackState("b1", "reached", "c9", 2)) == [("callback", "b1", False)]
    assert day.at(621, NoteCallbackState("b1", "failed")) == []


def test_an_ear_and_a_call_taken_over() -> None:
    day = Day()
    day.at(1, ARRIVED, QUEUED, OFFERED, ANSWERED)
    day.at(2, NoteEar("c1", "tax", "desk", "s1", "listen", "ld"))
    day.at(3, NoteEar("c1", "tax", "desk", "s1", "whisper", "ld"))
    assert (day.board.ears["desk"].mode, day.board.ears["desk"].since) == ("whisper", 3)
    assert ("ear", "desk", False) in day.at(4, NoteEar("c1", "tax", "desk", "s1", "take_over", "ld"))
    assert (day.board.ears, day.board.calls["c1"].seat) == ({}, "desk")
    assert day.at(5, NoteEar("c1", "tax", "desk", "", "ended", "ld")) == []


def test_an_order_is_a_change_of_its_project() -> None:
    order = HoursOverridden("tax", "closed", 9.0, "snow", "sw")
    assert Day().at(1, event=order) == [("project", "tax", False)]


def test_what_is_of_no_call_that_is_known_changes_nothing() -> None:
    day = Day()
    assert day.at(1, OFFERED, NoteTalk("c1", "seat:s2", "joined", talking=True), NoteAnswered("a")) == []
    assert day.at(2, NoteClass("c1", "s1", "還付"), NoteEar("c1", "tax", "desk", "s1", "ended", "ld")) == []


def test_changes_are_counted_without_gaps_and_an_engine_begins_anew() -> None:
    day = Day()
    day.at(1, ARRIVED, QUEUED)
    day.at(2, event=EngineStarted("d"))
    assert [change.kind for change in day.changes] == ["call", "queue", "call", "count"]
    assert [change.number for change in day.changes] == [1, 2, 3, 4]
    assert (day.board.calls, day.board.waits("tax/main"), day.board.began) == ({}, (0, None), 2)


def test_the_same_journal_gives_the_same_picture(tmp_path: Path) -> None:
    centre = Centrale(tmp_path)
    centre.feed(SeatLoggedIn(seat="s1", operator="op1"))
    centre.talks("A", "s1")
    centre.waits("B")
    centre.hangs_up("A")
    centre.passes(100)
    again = Board()
    for entry in centre.entries:
        again.feed(entry)
    known = centre.live.board
    assert (again.calls, again.seats, again.number) == (known.calls, known.seats, known.number)
    for seat in centre.engine.floor.seats.values():
        assert again.seats.get(seat.id, SeatPicture(seat.id)).state == seat.state
    assert again.calls.keys() == centre.engine.floor.calls.keys()


def test_a_board_that_was_frozen_goes_on_as_it_was(tmp_path: Path) -> None:
    centre = Centrale(tmp_path)
    centre.feed(SeatLoggedIn(seat="s1", operator="op1"))
    centre.talks("A", "s1")
    centre.waits("B")
    centre.tells(NoteCallback("b1", "c1", "tax", "tax/main", "0901234567", 3))
    known, again = centre.live.board, Board()
    again.thaw(known.freeze())
    assert list(again.everything()) == list(known.everything())
    assert (again.waiting, again.number) == (known.waiting, known.number)
    assert (again.at, again.began) == (known.at, known.began)
    assert again.counts == known.counts != {}
    before = len(centre.entries)
    centre.hangs_up("A")
    centre.passes(100)
    for entry in centre.entries[before:]:
        again.feed(entry)
    assert list(again.everything()) == list(known.everything())
    assert (again.waiting, again.number) == (known.waiting, known.number)


def test_a_board_of_an_older_program_had_no_counts() -> None:
    day, again = Day(), Board()
    day.at(1, ARRIVED)
    shown = pickle.loads(day.board.freeze())  # noqa: S301 - our own
    del shown["day"]
    again.thaw(pickle.dumps(shown))
    assert (set(again.calls), again.counts) == ({"c1"}, {})
    assert not again.day.whole


# ---- the figures of the day


def counted(board: Board) -> dict[str, int]:
    """The cells by what they are called in changes."""
    return {key.id: calls for key, calls in board.counts.items()}


def test_a_call_is_counted_where_it_arrived_and_where_it_ended() -> None:
    day = Day()
    day.at(1799.0, ARRIVED)
    assert counted(day.board) == {"tax|0||-1": 1}
    day.at(1801.0, QUEUED, OFFERED)
    day.at(1820.75, ANSWERED, NoteOutcome("c1", Outcome.ANSWERED))
    assert counted(day.board) == {"tax|0||-1": 1, "tax|0|answered|19": 1}
    news = [change for change in day.changes if change.kind == "count"]
    assert [change.id for change in news] == ["tax|0||-1", "tax|0|answered|19"]
    assert [change.now for change in news] == [
        CountPicture("tax", 0.0, "", -1, 1), CountPicture("tax", 0.0, "answered", 19, 1),
    ]  # fmt: skip


def test_a_call_that_comes_to_be_counted_elsewhere_leaves_its_cell() -> None:
    day = Day()
    day.at(1.0, ARRIVED, NoteOutcome("c1", Outcome.SELF_SERVED))
    assert counted(day.board) == {"tax|0||-1": 1, "tax|0|self_served|-1": 1}
    day.changes.clear()
    day.at(2.0, QUEUED, NoteMoved("c1", Move.HUNG_UP, State.CLOSED))
    assert counted(day.board) == {"tax|0||-1": 1, "tax|0|self_served|0": 1}
    gone = CountPicture("tax", 0.0, "self_served", -1, 0)
    assert gone in [change.now for change in day.changes]


@pytest.mark.parametrize("direction", ["out", "callback", "internal"])
def test_calls_of_ours_are_not_counted(direction: Direction) -> None:
    day = Day()
    day.at(
        1.0,
        NoteArrived("c1", "", "tax", "0570", "0901234567", direction),
        NoteOutcome("c1", Outcome.ANSWERED),
    )
    assert counted(day.board) == {}


def test_a_call_that_asterisk_dealt_with_counts_once_however_often_it_is_told() -> None:
    day, alone = Day(), DegradedCallEnded("degraded-1.1", "tax", "0570", "", 10.0, 22.5, 60.0, "rang")
    known = {"tax|0||-1": 1, "tax|0|degraded_answered|12": 1}
    for at in (1000.0, 1001.0, 3000.0, 90_000.0):
        day.at(at, event=alone)
        assert counted(day.board) == known
    day.at(90_001.0, event=EngineStarted("d"))
    day.at(90_002.0, event=alone)
    assert counted(day.board) == known


def test_whose_call_an_earlier_run_left_and_nobody_goes_on_with_is_lost() -> None:
    day = Day()
    day.at(10.0, ARRIVED, QUEUED)
    day.at(20.0, event=EngineStarted("d"))
    assert counted(day.board) == {"tax|0||-1": 1}
    day.at(2000.5, event=CallForgotten("c1"))
    assert counted(day.board) == {"tax|0||-1": 1, "tax|0|lost_system|1990": 1}
    day.at(2001.0, event=CallForgotten("c1"))
    assert counted(day.board) == {"tax|0||-1": 1, "tax|0|lost_system|1990": 1}


def test_half_hours_of_the_day_before_yesterday_are_forgotten() -> None:
    day = Day()
    day.at(10.0, ARRIVED, NoteMoved("c1", Move.BLOCKED, State.CLOSED), NoteOutcome("c1", Outcome.BLOCKED))
    day.at(172_799.0)
    assert counted(day.board) == {"tax|0||-1": 1, "tax|0|blocked|-1": 1}
    day.changes.clear()
    day.at(174_700.0)
    assert counted(day.board) == {}
    assert [change.now for change in day.changes] == [
        CountPicture("tax", 0.0, "", -1, 0), CountPicture("tax", 0.0, "blocked", -1, 0),
    ]  # fmt: skip


def test_what_the_store_says_again_replaces_what_it_said_before() -> None:
    board, key = Board(), CountKey("tax", 0.0, "answered", 3)
    arrived = key._replace(outcome="", waited=-1)
    lost = CallRecord(
        call="c8", leg="l8", project="tax", number="", caller="", arrived_at=5.0, queued_at=6.0
    )  # fmt: skip
    board.feed(Entry(1, 100.0, EngineStarted("d"), []))
    assert len(board.fill({arrived: 2, key: 2}, [lost])) == 2
    assert counted(board) == {"tax|0||-1": 3, "tax|0|answered|3": 2}
    board.fill({arrived: 3, key: 3}, [lost])
    assert counted(board) == {"tax|0||-1": 4, "tax|0|answered|3": 3}
    board.feed(Entry(2, 106.25, CallForgotten("c8"), []))
    assert counted(board) == {"tax|0||-1": 4, "tax|0|answered|3": 3, "tax|0|lost_system|100": 1}
    board.fill({arrived: 3, key: 3}, [lost])  # the database does not know it yet
    assert counted(board) == {"tax|0||-1": 4, "tax|0|answered|3": 3, "tax|0|lost_system|100": 1}

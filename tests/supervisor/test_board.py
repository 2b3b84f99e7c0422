"""The live picture, folded from entries that are written by hand."""

from __future__ import annotations

from pathlib import Path

import pytest

from calls.command import Command
from calls.event import Event
from calls.events import EngineStarted, HoursOverridden, TimePassed
from calls.journal import Entry
from calls.lifecycle import Move, SeatState, State
from calls.notes import (
    NoteAnswered,
    NoteArrived,
    NoteCallback,
    NoteCallbackState,
    NoteClass,
    NoteEar,
    NoteMoved,
    NoteSeat,
    NoteTalk,
)
from calls.requests import SeatLoggedIn
from supervisor.board import Board, Change, Party, SeatPicture
from tests.supervisor.api_office import Centrale

pytestmark = pytest.mark.unit

ARRIVED = NoteArrived("c1", "A", "tax", "0570", "0901234567")
QUEUED = NoteMoved("c1", Move.QUEUED, State.QUEUED, "tax/main")
OFFERED = NoteMoved("c1", Move.OFFERED, State.RINGING, "tax/main", "s1")
ANSWERED = NoteMoved("c1", Move.ANSWERED, State.TALKING, "tax/main", "s1")


class Day:
    """A board, and what changed."""

    def __init__(self) -> None:
        self.board = Board()
        self.changes: list[Change] = []

    def at(self, at: float, *commands: Command, event: Event | None = None) -> list[tuple[str, str, bool]]:
        """An entry; what it changed: kind, id, and whether it is there still."""
        changes = self.board.feed(Entry(1, at, event or TimePassed(), list(commands)))
        self.changes += changes
        return [(change.kind, change.id, change.now is not None) for change in changes]


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
    assert [change.number for change in day.changes] == [1, 2, 3]
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
    before = len(centre.entries)
    centre.hangs_up("A")
    centre.passes(100)
    for entry in centre.entries[before:]:
        again.feed(entry)
    assert list(again.everything()) == list(known.everything())
    assert (again.waiting, again.number) == (known.waiting, known.number)

"""With which priority a call takes its place is noted, for whoever shows the line."""

from __future__ import annotations

import pytest

from calls.lifecycle import Move
from calls.notes import NoteMoved
from tests.engine.callback_town import ANNA, NODES, RULES, queues
from tests.engine.city import City
from tests.engine.conftest import MakeCity

pytestmark = pytest.mark.unit

LINE = {"type": "enqueue", "queue": "main", "full": "busy", "no_seats": "nobody", "timeout": "given_up"}


def noted(tax: City, caller: str) -> list[tuple[Move, int]]:
    """The moves of a caller's calls in the line, each with the priority that it was noted with."""
    known = tax.engine.floor.callers[caller].id
    notes = (note for entry in tax.entries for note in entry.commands if isinstance(note, NoteMoved))
    return [(note.move, note.priority) for note in notes if note.call == known]


def test_the_priority_of_the_node_is_noted_with_the_place(city: MakeCity) -> None:
    nodes = {"line": LINE | {"priority": 5, "keys": {"9": "other"}}, "other": LINE | {"priority": -2}}
    tax = city(nodes=nodes)
    tax.waits(1, "first")
    tax.picks_up(1, "s1")
    tax.waits(1, "ann")
    assert noted(tax, "ann") == [(Move.ENTERED, 0), (Move.QUEUED, 5)]
    tax.presses(2, "ann", "9")
    assert noted(tax, "ann")[2:] == [(Move.REFUSED, 0), (Move.QUEUED, -2)]


def test_whoever_has_none_and_what_is_no_place_is_noted_with_none(city: MakeCity) -> None:
    tax = city()
    tax.waits(1, "ann")
    assert noted(tax, "ann") == [(Move.ENTERED, 0), (Move.QUEUED, 0), (Move.OFFERED, 0)]


def test_who_is_called_back_has_the_priority_that_he_waited_with(city: MakeCity) -> None:
    line = LINE | {"priority": 3, "keys": {"2": "call_me"}}
    tax = city(nodes=NODES | {"line": line}, queue={"callback": RULES})
    queues(tax, 1, "first")
    tax.picks_up(2, "s1")
    queues(tax, 3, "anna", ANNA)
    tax.presses(4, "anna", "2")
    tax.hears(5, "anna")
    tax.hangs_up(6, "anna")
    tax.hangs_up(7, "first")
    tax.time_passes(60)
    notes = [note for entry in tax.entries for note in entry.commands if isinstance(note, NoteMoved)]
    back = [call.id for call in tax.engine.floor.calls.values() if call.direction == "callback"]
    assert [note.priority for note in notes if note.call in back and note.move is Move.QUEUED] == [3]

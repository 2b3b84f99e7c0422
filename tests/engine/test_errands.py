"""Messages, callbacks and notices: what a flow asks for besides talk."""

from __future__ import annotations

from typing import Any

import pytest

from calls.commands import SendNotice
from calls.events import CallArrived, CommandFailed, MessageFinished, MessageStored
from calls.notes import NoteCallback
from calls.record import fold
from tests.engine.city import TAX, City
from tests.engine.conftest import MakeCity

pytestmark = pytest.mark.unit

Nodes = dict[str, dict[str, Any]]
MESSAGE: Nodes = {"notice": {"type": "message", "prompt": "info", "max_s": 60, "silence_s": 4, "next": "bye"}}


def commands(tax: City, kind: type) -> list[Any]:
    """All commands of a kind."""
    return [command for entry in tax.entries for command in entry.commands if isinstance(command, kind)]


# ---- messages


def test_a_message_is_left(city: MakeCity) -> None:
    tax = city(nodes=MESSAGE)
    tax.arrives(1, "anna")
    tax.hears(3, "anna")
    tax.presses(20, "anna", "#")  # Asterisk ends the recording by itself
    tax.speaks(20, "anna", 15)
    tax.hears(22, "anna")
    assert tax.done() == [
        (1, "answer anna"),
        (1, "play info to anna"),
        (3, "message of anna"),
        (20.5, "play bye to anna"),
        (22, "hang up anna"),
    ]
    assert tax.life("anna", 20) == [(22, "self_served"), (22, "CLOSED")]


def test_who_says_nothing_has_left_no_message(city: MakeCity) -> None:
    tax = city(nodes=MESSAGE)
    tax.arrives(1, "anna")
    tax.hears(3, "anna")
    tax.speaks(7, "anna", 0)
    tax.time_passes(8)
    tax.hangs_up(8, "anna")
    assert tax.life("anna", 7) == [(8, "abandoned_ivr"), (8, "CLOSED")]


@pytest.mark.parametrize(("at", "outcome"), [(4, "abandoned_ivr"), (5, "self_served"), (30, "self_served")])
def test_the_caller_hangs_up_during_his_message(city: MakeCity, at: float, outcome: str) -> None:
    tax = city(nodes=MESSAGE)
    tax.arrives(1, "anna")
    tax.hears(3, "anna")
    tax.hangs_up(at, "anna")
    assert tax.life("anna", 3) == [(at, outcome), (at, "CLOSED")]
    assert tax.engine.next_deadline() is None


@pytest.mark.parametrize(("seconds", "outcome"), [(12, "self_served"), (0, "abandoned_ivr")])
def test_asterisk_tells_the_end_of_the_message_first_and_then_that_he_has_gone(
    city: MakeCity, seconds: float, outcome: str
) -> None:
    tax = city(nodes=MESSAGE)
    tax.arrives(1, "anna")
    tax.hears(3, "anna")
    tax.speaks(15, "anna", seconds)
    tax.hangs_up(15.25, "anna")
    assert tax.done(15) == []
    assert tax.life("anna", 15) == [(15.25, outcome), (15.25, "CLOSED")]


def test_the_end_of_a_message_is_told_twice_or_late_or_of_nobody(city: MakeCity) -> None:
    tax = city(nodes=MESSAGE)
    tax.arrives(1, "anna")
    tax.hears(3, "anna")
    tax.speaks(15, "anna", 12)
    tax.speaks(15, "anna", 0)
    tax.time_passes(16)
    tax.speaks(16, "anna", 0)
    tax.happens(16, MessageFinished("nobody-message", 3), MessageFinished("nobody", 3))
    tax.hears(17, "anna")
    assert tax.done(15) == [(15.5, "play bye to anna"), (17, "hang up anna")]
    assert tax.life("anna", 15) == [(17, "self_served"), (17, "CLOSED")]


def test_nobody_tells_the_end_of_a_message(city: MakeCity) -> None:
    tax = city(nodes=MESSAGE)
    tax.arrives(1, "anna")
    tax.hears(3, "anna")
    tax.time_passes(74)
    assert tax.done(4) == [(73, "stop message"), (73, "play bye to anna")]


def test_a_message_that_cannot_be_recorded(city: MakeCity) -> None:
    tax = city(nodes=MESSAGE)
    tax.arrives(1, "anna")
    tax.hears(3, "anna")
    tax.happens(3, CommandFailed("StartMessage", f"{next(iter(tax.engine.floor.calls))}-message", 409))
    tax.time_passes(4)
    tax.hears(5, "anna")
    assert tax.done(3)[1:] == [(3.5, "play bye to anna"), (5, "hang up anna")]


def test_two_messages_in_one_call_and_what_the_record_knows(city: MakeCity) -> None:
    again = {"again": {"type": "message", "prompt": "info", "next": "bye"}}
    tax = city(nodes={"notice": MESSAGE["notice"] | {"next": "again"}} | again)
    tax.arrives(1, "anna")
    (call,) = tax.engine.floor.calls
    tax.hears(3, "anna")
    tax.speaks(15, "anna", 12)
    tax.time_passes(16)
    tax.hears(17, "anna")
    tax.speaks(20, "anna", 2)
    tax.happens(21, MessageStored(f"{call}-message", 12.5, "aa"), MessageStored(f"{call}-message2", 3, "bb"))
    assert [what for _, what in tax.done() if "message" in what] == ["message of anna", "message of anna"]
    [record] = fold(tax.entries)
    assert (record.message_seconds, record.message_sha256) == (3, "bb")


# ---- callbacks


def call_me(**more: Any) -> Nodes:
    return {"notice": {"type": "callback", "queue": "main", "accepted": "bye", "refused": "busy"} | more}


def test_a_callback_is_asked_for_and_the_place_kept(city: MakeCity) -> None:
    tax = city(nodes=call_me())
    tax.happens(1, CallArrived("anna", TAX, "0900000001"))
    tax.hears(3, "anna")
    [note] = commands(tax, NoteCallback)
    assert (note.project, note.queue, note.number, note.place) == ("tax", "main", "0900000001", 1)
    assert tax.done() == [
        (1, "call back anna as main 1"),
        (1, "answer anna"),
        (1, "play bye to anna"),
        (3, "hang up anna"),
        (3, "ring s1 for callback 0900000001"),
    ]
    assert tax.life("anna", 3) == [(3, "overflowed"), (3, "CLOSED")]


def test_the_flow_may_say_otherwise(city: MakeCity) -> None:
    tax = city(nodes=call_me() | {"bye": {"type": "hangup", "guidance": "bye", "outcome": "self_served"}})
    tax.happens(1, CallArrived("anna", TAX, "0900000001"))
    tax.hears(3, "anna")
    assert tax.life("anna", 3) == [(3, "self_served"), (3, "CLOSED")]


def test_without_a_number_nobody_can_be_called_back(city: MakeCity) -> None:
    tax = city(nodes=call_me())
    tax.arrives(1, "anna")
    assert tax.done() == [(1, "answer anna"), (1, "play busy to anna")]


def test_who_has_waited_keeps_the_place_that_he_had(city: MakeCity) -> None:
    nodes = {
        "notice": {"type": "menu", "prompt": "info", "keys": {"1": "line", "2": "call_me"}, "after": "line"},
        "line": {
            "type": "enqueue",
            "queue": "main",
            "full": "busy",
            "no_seats": "busy",
            "timeout": "call_me",
        },
        "call_me": call_me()["notice"],
    }
    tax = city(nodes=nodes, queue={"max_wait_s": 30, "ring_timeout_s": 300})
    for at, caller in enumerate(("anna", "ben", "cora", "dora"), 1):
        tax.happens(at, CallArrived(caller, TAX, f"09000000{at:02}"))
        tax.presses(at, caller, "1")
    tax.arrives(5, "emil")
    tax.happens(6, CallArrived("fay", TAX, "0900000099"))
    tax.presses(6, "fay", "2")
    tax.time_passes(33)
    asked = [(at, what) for at, what in tax.log if what.startswith("call back")]
    assert asked == [
        (6, "call back fay as main 4"),  # behind ben, cora and dora: anna's seat is ringing
        (32, "call back ben as main 1"),
        (33, "call back cora as main 1"),
    ]


# ---- notices


def test_a_text_is_handed_over_and_the_call_goes_on(city: MakeCity) -> None:
    nodes: Nodes = {
        "notice": {"type": "sms", "gateway": "sms", "text": "web", "next": "tell"},
        "tell": {"type": "notify", "gateway": "chat", "text": "from {caller}", "next": "bye"},
    }
    tax = city(nodes=nodes)
    tax.happens(1, CallArrived("anna", TAX, "0900000001"))
    assert tax.done() == [
        (1, "send web by sms to 0900000001"),
        (1, "send from 0900000001 by chat"),
        (1, "answer anna"),
        (1, "play bye to anna"),
    ]
    ids = [notice.notice for notice in commands(tax, SendNotice)]
    assert len(set(ids)) == 2
    assert all(notice.project == "tax" for notice in commands(tax, SendNotice))

"""Calls of which nothing is known but what their marks say go on as well as they can."""

from __future__ import annotations

from typing import Any

import pytest

from calls.commands import CloseBridge, ConnectLegs, HangUp, StartMusic
from calls.events import PhoneRegistered, PhoneUnregistered
from calls.lifecycle import State
from calls.notes import NoteArrived
from calls.outages import AdoptedState, CallAdopted
from calls.record import CallRecord, fold
from calls.requests import HangUpAsked, HoldAsked, RetrieveAsked, SeatLoggedOut
from tests.engine.city import TAX, City, centre
from tests.engine.conftest import MakeCity

pytestmark = pytest.mark.unit


def found(tax: City, name: str, state: AdoptedState, since: float = -100, **marks: Any) -> CallAdopted:
    """What a call's marks say; times in seconds from the beginning."""
    until = tax.start + marks.pop("until") if "until" in marks else 0.0
    known = {"project": "tax", "number": TAX, "queue": "tax/main", "caller": "0901234567"} | marks
    return CallAdopted(
        leg=name, call=f"old-{name}", state=state, since=tax.start + since, until=until, **known
    )


def talk(tax: City, name: str, seat: str = "s1", since: float = -100, **marks: Any) -> CallAdopted:
    legs = {"seat": seat, "seat_leg": f"old-{name}.s1", "bridge": f"old-{name}.b1"}
    return found(tax, name, "talking", since, **(legs | marks))


def record(tax: City, leg: str) -> CallRecord:
    [told] = [each for each in fold(tax.entries) if each.leg == leg]
    return told


def nobody_home(city: MakeCity, **fields: Any) -> City:
    tax = city(**fields)
    tax.happens(0, *(PhoneUnregistered(seat) for seat in tax.engine.floor.seats))
    return tax


def line(tax: City) -> list[str]:
    floor = tax.engine.floor
    return [floor.calls[call].leg for call in floor.router.in_line("tax/main")]


# ---- waiting


def test_the_line_keeps_its_order_whatever_order_they_are_found_in(city: MakeCity) -> None:
    tax = nobody_home(city)
    for name, since in (("carl", -20), ("anna", -60), ("dora", -10), ("ben", -40), ("abel", -61)):
        tax.happens(1, found(tax, name, "waiting", since))
    tax.happens(2, PhoneRegistered("s2"))
    assert line(tax) == ["abel", "anna", "ben", "carl", "dora"]
    assert tax.engine.floor.router.standing_since("tax/main", tax.start + 2) == tax.start - 61


def test_they_come_between_those_who_are_known_by_how_long_they_wait(city: MakeCity) -> None:
    tax = city()
    tax.waits(1, "zoe")
    tax.waits(10, "anna")
    tax.waits(20, "carl")
    tax.happens(21, found(tax, "ben", "waiting", 15), found(tax, "abel", "waiting", 5))
    tax.waits(22, "dora")
    assert line(tax) == ["abel", "anna", "ben", "carl", "dora"]


def test_who_is_there_takes_the_one_who_has_waited_longest(city: MakeCity) -> None:
    tax = nobody_home(city)
    tax.happens(1, found(tax, "ben", "waiting", -10), found(tax, "anna", "waiting", -50))
    tax.happens(5, PhoneRegistered("s1"))
    tax.picks_up(7, "s1")
    told = record(tax, "anna")
    assert (told.arrived_at, told.queued_at, told.wait) == (tax.start - 50, tax.start - 50, 57)
    assert [each.call for each in fold(tax.entries)] == ["old-ben", "old-anna"]


def test_his_longest_wait_goes_on_or_is_over_already(city: MakeCity) -> None:
    tax = nobody_home(city, queue={"max_wait_s": 300})
    tax.happens(1, found(tax, "anna", "waiting", until=10), found(tax, "ben", "waiting", -400, until=-100))
    tax.time_passes(11)
    assert {leg: call.position.outcome for leg, call in tax.engine.floor.callers.items()} == {
        "anna": "timed_out",
        "ben": "timed_out",
    }
    assert (1, "ben: IVR") in tax.log
    assert (10, "anna: IVR") in tax.log


def test_where_nobody_comes_he_is_told_so(city: MakeCity) -> None:
    tax = nobody_home(city)
    tax.happens(1, found(tax, "anna", "waiting"))
    tax.time_passes(32)
    assert tax.engine.floor.callers["anna"].position.node == "nobody"


@pytest.mark.parametrize("queue", ["", "tax/gone", "water/main"])
def test_a_queue_that_is_not_there_is_the_first_one(city: MakeCity, queue: str) -> None:
    tax = nobody_home(city)
    tax.happens(1, found(tax, "anna", "waiting", queue=queue))
    assert line(tax) == ["anna"]


def test_a_line_inside_a_sub_flow_is_come_to_by_the_flow_on_the_old_place(city: MakeCity) -> None:
    nodes = {
        "line": {"type": "call", "flow": "sub", "next": "bye"},
    }
    sub = {
        "start": "wait",
        "nodes": {
            "wait": {
                "type": "enqueue", "queue": "main", "full": "return", "no_seats": "return", "timeout": "return",
            }
        },
    }  # fmt: skip
    base = centre(nodes=nodes, subflows={"sub": sub}).projects["tax"]
    assert "sub.wait" in base.flow.table.nodes
    tax = city(nodes=nodes, subflows={"sub": sub})
    tax.waits(1, "zoe")
    tax.waits(2, "ben")
    tax.happens(3, found(tax, "anna", "waiting", -50))
    tax.hears(5, "anna")
    assert line(tax) == ["anna", "ben"]


# ---- talking


def test_a_conversation_goes_on_and_ends_like_any_other(city: MakeCity) -> None:
    tax = city()
    tax.happens(1, talk(tax, "anna"))
    floor = tax.engine.floor
    assert (floor.seats["s1"].state, floor.seats["s1"].leg) == ("TALKING", "old-anna.s1")
    assert not [one for one in tax.entries[-1].commands if isinstance(one, ConnectLegs | StartMusic)]
    tax.happens(5, HoldAsked("s1"), RetrieveAsked("s1"), HangUpAsked("s1"))
    tax.time_passes(40)
    told = record(tax, "anna")
    assert (told.outcome, told.seat, told.queue) == ("answered", "s1", "tax/main")
    assert (told.arrived_at, told.answered_at, told.talk) == (tax.start - 100, tax.start - 100, 105)
    assert tax.life("s1", since=1)[-1] == (35, "READY")


def test_where_nobody_is_logged_in_he_talks_on_and_nobody_is_there_afterwards(city: MakeCity) -> None:
    tax = nobody_home(city)
    tax.happens(0, SeatLoggedOut("s1"))
    tax.happens(1, talk(tax, "anna"))
    tax.hangs_up(5, "anna")
    tax.time_passes(40)
    assert [what for _, what in tax.life("s1", since=1)] == ["TALKING", "WRAP_UP", "LOGGED_OUT"]


@pytest.mark.parametrize("seat", ["", "s99", "s2"])
def test_with_whom_is_not_known_they_talk_on_all_the_same(city: MakeCity, seat: str) -> None:
    tax = city(seats=2)
    tax.happens(0, talk(tax, "zoe", "s2"))
    tax.happens(1, talk(tax, "anna", seat))
    assert tax.engine.floor.callers["anna"].state == "TALKING"
    tax.hangs_up(9, "old-anna.s1")
    told = record(tax, "anna")
    assert (told.outcome, told.state, told.talk) == ("answered", State.CLOSED, 109)


@pytest.mark.parametrize("gone", [{"seat_leg": ""}, {"bridge": ""}, {"seat_leg": "anna"}])
def test_whose_operator_is_gone_waits_on_his_place(city: MakeCity, gone: dict[str, Any]) -> None:
    tax = nobody_home(city)
    tax.happens(1, found(tax, "ben", "waiting", -50))
    tax.happens(2, talk(tax, "anna", **gone))
    assert line(tax) == ["anna", "ben"]


def test_a_conversation_without_a_queue_is_one_to_which_he_was_transferred(city: MakeCity) -> None:
    tax = city(seats=1, nodes={"line": {"type": "hangup", "guidance": "bye"}}, queues={})
    tax.happens(1, talk(tax, "anna", queue=""))
    told = record(tax, "anna")
    assert (told.outcome, told.transfers) == ("answered", ("seat:s1",))


# ---- the flow, and what nobody knows


def test_the_flow_begins_anew(city: MakeCity) -> None:
    tax = city()
    tax.happens(1, found(tax, "anna", "flow"))
    tax.hears(3, "anna")
    tax.picks_up(5, "s1")
    told = record(tax, "anna")
    assert (told.arrived_at, told.queued_at) == (tax.start - 100, tax.start + 3)


def test_a_project_that_is_gone_is_that_of_the_number(city: MakeCity) -> None:
    tax = nobody_home(city)
    tax.happens(1, found(tax, "anna", "waiting", project="gone"))
    assert (line(tax), record(tax, "anna").project) == (["anna"], "tax")


@pytest.mark.parametrize("state", ["flow", "waiting", "talking"])
def test_nobodys_call_is_let_go_with_all_that_was_its(city: MakeCity, state: AdoptedState) -> None:
    tax = city()
    tax.confirms = False
    nobodys: dict[str, Any] = {"project": "gone", "number": "0999"}
    talks = state == "talking"
    tax.happens(1, talk(tax, "anna", **nobodys) if talks else found(tax, "anna", state, **nobodys))
    commands = tax.entries[-1].commands
    assert HangUp("anna", "congestion") in commands
    assert (CloseBridge("old-anna.b1") in commands) == talks
    told = record(tax, "anna")
    assert (told.outcome, told.state) == ("lost_system", State.CLOSED)


@pytest.mark.parametrize("state", ["flow", "waiting", "talking"])
def test_twice_means_nothing(city: MakeCity, state: AdoptedState) -> None:
    tax = city()
    event = talk(tax, "anna") if state == "talking" else found(tax, "anna", state)
    tax.happens(1, event, event)
    assert tax.entries[-1].commands == []
    tax.happens(2, found(tax, "other", state, since=-5), CallAdopted("anna", "x", "tax", TAX, "", state))
    assert [
        note.call for entry in tax.entries for note in entry.commands if isinstance(note, NoteArrived)
    ] == [
        "old-anna",
        "old-other",
    ]

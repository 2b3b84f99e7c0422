"""A caller whom the flow brings to one telephone: a seat's, an extension's, or one outside."""

from __future__ import annotations

from typing import Any

import pytest

from calls.commands import RingTelephone
from calls.events import CommandFailed, LegAnswered, LegEnded, LegsConnected, PhoneUnregistered
from calls.record import CallRecord, fold
from calls.requests import SeatLoggedOut
from tests.engine.city import CLOSED, TAX, City, centre
from tests.engine.conftest import MakeCity

pytestmark = pytest.mark.unit

Nodes = dict[str, dict[str, Any]]
WAYS = [("seat", "s1"), ("extension", "35"), ("extension", "1001"), ("outside", "0481234567")]


def to(kind: str, target: str, **more: Any) -> Nodes:
    """A flow that begins with a transfer; who reaches nobody goes into the line, whose digits are nobody's home."""
    node = {"type": "transfer", "to": {kind: target}, "ring_s": 15, "unanswered": "line", "unknown": "bye"}
    return {"notice": node | more}


def record(tax: City) -> CallRecord:
    """Of the first call."""
    return next(fold(tax.entries))


def rung(tax: City) -> RingTelephone:
    """The telephone that was rung last."""
    commands = [command for entry in tax.entries for command in entry.commands]
    return next(command for command in reversed(commands) if isinstance(command, RingTelephone))


@pytest.mark.parametrize(("kind", "target"), WAYS)
def test_a_conversation_by_transfer_is_answered_and_recorded(city: MakeCity, kind: str, target: str) -> None:
    tax = city(nodes=to(kind, target))
    tax.arrives(1, "anna")
    tax.picks_up(5, target)
    tax.hangs_up(60, "anna")
    assert tax.done() == [
        (1, "answer anna"),
        (1, f"ring {target} for anna"),
        (1, "music to anna"),
        (5, "no music to anna"),
        (5, f"connect anna {target}"),
        (5, "record anna"),
        (60, "part anna"),
        (60, f"hang up {target}"),
    ]
    assert tax.life("anna", 1) == [
        (1, "IVR"), (1, "TRANSFERRED"), (5, "answered"), (5, "TALKING"), (60, "WRAP_UP"), (60, "CLOSED"),
    ]  # fmt: skip
    of_the_call = record(tax)
    assert (of_the_call.transferred_to, of_the_call.talk, of_the_call.wait) == (f"{kind}:{target}", 55, None)
    assert of_the_call.seat == (target if kind == "seat" else "")


@pytest.mark.parametrize(
    ("kind", "target", "phone"),
    [
        ("seat", "s1", "s1"),
        ("extension", "35", "ext35"),
        ("extension", "1001", ""),
        ("outside", "0481234567", ""),
    ],
)
def test_which_telephone_and_which_number_is_shown(
    city: MakeCity, kind: str, target: str, phone: str
) -> None:
    tax = city(nodes=to(kind, target))
    tax.arrives(1, "anna")
    (call,) = tax.engine.floor.calls.values()
    call.caller = "0900000001"
    assert (rung(tax).phone, rung(tax).caller) == (phone, TAX if kind == "outside" else "")


def test_the_other_side_ends_the_conversation(city: MakeCity) -> None:
    tax = city(nodes=to("extension", "35"))
    tax.arrives(1, "anna")
    tax.picks_up(5, "35")
    tax.hangs_up(60, "35")
    assert tax.done(60) == [(60, "hang up anna"), (60, "part anna")]
    assert tax.life("anna", 60) == [(60, "WRAP_UP"), (60, "CLOSED")]


@pytest.mark.parametrize(("kind", "target"), WAYS[1:])
def test_nobody_answers(city: MakeCity, kind: str, target: str) -> None:
    tax = city(nodes=to(kind, target))
    tax.arrives(1, "anna")
    tax.time_passes(16)
    assert tax.done(16) == [
        (16, f"hang up {target} (no_answer)"),
        (16, "no music to anna"),
        (16, "ring s1 for anna"),
    ]
    assert tax.life("anna", 16) == [(16, "IVR"), (16, "QUEUED"), (16, "RINGING")]
    of_the_call = record(tax)
    assert (of_the_call.transferred_to, of_the_call.left_line_at) == ("", None)


@pytest.mark.parametrize("cause", [17, 21, 20])
def test_busy_or_refused(city: MakeCity, cause: int) -> None:
    tax = city(nodes=to("outside", "0481234567"))
    tax.arrives(1, "anna")
    tax.hangs_up(2, "0481234567", cause)
    assert tax.done(2) == [(2, "no music to anna"), (2, "ring s1 for anna")]


def test_a_telephone_that_cannot_be_rung(city: MakeCity) -> None:
    tax = city(nodes=to("extension", "35"))
    tax.arrives(1, "anna")
    tax.happens(1, CommandFailed("RingTelephone", tax.leg("35"), 500))
    tax.happens(1, CommandFailed("RingTelephone", tax.leg("35"), 500))
    assert tax.done(1)[3:] == [(1, "no music to anna"), (1, "ring s1 for anna")]


@pytest.mark.parametrize(("kind", "target"), [("extension", "36"), ("seat", "s9"), ("variable", "CODE")])
def test_nobodys_digits(city: MakeCity, kind: str, target: str) -> None:
    tax = city(nodes=to(kind, target))
    tax.arrives(1, "anna")
    assert tax.done() == [(1, "answer anna"), (1, "play bye to anna")]


def test_the_digits_of_a_variable(city: MakeCity) -> None:
    nodes = to("variable", "CODE")
    nodes["code"] = {"type": "set", "variables": {"CODE": "35"}, "next": "notice"}
    nodes["gate"] = {"type": "hours", "open": "code", "closed": "sorry"}
    tax = city(nodes=nodes)
    tax.arrives(1, "anna")
    assert tax.done(1)[1] == (1, "ring 35 for anna")


def test_one_call_at_a_time_for_a_telephone_of_ours(city: MakeCity) -> None:
    tax = city(nodes=to("extension", "35"))
    tax.arrives(1, "anna")
    tax.arrives(2, "ben")
    assert tax.done(2) == [(2, "answer ben"), (2, "ring s1 for ben")]
    tax.hangs_up(3, "anna")
    tax.arrives(4, "cora")
    assert tax.done(4) == [(4, "answer cora"), (4, "ring 35 for cora"), (4, "music to cora")]


def test_a_number_outside_may_be_called_by_many(city: MakeCity) -> None:
    tax = city(nodes=to("outside", "0481234567"))
    tax.arrives(1, "anna")
    tax.arrives(2, "ben")
    assert tax.done(2)[1] == (2, "ring 0481234567 for ben")


def test_the_caller_hangs_up_while_it_rings(city: MakeCity) -> None:
    tax = city(nodes=to("extension", "35"))
    tax.arrives(1, "anna")
    tax.hangs_up(3, "anna")
    assert tax.done(3) == [(3, "hang up 35")]
    assert tax.life("anna", 3) == [(3, "abandoned_ivr"), (3, "CLOSED")]
    assert tax.engine.next_deadline() is None
    assert tax.engine.legs() == set()


def test_the_caller_hangs_up_between_the_answer_and_the_bridge(city: MakeCity) -> None:
    tax = city(nodes=to("extension", "35"))
    tax.arrives(1, "anna")
    tax.confirms = False
    tax.picks_up(3, "35")
    tax.hangs_up(3, "anna")
    tax.happens(3, LegsConnected(tax.bridge("anna")))
    assert tax.done(3)[2:] == [(3, "part anna"), (3, "hang up 35")]
    assert tax.life("anna", 3) == [(3, "abandoned_ivr"), (3, "CLOSED")]
    assert tax.engine.legs() == {tax.leg("35")}
    tax.hangs_up(4, "35")
    assert tax.engine.legs() == set()


@pytest.mark.parametrize("told", [True, False])
def test_the_two_cannot_be_connected(city: MakeCity, told: bool) -> None:
    tax = city(nodes=to("extension", "35"))
    tax.arrives(1, "anna")
    tax.confirms = False
    tax.picks_up(3, "35")
    if told:
        tax.happens(8, CommandFailed("ConnectLegs", tax.bridge("anna"), 500))
    else:
        tax.time_passes(8)
    assert tax.done(4) == [(8, "hang up 35"), (8, "part anna"), (8, "ring s1 for anna")]


def test_it_is_picked_up_in_the_moment_of_the_time_out(city: MakeCity) -> None:
    tax = city(nodes=to("extension", "35"))
    tax.arrives(1, "anna")
    tax.confirms = False
    tax.time_passes(16)
    tax.happens(16, LegAnswered(tax.leg("35")))
    assert tax.done(16)[-1] == (16, "ring s1 for anna")
    tax.arrives(17, "ben")  # the telephone is not on the hook yet
    assert tax.done(17)[-1] == (17, "music to ben")
    tax.happens(18, LegEnded(tax.leg("35")), LegEnded(tax.leg("35")))
    tax.arrives(19, "cora")
    assert (19, "ring 35 for cora") in tax.done(19)


# ---- a seat's telephone


def test_a_seat_that_is_rung_takes_no_call_of_its_queue(city: MakeCity) -> None:
    nodes = to("seat", "s1") | {
        "line2": {"type": "enqueue", "queue": "main"} | dict.fromkeys(("full", "no_seats", "timeout"), "busy")
    }
    nodes["gate"] = {"type": "menu", "prompt": "info", "keys": {"1": "notice", "2": "line2"}, "after": "bye"}
    tax = city(nodes=nodes)
    for at, caller, key in ((1, "anna", "1"), (2, "ben", "2")):
        tax.arrives(at, caller)
        tax.presses(at, caller, key)
    tax.picks_up(5, "s1")
    assert tax.life("s1") == [(0, "READY"), (1, "RINGING"), (5, "TALKING")]
    tax.hangs_up(60, "anna")
    assert tax.done(60) == [(60, "part anna"), (60, "hang up s1"), (60, "ring s1 for ben")]
    assert tax.life("s1", 60) == [(60, "RINGING")]  # no wrap-up: that is the queue's


@pytest.mark.parametrize("event", [PhoneUnregistered("s1"), SeatLoggedOut("s1")])
def test_a_seat_where_nobody_is(city: MakeCity, event: PhoneUnregistered | SeatLoggedOut) -> None:
    tax = city(nodes=to("seat", "s1", unanswered="busy"))
    tax.happens(1, event)
    tax.arrives(2, "anna")
    assert tax.done(2) == [(2, "answer anna"), (2, "play busy to anna")]


def test_a_seat_that_is_busy(city: MakeCity) -> None:
    tax = city(nodes=to("seat", "s1", unanswered="busy"))
    tax.arrives(1, "anna")
    tax.arrives(2, "ben")
    assert tax.done(2) == [(2, "answer ben"), (2, "play busy to ben")]


def test_a_seat_that_does_not_answer_has_missed_nothing(city: MakeCity) -> None:
    tax = city(nodes=to("seat", "s1", unanswered="busy"), queue={"misses": 1})
    tax.arrives(1, "anna")
    tax.time_passes(16)
    assert tax.life("s1", 1) == [(1, "RINGING"), (16, "READY")]


def test_a_seat_whose_operator_leaves_while_it_rings(city: MakeCity) -> None:
    tax = city(nodes=to("seat", "s1", unanswered="busy"))
    tax.arrives(1, "anna")
    tax.happens(2, SeatLoggedOut("s1"))
    tax.picks_up(3, "s1")
    tax.hangs_up(9, "s1")
    assert tax.life("s1", 2) == [(3, "TALKING"), (9, "LOGGED_OUT")]
    assert tax.life("anna", 9) == [(9, "WRAP_UP"), (9, "CLOSED")]


def test_a_flow_that_goes_from_a_busy_seat_to_a_busy_seat_ends() -> None:
    tax = City(centre(nodes=to("seat", "s1", unanswered="notice")))
    tax.happens(1, PhoneUnregistered("s1"))
    tax.arrives(2, "anna")
    assert tax.life("anna") == [(2, "IVR"), (2, "lost_system"), (2, "CLOSED")]


def test_after_hours_who_gives_up_ringing_had_found_it_closed(city: MakeCity) -> None:
    nodes = {"sorry": {"type": "transfer", "to": {"extension": "35"}, "unanswered": "bye"}}
    tax = city(start=CLOSED, nodes=nodes)
    tax.arrives(1, "anna")
    tax.hangs_up(3, "anna")
    assert tax.life("anna", 3) == [(3, "closed"), (3, "CLOSED")]

"""Who may do what, and who sees what: pure functions."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from calls.lifecycle import SeatState, State
from engine.centre import Person
from supervisor.api import sight
from supervisor.api.rights import ADMINISTRATOR, RULES, About, Right, Who, allowed, who_is
from supervisor.api.shapes import CallbackView, CallView, EarView, PersonView, QueueView, SeatView
from supervisor.board import Party

pytestmark = pytest.mark.unit

TAX, WATER = frozenset({"tax"}), frozenset({"water"})
OP = Who("op", role="operator", projects=TAX)
LEADER = Who("ld", role="leader", projects=TAX, supervises=TAX)
OTHER = Who("sw", role="supervisor", supervises=WATER)
BOTH = Who("sv", role="supervisor", supervises=TAX | WATER)


@pytest.mark.parametrize("right", [Right.SEAT, Right.TALK])
@pytest.mark.parametrize(
    ("who", "about", "may"),
    [
        (OP, About("op", TAX), True),
        (OP, About("op", WATER), True),
        (OP, About("", TAX), False),
        (OP, About("op2", TAX), False),
        (LEADER, About("op", TAX), True),
        (LEADER, About("op", TAX | WATER), True),
        (LEADER, About("op", WATER), False),
        (OTHER, About("op", TAX), False),
        (ADMINISTRATOR, About("op", TAX), True),
    ],
)
def test_seats_and_conversations(right: Right, who: Who, about: About, may: bool) -> None:
    assert allowed(who, right, about) is may


@pytest.mark.parametrize(
    ("who", "about", "may"),
    [
        (OP, About("", TAX, OP), True),
        (OP, About("op", TAX, OP), True),
        (OP, About("op2", TAX, OP), False),
        (OP, About("", TAX, Who("op2", projects=TAX)), False),
        (OP, About("", TAX), False),
        (LEADER, About("op2", TAX, LEADER), True),
        (LEADER, About("", TAX, OP), True),
        (LEADER, About("", WATER, OP), False),
        (LEADER, About("", TAX, Who("oq", projects=WATER)), False),
        (LEADER, About("", TAX), True),
        # or he would listen to the water works by a login at the desk beside him
        (LEADER, About("", TAX, BOTH), False),
        (LEADER, About("", TAX, Who("x", projects=TAX, supervises=TAX | WATER)), False),
        (ADMINISTRATOR, About("op", TAX, BOTH), True),
    ],
)
def test_logging_in(who: Who, about: About, may: bool) -> None:
    assert allowed(who, Right.LOGIN, about) is may


@pytest.mark.parametrize(
    ("who", "about", "may"),
    [
        (LEADER, About("ld", TAX), True),
        (LEADER, About("ld", WATER), False),
        (LEADER, About("ld", frozenset()), True),
        (LEADER, About("op", TAX), False),
        (LEADER, About("", TAX), False),
        (BOTH, About("sv", WATER), True),
        (OP, About("op", TAX), False),
        (OP, About("op", frozenset()), False),
        (ADMINISTRATOR, About("", TAX), True),
    ],
)
def test_the_ear(who: Who, about: About, may: bool) -> None:
    assert allowed(who, Right.EAR, about) is may


@pytest.mark.parametrize(
    ("who", "about", "may"),
    [
        (OP, About("op", TAX), True),
        (OP, About("op", TAX, project="tax"), True),
        (OP, About("op", TAX, project="water"), False),
        (OP, About("op2", TAX, project="tax"), False),
        (LEADER, About("op", TAX, project="tax"), True),
        (LEADER, About("op", TAX | WATER, project="water"), True),
    ],
)
def test_dialling(who: Who, about: About, may: bool) -> None:
    assert allowed(who, Right.DIAL, about) is may


def test_projects_are_for_those_who_supervise_them() -> None:
    assert [
        who.id for who in (OP, LEADER, OTHER, ADMINISTRATOR) if allowed(who, Right.PROJECT, About("", TAX))
    ] == [
        "ld",
        "admin",
    ]


def test_every_right_is_told_in_words_and_everybody_may_read() -> None:
    assert RULES.keys() == set(Right)
    assert allowed(OP, Right.PERSON, About("op2", WATER))


def test_an_operator_supervises_nothing_whatever_the_configuration_says() -> None:
    assert who_is(Person("op", "1", supervises=("tax",))).supervises == frozenset()


# ---- what is seen

CALL = CallView(
    "c1", "tax", "in", State.TALKING, 1.0, 0.0, "0570", "0901234567", "tax/main", "s1", 1.0, 1.0, 1.0, 0.0, "",
    [Party("outside:0312345678", "joined"), Party("seat:desk", "supervisor")],
)  # fmt: skip
SEAT = SeatView("s1", "11", SeatState.TALKING, 1.0, 0.0, "op", "", "", "c1", ["tax"], ["tax/main"])


@pytest.mark.parametrize(
    ("number", "told"), [("0901234567", "090123****"), ("1234", "****"), ("35", "**"), ("", "")]
)
def test_a_masked_number(number: str, told: str) -> None:
    assert sight.masked(number) == told


def test_who_sees_how_much_of_a_call() -> None:
    assert sight.call_for(LEADER, CALL, has_it=False) is CALL
    assert sight.call_for(ADMINISTRATOR, CALL, has_it=False) is CALL
    own = sight.call_for(OP, CALL, has_it=True)
    assert own == replace(CALL, parties=CALL.parties[:1])
    assert sight.call_for(OP, CALL, has_it=False) == replace(CALL, caller="090123****", parties=[])
    assert sight.call_for(OTHER, CALL, has_it=False) is None


def test_who_has_a_call_of_another_project_sees_it() -> None:
    call = sight.call_for(OP, replace(CALL, project="water"), has_it=True)
    assert call is not None
    assert call.caller == CALL.caller


def test_who_sees_how_much_of_a_seat() -> None:
    assert sight.seat_for(LEADER, SEAT) is SEAT
    assert sight.seat_for(OP, SEAT) is SEAT
    assert sight.seat_for(Who("op2", projects=TAX), SEAT) == replace(SEAT, call="")
    assert sight.seat_for(OTHER, SEAT) is None


def test_who_sees_queues_callbacks_ears_and_people() -> None:
    queue = QueueView("tax/main", "tax", 0, None, None, None, {})
    assert [sight.queue_for(who, queue) for who in (OP, LEADER, OTHER)] == [queue, queue, None]
    callback = CallbackView("b", "tax", "tax/main", "0901234567", 1, 1.0, "waiting", "", 0, None)
    assert sight.callback_for(LEADER, callback) is callback
    assert sight.callback_for(OP, callback) == replace(callback, number="090123****")
    assert sight.callback_for(OTHER, callback) is None
    ear = EarView("desk", "c1", "tax", "s1", "listen", "ld", 1.0, 0.0)
    assert [sight.ear_for(who, ear) for who in (OP, LEADER, OTHER)] == [None, ear, None]
    person = PersonView("op9", "109", "", "operator", ["tax"], [], "")
    seen = [sight.person_for(who, person) for who in (OP, LEADER, OTHER)]
    assert seen == [replace(person, number=""), person, None]

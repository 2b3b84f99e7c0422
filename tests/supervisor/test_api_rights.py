"""Who may do what, and who sees what: pure functions."""

from __future__ import annotations

from dataclasses import replace as with_

import pytest
from msgspec.structs import replace

from calls.lifecycle import SeatState, State
from engine.centre import Person
from supervisor.api import sight
from supervisor.api.rights import ADMINISTRATOR, RULES, About, Right, Who, allowed, who_is
from supervisor.api.shapes import CallbackView, CallView, EarView, PersonView, QueueView, SeatView
from supervisor.api.sight import Place
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
        # nobody in particular sits there: the desk's own configuration decides, together with what he supervises
        (LEADER, About("", TAX, desk=TAX | WATER), True),
        (LEADER, About("", TAX, desk=TAX), True),
        (LEADER, About("", TAX, desk=WATER), False),
        (LEADER, About("", WATER, desk=TAX | WATER), False),
        (LEADER, About("", frozenset(), desk=TAX), True),
        (LEADER, About("", frozenset(), desk=WATER), False),
        (OP, About("", TAX, desk=TAX), False),
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
    [Party("outside:0312345678", "joined"), Party("seat:desk", "supervisor")], 0,
)  # fmt: skip
SEAT = SeatView("s1", "11", SeatState.TALKING, 1.0, 0.0, "op", "", "", "c1", ["tax"], ["tax/main"], [])
PLACE = Place("op", TAX, frozenset(), "tax")
PLACES = {"s1": PLACE, "desk": Place("", frozenset(), TAX | WATER)}
FOREIGN = {"s1": Place("op", WATER, frozenset()), "desk": Place("sw", frozenset(), WATER)}
LENT = Who("op", "", "operator", WATER, lent=True)


@pytest.mark.parametrize(
    ("number", "told"), [("0901234567", "090123****"), ("1234", "****"), ("35", "**"), ("", "")]
)
def test_a_masked_number(number: str, told: str) -> None:
    assert sight.masked(number) == told


def test_who_sees_how_much_of_a_call() -> None:
    assert sight.call_for(LEADER, CALL, PLACES, has_it=False) == CALL
    assert sight.call_for(ADMINISTRATOR, CALL, {}, has_it=False) == CALL
    own = sight.call_for(OP, CALL, PLACES, has_it=True)
    assert own == replace(CALL, parties=CALL.parties[:1])
    assert sight.call_for(OP, CALL, PLACES, has_it=False) == replace(CALL, caller="090123****", parties=[])
    assert sight.call_for(OTHER, CALL, PLACES, has_it=False) is None


def test_seats_of_others_have_no_name_in_a_call() -> None:
    assert sight.seats_in(CALL) == ["s1", "desk"]
    seen = sight.call_for(LEADER, CALL, FOREIGN, has_it=False)
    assert seen == replace(CALL, seat="", parties=[CALL.parties[0], Party("seat:", "supervisor")])
    assert sight.call_for(ADMINISTRATOR, CALL, FOREIGN, has_it=False) == CALL
    own = sight.call_for(OP, CALL, FOREIGN, has_it=True)
    assert own is not None
    assert own.seat == "s1"


def test_who_has_a_call_of_another_project_sees_it() -> None:
    call = sight.call_for(OP, replace(CALL, project="water"), PLACES, has_it=True)
    assert call is not None
    assert call.caller == CALL.caller


def test_who_sees_how_much_of_a_seat() -> None:
    assert sight.seat_for(LEADER, SEAT, PLACE) == SEAT
    assert sight.seat_for(OP, SEAT, PLACE) == SEAT
    assert sight.seat_for(Who("op2", projects=TAX), SEAT, PLACE) == replace(SEAT, call="")
    assert sight.seat_for(OTHER, SEAT, PLACE) is None


def test_a_seat_of_two_projects_is_seen_as_far_as_ones_own_go() -> None:
    seat = replace(SEAT, projects=["tax", "water"], queues=["tax/main", "water/main"], supervises=["water"])
    both = PLACE._replace(projects=TAX | WATER)
    cut = replace(seat, projects=["tax"], queues=["tax/main"], supervises=[])
    assert sight.seat_for(LEADER, seat, both) == cut
    assert sight.seat_for(LEADER, seat, both._replace(call="water")) == replace(cut, call="")
    assert sight.seat_for(OP, seat, both) == seat  # his own
    assert sight.seat_for(ADMINISTRATOR, seat, both) == seat


def test_with_lent_rights_ones_own_seat_shows_no_more_than_they_allow() -> None:
    assert sight.seat_for(LENT, SEAT, PLACE) == replace(SEAT, call="", projects=[], queues=[])
    his = with_(LENT, projects=TAX)
    assert sight.seat_for(his, SEAT, PLACE) == SEAT


def test_a_desk_is_seen_by_those_who_supervise_what_is_heard_there() -> None:
    desk = replace(
        SEAT, seat="desk", operator="", call="", projects=[], queues=[], supervises=["tax", "water"]
    )
    place = PLACES["desk"]
    assert sight.seat_for(LEADER, desk, place) == replace(desk, supervises=["tax"])
    assert sight.seat_for(OP, desk, place) is None
    assert sight.seat_for(BOTH, desk, place) == desk


@pytest.mark.parametrize("right", [Right.SEAT, Right.TALK, Right.DIAL])
def test_lent_rights_do_not_reach_to_what_the_configuration_lets_him_do(right: Right) -> None:
    assert allowed(OP, right, About("op", TAX))
    assert not allowed(LENT, right, About("op", TAX))
    assert allowed(with_(LENT, projects=TAX), right, About("op", TAX))


def test_with_lent_rights_nobody_sits_down_as_himself() -> None:
    own = Who("op", projects=TAX)
    assert not allowed(with_(LENT, projects=TAX), Right.LOGIN, About("", TAX, own))
    assert allowed(with_(LENT, supervises=TAX), Right.LOGIN, About("", TAX, own))


def test_who_sees_queues_callbacks_ears_and_people() -> None:
    queue = QueueView("tax/main", "tax", 0, None, None, None, None, {})
    assert [sight.queue_for(who, queue) for who in (OP, LEADER, OTHER)] == [queue, queue, None]
    callback = CallbackView("b", "tax", "tax/main", "0901234567", 1, 1.0, "waiting", "", 0, None)
    assert sight.callback_for(LEADER, callback) is callback
    assert sight.callback_for(OP, callback) == replace(callback, number="090123****")
    assert sight.callback_for(OTHER, callback) is None
    ear = EarView("desk", "c1", "tax", "s1", "listen", "ld", 1.0, 0.0)
    assert [sight.ear_for(who, ear, PLACES) for who in (OP, LEADER, OTHER)] == [None, ear, None]
    assert sight.ear_for(LEADER, ear, FOREIGN) == replace(ear, heard="")
    person = PersonView("op9", "109", "", "operator", ["tax"], [], "s1")
    seen = [sight.person_for(who, person, PLACES) for who in (OP, LEADER, OTHER)]
    assert seen == [replace(person, number=""), person, None]
    both = replace(person, projects=["tax", "water"], supervises=["water"])
    assert sight.person_for(LEADER, both, FOREIGN) == replace(person, seat="")
    assert sight.person_for(Who("op9"), both, FOREIGN) == both

"""What stands whatever calls there are: a fresh engine that is told of it stands the same."""

from __future__ import annotations

from typing import Any

import pytest

from calls.event import Event
from calls.events import EngineStarted, LegEnded, PhoneRegistered
from calls.requests import (
    CallbackOrdered,
    SeatLoggedIn,
    SeatLoggedOut,
    SeatPaused,
)
from engine.centre import Centre, Person, SeatPlan
from engine.engine import Engine
from engine.floor import Floor
from engine.standing import standing
from tests.engine.callback_town import ANNA, BEN, NODES, RULES, dialled, wishes
from tests.engine.city import OPEN, TAX, City, project

pytestmark = pytest.mark.unit

CORA = "0900000003"
PEOPLE = (Person("op1", "101", "青木", ("tax",)), Person("op2", "102", "井上", ("tax",)))
SEATS = (
    SeatPlan("s1", ("tax",)),
    SeatPlan("s2", ("tax",)),
    SeatPlan("hot", ("tax",), personal=True),
    SeatPlan("cold", ("tax",), personal=True),
)


def house() -> Centre:
    """Two seats that are anybody's, two of persons, and a line from which callers are called back."""
    tax = project("tax", TAX, {"callback": RULES}, nodes=NODES)
    return Centre({"tax": tax}, SEATS, people={person.id: person for person in PEOPLE})


def town(*events: Event) -> City:
    """The house, and what happened in the morning."""
    tax = City(house())
    tax.happens(0, *events)
    return tax


def fresh(events: list[Event], at: float = 5000.0) -> Engine:
    """An engine that is told of it, before any telephone is there."""
    engine = Engine(house())
    for event in (EngineStarted(house().digest(), "xab"), *events):
        engine.handle(event, OPEN + at)
    return engine


def seated(floor: Floor) -> dict[str, tuple[Any, ...]]:
    """Who sits where, and whether he has a break."""
    return {
        seat.id: (seat.logged_in, seat.operator, seat.paused, seat.queues) for seat in floor.seats.values()
    }


def owed(floor: Floor) -> list[tuple[str, str, str, float]]:
    """To whom we owe a call, in order: number, project, queue, and since when."""
    kept = [(floor.router.reserve(one.id, -1.0), one) for one in floor.callbacks.values()]
    return [
        (one.number, one.project, one.queue, since)
        for (_, _, since), one in sorted(kept, key=lambda each: each[0])
    ]


def test_who_has_done_nothing_leaves_nothing() -> None:
    assert standing(town().engine.floor) == []


def test_logins_and_breaks_in_the_order_of_the_seats() -> None:
    tax = town(
        SeatLoggedIn("hot", "op2"),
        SeatPaused("hot", "lunch"),
        SeatLoggedOut("s1"),
        SeatLoggedIn("s2", "op1"),
        SeatPaused("s2", "meeting"),
    )
    assert standing(tax.engine.floor) == [
        SeatLoggedOut("s1"),
        SeatLoggedIn("s2", "op1"),
        SeatPaused("s2", "meeting"),
        SeatLoggedIn("hot", "op2"),
        SeatPaused("hot", "lunch"),
    ]


def test_a_break_at_a_seat_of_nobody_in_particular() -> None:
    tax = town(SeatPaused("s1", "lunch"))
    assert standing(tax.engine.floor) == [SeatPaused("s1", "lunch")]


def test_callbacks_with_the_time_since_which_they_wait_and_in_their_order() -> None:
    tax = town(SeatLoggedOut("s1"), SeatLoggedOut("s2"))
    for at, caller, number in ((1, "cora", CORA), (3, "anna", ANNA), (5, "ben", BEN)):
        wishes(tax, at, caller, number)
    told = [event for event in standing(tax.engine.floor) if isinstance(event, CallbackOrdered)]
    assert [(one.number, one.project, one.queue, one.since - OPEN) for one in told] == [
        (CORA, "tax", "tax/main", 1),
        (ANNA, "tax", "tax/main", 3),
        (BEN, "tax", "tax/main", 5),
    ]


def test_one_who_is_called_right_now_is_owed_his_call_until_he_has_picked_up() -> None:
    tax = town()
    dialled(tax)
    assert [type(event) for event in standing(tax.engine.floor)] == [CallbackOrdered]
    tax.picks_up(9, ANNA)
    assert standing(tax.engine.floor) == []  # he would be called once more
    tax.happens(60, LegEnded(tax.leg(ANNA)))
    tax.time_passes(200)
    assert standing(tax.engine.floor) == []


def test_a_fresh_engine_stands_the_same() -> None:
    tax = town(SeatLoggedIn("hot", "op2"), SeatLoggedIn("s1", "op1"), SeatLoggedOut("s2"))
    tax.happens(0, SeatPaused("hot", "lunch"), SeatPaused("s1", "meeting"))
    for at, caller, number in ((1, "cora", CORA), (3, "anna", ANNA), (5, "ben", BEN)):
        wishes(tax, at, caller, number)
    was = tax.engine.floor
    now = fresh(standing(was)).floor
    assert (seated(now), owed(now)) == (seated(was), owed(was))
    again = fresh(standing(now), 9000.0).floor
    assert (seated(again), owed(again)) == (seated(was), owed(was))


def test_to_be_asked_changes_nothing() -> None:
    tax = town(SeatLoggedIn("s1", "op1"))
    wishes(tax, 1, "anna", ANNA)
    first = standing(tax.engine.floor)
    assert standing(tax.engine.floor) == first
    tax.check()


def test_what_is_not_possible_any_more_is_refused_without_harm() -> None:
    told = [SeatLoggedIn("hot", "gone"), SeatLoggedOut("no seat"), CallbackOrdered("k", "water", ANNA)]
    engine = fresh([*told, SeatPaused("s1", "lunch")])
    engine.handle(PhoneRegistered("s1"), OPEN + 5001)
    assert standing(engine.floor) == [SeatPaused("s1", "lunch")]

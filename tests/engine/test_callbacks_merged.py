"""Who calls himself, wishes it twice or does not wish it any more: there is one place for him, or none."""

from __future__ import annotations

import pytest

from calls.events import CallArrived
from calls.record import fold
from calls.requests import (
    CallbackWithdrawn,
    SeatLoggedOut,
    WrapUpFinished,
)
from tests.engine.callback_town import (
    ANNA,
    dialled,
    gone,
    queues,
    states,
    town,
    wishes,
)
from tests.engine.city import TAX
from tests.engine.conftest import MakeCity

pytestmark = pytest.mark.unit


# ---- he calls himself


def test_who_calls_himself_has_the_place_of_his_callback(city: MakeCity) -> None:
    tax = town(city, {"wrapup_s": 0})
    queues(tax, 0, "first")
    tax.picks_up(0, "s1")
    wishes(tax, 1, "anna", ANNA)
    queues(tax, 3, "cora")
    queues(tax, 4, "anna again", ANNA)
    assert tax.life(f"callback {ANNA}") == [(2, "QUEUED"), (4, "cancelled"), (4, "CLOSED")]
    tax.hangs_up(5, "first")
    assert (5, "ring s1 for anna again") in tax.done(5)
    assert states(tax)[-1] == (4, "cancelled", 0)
    [record] = [record for record in fold(tax.entries) if record.leg == "anna again"]
    assert record.callback  # his own call has served it


def test_he_calls_while_the_operator_is_rung_for_him(city: MakeCity) -> None:
    tax = town(city)
    wishes(tax, 1, "anna", ANNA)
    queues(tax, 4, "anna again", ANNA)
    assert (4, "hang up s1 (answered_elsewhere)") in tax.done(4)
    assert tax.done(4)[-1] == (4, "ring s1 for anna again")
    assert tax.engine.floor.seats["s1"].misses == 0


def test_he_calls_while_we_ring_him(city: MakeCity) -> None:
    tax = town(city)
    dialled(tax)
    queues(tax, 6, "anna again", ANNA)
    assert {(6, f"hang up {ANNA}"), (6, "hang up s1 (answered_elsewhere)")} <= set(tax.done(6))
    assert tax.done(6)[-1] == (6, "ring s1 for anna again")
    assert tax.life(f"callback {ANNA}", 6) == [(6, "cancelled"), (6, "CLOSED")]
    assert tax.engine.floor.seats["s1"].misses == 0


def test_he_calls_before_the_next_try(city: MakeCity) -> None:
    tax = town(city)
    dialled(tax)
    tax.hangs_up(8, ANNA, 17)
    queues(tax, 10, "anna again", ANNA)
    assert states(tax)[-1] == (10, "cancelled", 1)
    tax.hangs_up(11, "anna again")
    assert gone(tax)


def test_he_calls_while_his_first_call_goes_on(city: MakeCity) -> None:
    tax = town(city)
    tax.happens(1, CallArrived("anna", TAX, ANNA))
    tax.presses(1, "anna", "2")
    queues(tax, 2, "anna again", ANNA)
    tax.hangs_up(3, "anna")
    tax.hangs_up(4, "anna again")
    assert states(tax) == [(1, "waiting", 0), (2, "cancelled", 0)]
    assert gone(tax)


@pytest.mark.parametrize("connected", [True, False])
def test_somebody_else_calls_from_there_while_he_talks(city: MakeCity, connected: bool) -> None:
    tax = town(city, seats=2)
    dialled(tax)
    tax.confirms = connected
    tax.picks_up(9, ANNA)
    queues(tax, 10, "his wife", ANNA)
    assert f"hang up {ANNA}" not in [what for _, what in tax.done(9)]
    assert tax.done(10)[-1] == (10, "ring s2 for his wife")


def test_two_wishes_are_one_callback(city: MakeCity) -> None:
    tax = town(city, {"wrapup_s": 0}, seats=1)
    queues(tax, 0, "first")
    tax.picks_up(0, "s1")
    wishes(tax, 1, "anna", ANNA)
    wishes(tax, 10, "anna again", ANNA)
    tax.hangs_up(20, "first")
    assert len([what for _, what in tax.log if what.startswith("call back")]) == 1
    assert [at for at, what in tax.done() if what == f"ring s1 for callback {ANNA}"] == [20]


def test_a_second_wish_while_we_ring_him(city: MakeCity) -> None:
    tax = town(city)
    dialled(tax)
    tax.happens(6, CallArrived("anna again", TAX, ANNA))
    tax.presses(6, "anna again", "2")
    assert (6, f"hang up {ANNA}") in tax.done(6)
    tax.hears(8, "anna again")
    assert tax.done(8) == [(8, "hang up anna again"), (8, f"ring s1 for callback {ANNA}")]
    tax.picks_up(9, "s1")
    tax.picks_up(10, ANNA)
    assert states(tax)[-1] == (10, "reached", 2)


def test_a_second_wish_after_he_was_reached_is_another_one(city: MakeCity) -> None:
    tax = town(city)
    dialled(tax)
    tax.picks_up(9, ANNA)
    wishes(tax, 10, "anna again", ANNA)
    tax.hangs_up(12, ANNA)
    tax.happens(13, WrapUpFinished("s1"))
    assert tax.done(13) == [(13, f"ring s1 for callback {ANNA}")]


# ---- withdrawn


@pytest.mark.parametrize("moment", range(6))
def test_it_is_withdrawn(city: MakeCity, moment: int) -> None:
    tax = town(city)
    tax.happens(1, CallArrived("anna", TAX, ANNA))
    tax.presses(1, "anna", "2")
    [callback] = tax.engine.floor.callbacks
    steps = [
        lambda: None,
        lambda: tax.hangs_up(2, "anna"),
        lambda: tax.picks_up(3, "s1"),
        lambda: tax.hangs_up(4, ANNA, 17),
        lambda: tax.time_passes(605),
        lambda: tax.happens(606, SeatLoggedOut("s1")),
    ]
    for step in steps[: moment + 1]:
        step()
    tax.happens(700, CallbackWithdrawn(callback, ask="w"), CallbackWithdrawn(callback, ask="again"))
    assert (tax.answers["w"].subject, tax.answers["w"].refusal) == (callback, "")
    assert tax.answers["again"].refusal == "unknown"
    assert states(tax)[-1][:2] == (700, "cancelled")
    if moment == 0:
        tax.hangs_up(701, "anna")
    assert gone(tax)


def test_it_cannot_be_withdrawn_once_he_has_been_reached(city: MakeCity) -> None:
    tax = town(city)
    dialled(tax)
    [callback] = tax.engine.floor.callbacks
    tax.picks_up(9, ANNA)
    tax.happens(10, CallbackWithdrawn(callback, ask="w"))
    assert (tax.answers["w"].refusal, tax.answers["w"].state) == ("conflict", "TALKING")
    tax.hangs_up(20, ANNA)
    tax.happens(21, CallbackWithdrawn(callback, ask="late"))
    assert tax.answers["late"].refusal == "conflict"
    tax.happens(22, WrapUpFinished("s1"))
    tax.happens(23, CallbackWithdrawn(callback, ask="later"), CallbackWithdrawn("nobody's", ask="no"))
    assert (tax.answers["later"].refusal, tax.answers["no"].refusal) == ("unknown", "unknown")

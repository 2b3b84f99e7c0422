"""Callers who are called back: an operator is there first, then they are dialled."""

from __future__ import annotations

import pytest

from calls.commands import RingSeat, RingTelephone
from calls.events import CallArrived, CommandFailed
from calls.record import fold
from calls.requests import (
    ConsultAsked,
    HangUpAsked,
    HoldAsked,
    RetrieveAsked,
    SeatLoggedOut,
    WrapUpFinished,
)
from tests.engine.callback_town import (
    ANNA,
    RULES,
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


# ---- as it should be


def test_the_operator_first_and_then_the_caller(city: MakeCity) -> None:
    tax = town(city)
    dialled(tax)
    tax.picks_up(9, ANNA)
    assert tax.done(2) == [
        (2, "hang up anna"),
        (2, f"ring s1 for callback {ANNA}"),
        (3, "ringback to s1"),
        (3, f"ring {ANNA} for callback {ANNA}"),
        (9, "no ringback to s1"),
        (9, f"connect {ANNA} s1"),
        (9, f"record {ANNA}"),
    ]
    tax.hangs_up(60, ANNA)
    tax.happens(70, WrapUpFinished("s1"))
    assert tax.life(f"callback {ANNA}") == [
        (2, "QUEUED"),
        (2, "RINGING"),
        (9, "answered"),
        (9, "TALKING"),
        (60, "WRAP_UP"),
        (70, "CLOSED"),
    ]
    assert states(tax) == [(1, "waiting", 0), (2, "waiting", 0), (3, "ringing", 1), (9, "reached", 1)]
    assert gone(tax)


def test_what_the_two_telephones_show(city: MakeCity) -> None:
    tax = town(city, {"callback": RULES | {"from_number": "048-111-2222"}})
    dialled(tax)
    sent = [command for entry in tax.entries for command in entry.commands]
    [seat] = [command for command in sent if isinstance(command, RingSeat)]
    assert (seat.caller_leg, seat.caller, seat.title) == ("", ANNA, "tax")
    [out] = [command for command in sent if isinstance(command, RingTelephone)]
    assert (out.kind, out.target, out.phone, out.caller_leg) == ("outside", ANNA, "", "")
    assert (out.caller, out.title) == ("0481112222", "tax")
    assert out.leg in tax.engine.legs()


def test_the_record_of_it(city: MakeCity) -> None:
    tax = town(city)
    dialled(tax)
    tax.picks_up(9, ANNA)
    tax.hangs_up(60, ANNA)
    tax.happens(70, WrapUpFinished("s1"))
    own, record = fold(tax.entries)
    assert own.outcome == "overflowed"
    assert (record.direction, record.caller, record.number) == ("callback", ANNA, TAX)
    assert (record.outcome, record.talk, record.wait, record.seat) == ("answered", 51, None, "s1")
    assert record.callback == f"{own.call}.k1"
    assert record.leg == tax.leg(ANNA)


def test_what_may_be_done_in_a_conversation(city: MakeCity) -> None:
    tax = town(city)
    dialled(tax)
    tax.picks_up(9, ANNA)
    tax.happens(10, HoldAsked("s1"), RetrieveAsked("s1"), ConsultAsked("s1", "extension", "35", ask="c"))
    tax.picks_up(12, "35")
    tax.happens(13, RetrieveAsked("s1"), HangUpAsked("s1"))
    assert tax.answers["c"].refusal == ""
    assert tax.life(f"callback {ANNA}", 10)[-1] == (13, "WRAP_UP")


def test_he_keeps_the_place_that_he_had(city: MakeCity) -> None:
    tax = town(city, {"wrapup_s": 0})
    queues(tax, 0, "first")
    tax.picks_up(0, "s1")
    wishes(tax, 1, "anna", ANNA)
    queues(tax, 1.5, "cora")  # anna still hears that she will be called
    tax.hangs_up(5, "first")
    assert (5, f"ring s1 for callback {ANNA}") in tax.done(5)


def test_nobody_is_dialled_before_he_has_hung_up(city: MakeCity) -> None:
    tax = town(city)
    tax.happens(1, CallArrived("anna", TAX, ANNA))
    tax.presses(1, "anna", "2")
    assert tax.done(1)[-1] == (1, "play bye to anna")
    tax.hangs_up(4, "anna")
    assert tax.done(4) == [(4, f"ring s1 for callback {ANNA}")]


def test_he_waits_without_limit_and_without_music(city: MakeCity) -> None:
    notices = {"first_s": 5, "position": True}
    tax = town(city, {"max_wait_s": 30, "at_closing": "release", "notices": notices})
    tax.happens(0, SeatLoggedOut("s1"))
    wishes(tax, 1, "anna", ANNA)
    tax.time_passes(3000)
    assert tax.done(3) == []
    assert tax.life(f"callback {ANNA}") == [(2, "QUEUED")]


def test_several_telephones_ring_but_only_one_dials(city: MakeCity) -> None:
    tax = town(city, {"policy": "ring_all"}, seats=3)
    wishes(tax, 1, "anna", ANNA)
    tax.picks_up(3, "s2")
    assert tax.done(3) == [
        (3, "hang up s1 (answered_elsewhere)"),
        (3, "hang up s3 (answered_elsewhere)"),
        (3, "ringback to s2"),
        (3, f"ring {ANNA} for callback {ANNA}"),
    ]
    assert tax.life("s1", 3) == [(3, "READY")]


# ---- not reached


@pytest.mark.parametrize("cause", [16, 17, 19, 20, 21])
def test_not_reached(city: MakeCity, cause: int) -> None:
    tax = town(city)
    dialled(tax)
    tax.hangs_up(8, ANNA, cause)
    assert tax.done(8) == [(8, "hang up s1 (answered_elsewhere)")]
    assert tax.life(f"callback {ANNA}", 8) == [(8, "not_reached"), (8, "CLOSED")]
    assert tax.life("s1", 8) == [(8, "READY")]  # no wrap-up, no missed call
    assert tax.engine.floor.seats["s1"].misses == 0
    assert states(tax)[-1] == (8, "retry", 1)
    tax.time_passes(609)
    assert tax.done(9) == [(608, f"ring s1 for callback {ANNA}")]


def test_he_does_not_pick_up(city: MakeCity) -> None:
    tax = town(city)
    dialled(tax)
    tax.time_passes(30)
    assert tax.done(4) == [(28, f"hang up {ANNA} (no_answer)"), (28, "hang up s1 (answered_elsewhere)")]
    assert states(tax)[-1] == (28, "retry", 1)
    tax.happens(31, CommandFailed("HangUp", tax.leg(ANNA), 404))
    assert tax.done(31) == []


def test_it_cannot_be_dialled(city: MakeCity) -> None:
    tax = town(city)
    dialled(tax)
    tax.happens(3, CommandFailed("RingTelephone", tax.leg(ANNA), 500))
    assert states(tax)[-1] == (3, "retry", 1)


def test_after_the_last_try_it_has_failed(city: MakeCity) -> None:
    tax = town(city)
    dialled(tax)
    tax.hangs_up(8, ANNA, 17)
    tax.time_passes(609)
    tax.picks_up(610, "s1")
    tax.hangs_up(615, ANNA, 17)
    assert states(tax)[3:] == [
        (8, "retry", 1),
        (608, "waiting", 1),
        (610, "ringing", 2),
        (615, "failed", 2),
    ]
    assert [record.outcome for record in fold(tax.entries)] == ["overflowed", "not_reached", "not_reached"]
    assert gone(tax)


def test_the_next_try_has_its_old_place(city: MakeCity) -> None:
    tax = town(city, {"wrapup_s": 0})
    dialled(tax)
    tax.hangs_up(8, ANNA, 17)
    queues(tax, 9, "cora")
    tax.picks_up(10, "s1")
    queues(tax, 20, "dora")
    tax.time_passes(608.5)
    tax.hangs_up(700, "cora")
    assert (700, f"ring s1 for callback {ANNA}") in tax.done(700)


# ---- the operator


def test_an_operator_who_drops_is_no_try(city: MakeCity) -> None:
    tax = town(city, seats=2)
    dialled(tax)
    tax.hangs_up(6, "s1")
    assert tax.done(6) == [(6, f"hang up {ANNA}"), (6, f"ring s2 for callback {ANNA}")]
    assert states(tax)[-2:] == [(3, "ringing", 1), (6, "waiting", 0)]
    tax.picks_up(8, "s2")
    tax.picks_up(12, ANNA)
    assert states(tax)[-2:] == [(8, "ringing", 1), (12, "reached", 1)]


def test_an_operator_gives_up_on_the_screen(city: MakeCity) -> None:
    tax = town(city, seats=2)
    dialled(tax)
    tax.happens(6, HangUpAsked("s1", ask="h"))
    assert tax.answers["h"].refusal == ""
    assert tax.done(6) == [
        (6, f"hang up {ANNA}"),
        (6, "hang up s1"),
        (6, f"ring s2 for callback {ANNA}"),
    ]


def test_an_operator_misses_it(city: MakeCity) -> None:
    tax = town(city, seats=2)
    wishes(tax, 1, "anna", ANNA)
    tax.time_passes(23)
    assert tax.done(3) == [(22, "hang up s1 (no_answer)"), (22, f"ring s2 for callback {ANNA}")]
    assert states(tax) == [(1, "waiting", 0), (2, "waiting", 0)]


def test_an_operator_drops_when_he_has_picked_up(city: MakeCity) -> None:
    tax = town(city, seats=2)
    tax.confirms = False
    tax.happens(1, CallArrived("anna", TAX, ANNA))
    tax.presses(1, "anna", "2")
    tax.hangs_up(2, "anna")
    tax.picks_up(3, "s1")
    tax.picks_up(9, ANNA)
    tax.confirms = True
    tax.hangs_up(9, "s1")
    tax.picks_up(11, "s2")
    assert tax.done(9)[2:] == [
        (9, f"part callback {ANNA}"),
        (9, f"ring s2 for callback {ANNA}"),
        (10, f"music to {ANNA}"),
        (11, f"no music to {ANNA}"),
        (11, f"connect {ANNA} s2"),
        (11, f"record {ANNA}"),
    ]
    assert states(tax)[-1] == (11, "reached", 1)


@pytest.mark.parametrize("told", [True, False])
def test_the_two_cannot_be_connected(city: MakeCity, told: bool) -> None:
    tax = town(city)
    wishes(tax, 1, "anna", ANNA)
    tax.picks_up(3, "s1")
    tax.confirms = False
    tax.picks_up(9, ANNA)
    tax.confirms = True
    if told:
        tax.happens(14, CommandFailed("ConnectLegs", tax.bridge(tax.leg(ANNA)), 500))
    else:
        tax.time_passes(15)
    assert (14, f"ring s1 for callback {ANNA}") in tax.done(14)
    tax.hangs_up(16, ANNA)
    assert states(tax)[-1] == (16, "retry", 1)
    assert tax.life("s1", 16) == [(16, "READY")]

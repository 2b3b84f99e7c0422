"""What an operator dials in vain, and to whom in the house."""

from __future__ import annotations

import pytest

from calls.commands import RingTelephone
from calls.event import Event
from calls.events import CommandFailed, PhoneRegistered
from calls.requests import (
    DialAsked,
    HangUpAsked,
    HoldAsked,
    SeatLoggedIn,
)
from tests.engine.outbound_town import ANNA, OUT, dials, town

pytestmark = pytest.mark.unit


# ---- colleagues


@pytest.mark.parametrize(("number", "who"), [("202", "s2"), ("35", "35")])
def test_a_colleague_is_called_and_not_recorded(number: str, who: str) -> None:
    tax = town()
    tax.happens(0, SeatLoggedIn("s2"))
    dials(tax, 1, number)
    tax.picks_up(4, who)
    tax.hangs_up(20, who)
    assert [what for _, what in tax.done(2)] == [
        "ringback to s1",
        f"ring {'s2' if who == 's2' else '35'} for internal {number}",
        "no ringback to s1",
        f"connect {who} s1",
        f"part internal {number}",
        "hang up s1",
    ]
    assert tax.life(f"internal {number}", 20) == [(20, "WRAP_UP"), (20, "CLOSED")]
    assert tax.life("s1", 20) == [(20, "READY")]
    if who == "s2":
        assert tax.life("s2", 1) == [(2, "RINGING"), (4, "TALKING"), (20, "READY")]
    tax.check()


def test_a_colleague_sees_who_calls() -> None:
    tax = town()
    tax.happens(0, SeatLoggedIn("s5", "yuki"), SeatLoggedIn("s2"), PhoneRegistered("s5"))
    dials(tax, 1, "202", "s5")
    dials(tax, 5, "204", "s1")
    sent = [command for entry in tax.entries for command in entry.commands]
    shown = [(one.kind, one.caller, one.title) for one in sent if isinstance(one, RingTelephone)]
    assert shown == [("seat", "205", "Yuki"), ("seat", "201", "s1")]
    tax.check()


def test_he_rings_off_and_the_colleague_is_free() -> None:
    tax = town()
    tax.happens(0, SeatLoggedIn("s2"))
    dials(tax, 1, "202")
    tax.picks_up(4, "s2")
    tax.hangs_up(20, "s1")
    assert tax.life("s2", 20) == [(20, "READY")]
    assert tax.life("s1", 20) == [(20, "READY")]
    tax.check()


def test_a_colleague_who_does_not_answer_has_missed_nothing() -> None:
    tax = town()
    tax.happens(0, SeatLoggedIn("s2"))
    dials(tax, 1, "202")
    tax.time_passes(70)
    assert tax.life("internal 202", 3) == [(62, "not_reached"), (62, "CLOSED")]
    assert tax.life("s2", 3) == [(62, "READY")]
    assert tax.engine.floor.seats["s2"].misses == 0
    tax.check()


def test_a_colleague_is_rung_by_nobody_else() -> None:
    tax = town()
    tax.happens(0, SeatLoggedIn("s2"))
    dials(tax, 1, "202")
    tax.waits(3, "ben")
    assert tax.done(3)[-1] == (3, "music to ben")
    tax.hangs_up(5, "s2", 21)
    assert {(5, "ring s1 for ben"), (5, "ring s2 for ben")} & set(tax.done(5))
    tax.check()


def test_a_colleague_on_hold_is_not_sent_into_the_line() -> None:
    tax = town()
    tax.happens(0, SeatLoggedIn("s2"))
    dials(tax, 1, "202")
    tax.picks_up(4, "s2")
    tax.happens(5, HoldAsked("s1"))
    tax.hangs_up(6, "s1")
    assert tax.life("internal 202", 6)[-1] == (6, "CLOSED")
    assert tax.life("s2", 6) == [(6, "READY")]
    tax.check()


# ---- nobody is reached


@pytest.mark.parametrize("cause", [16, 17, 19, 20, 21])
def test_not_reached(cause: int) -> None:
    tax = town()
    dials(tax, 1)
    tax.hangs_up(8, ANNA, cause)
    assert tax.done(8) == [(8, "hang up s1")]
    assert tax.life(OUT, 8) == [(8, "not_reached"), (8, "CLOSED")]
    assert tax.life("s1", 8) == [(8, "READY")]
    tax.check()


def test_nobody_picks_up() -> None:
    tax = town()
    dials(tax, 1)
    tax.time_passes(70)
    assert tax.done(3) == [(62, f"hang up {ANNA} (no_answer)"), (62, "hang up s1")]
    assert tax.life(OUT, 3) == [(62, "not_reached"), (62, "CLOSED")]
    tax.check()


def test_it_cannot_be_dialled() -> None:
    tax = town()
    dials(tax, 1)
    tax.happens(2, CommandFailed("RingTelephone", tax.leg(ANNA), 500))
    assert tax.life(OUT, 2)[-2:] == [(2, "not_reached"), (2, "CLOSED")]
    tax.check()


@pytest.mark.parametrize("how", ["his telephone", "the screen"])
def test_he_gives_up(how: str) -> None:
    tax = town()
    dials(tax, 1)
    if how == "the screen":
        tax.happens(8, HangUpAsked("s1", ask="h"))
        assert tax.answers["h"].refusal == ""
    else:
        tax.hangs_up(8, "s1")
    assert (8, f"hang up {ANNA}") in tax.done(8)
    assert tax.life(OUT, 8) == [(8, "cancelled"), (8, "CLOSED")]
    assert tax.life("s1", 8) == [(8, "READY")]
    tax.check()


@pytest.mark.parametrize(
    ("at", "event"),
    [(3, None), (31, None), (3, CommandFailed("RingSeat", "s1", 500)), (3, HangUpAsked("s1"))],
)
def test_his_own_telephone_is_not_picked_up(at: float, event: Event | None) -> None:
    tax = town()
    tax.happens(1, DialAsked("s1", ANNA))
    if isinstance(event, CommandFailed):
        tax.happens(at, CommandFailed(event.name, tax.leg("s1"), event.status))
    elif event is not None:
        tax.happens(at, event)
    elif at < 30:
        tax.hangs_up(at, "s1", 21)
    else:
        tax.time_passes(at)
    assert tax.life(OUT) == [(at, "cancelled"), (at, "CLOSED")]
    assert tax.life("s1", at) == [(at, "READY")]
    assert tax.engine.floor.seats["s1"].misses == 0
    assert tax.engine.next_deadline() is None
    tax.check()


@pytest.mark.parametrize("who", ["s1", ANNA, "nobody"])
def test_the_two_cannot_be_connected(who: str) -> None:
    tax = town()
    dials(tax, 1)
    tax.confirms = False
    tax.picks_up(9, ANNA)
    tax.confirms = True
    if who == "nobody":
        tax.time_passes(15)
    else:
        tax.hangs_up(10, who)
    outcome = {"s1": "cancelled", ANNA: "not_reached", "nobody": "lost_system"}[who]
    assert tax.life(OUT, 10)[0][1] == outcome
    assert tax.life("s1", 10)[-1][1] == "READY"
    assert not tax.engine.floor.calls
    tax.check()


def test_the_colleague_has_become_busy_meanwhile() -> None:
    tax = town()
    tax.happens(0, SeatLoggedIn("s2"))
    tax.happens(1, DialAsked("s1", "202"))
    tax.waits(1.5, "ben")
    tax.picks_up(2, "s1")
    assert tax.life("internal 202") == [(2, "RINGING"), (2, "not_reached"), (2, "CLOSED")]
    tax.check()

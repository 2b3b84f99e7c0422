"""Between the operator's picking up and the conversation: what if the two do not come together."""

from __future__ import annotations

import pytest

from calls.events import CommandFailed, LegEnded, LegsConnected
from calls.requests import HoldAsked, RetrieveAsked
from tests.engine.city import City
from tests.engine.conftest import MakeCity

pytestmark = pytest.mark.unit


def picked_up(tax: City, at: float) -> None:
    """Anna's call is rung at s1 and picked up half a second later; from now on nothing is confirmed by itself."""
    tax.waits(at - 0.5, "anna")
    tax.confirms = False
    tax.picks_up(at, "s1")


def test_the_two_cannot_be_connected(city: MakeCity) -> None:
    tax = city(seats=2)
    picked_up(tax, 3)
    tax.happens(4, CommandFailed("ConnectLegs", tax.bridge("anna"), 500))
    tax.happens(4, CommandFailed("ConnectLegs", tax.bridge("anna"), 500))
    assert tax.done(4) == [(4, "hang up s1"), (4, "part anna"), (4, "ring s2 for anna")]


def test_nobody_tells_that_they_are_connected(city: MakeCity) -> None:
    tax = city(seats=2)
    picked_up(tax, 3)
    lost = tax.bridge("anna")
    tax.time_passes(8)
    assert tax.done(3.1) == [(8, "hang up s1"), (8, "part anna"), (8, "ring s2 for anna")]
    tax.happens(8.5, LegsConnected(lost))  # too late
    assert tax.life("anna", 3.1) == [(8, "QUEUED"), (8, "RINGING")]


def test_who_is_connected_in_time_is_not_parted(city: MakeCity) -> None:
    tax = city()
    picked_up(tax, 3)
    tax.happens(7.75, LegsConnected(tax.bridge("anna")))
    assert tax.engine.next_deadline() is None
    tax.time_passes(60)
    assert tax.done(3.1) == [(7.75, "record anna")]


def test_the_operator_has_missed_nothing_and_is_free_again(city: MakeCity) -> None:
    tax = city(queue={"misses": 1})
    picked_up(tax, 3)
    tax.time_passes(8)
    tax.hangs_up(8.25, "s1")
    assert tax.done(8) == [
        (8, "hang up s1"),
        (8, "part anna"),
        (8, "music to anna"),
        (8.25, "ring s1 for anna"),
    ]
    assert tax.life("s1", 8) == []  # it rings again: it was neither free nor put to rest in between


def test_a_failed_connection_is_no_answer_either(city: MakeCity) -> None:
    tax = city(queue={"misses": 2})
    tax.waits(1, "anna")
    tax.hangs_up(1.5, "s1", 21)  # the first miss; rung again
    tax.confirms = False
    tax.picks_up(2, "s1")
    tax.happens(3, CommandFailed("ConnectLegs", tax.bridge("anna"), 500))
    tax.hangs_up(3, "s1")
    tax.hangs_up(4, "s1", 21)
    assert tax.life("s1", 2) == [(4, "NOT_ANSWERING")]


def test_who_has_waited_too_long_by_then_goes_on_in_the_flow(city: MakeCity) -> None:
    tax = city(seats=2, queue={"max_wait_s": 4})
    picked_up(tax, 3)
    tax.time_passes(8)
    assert tax.done(3.1) == [(8, "hang up s1"), (8, "part anna"), (8, "play busy to anna")]
    assert tax.life("anna", 3.1) == [(8, "QUEUED"), (8, "IVR")]


def test_the_operator_drops_before_they_are_connected(city: MakeCity) -> None:
    tax = city(seats=2)
    picked_up(tax, 3)
    tax.hangs_up(4, "s1")
    tax.picks_up(4.5, "s2")
    tax.happens(8, LegsConnected(tax.bridge("anna")))  # the first connection's time is over, not this one's
    assert tax.life("anna", 3.1) == [(4, "QUEUED"), (4, "RINGING"), (8, "answered"), (8, "TALKING")]


def test_a_caller_who_cannot_be_let_in_again_is_gone(city: MakeCity) -> None:
    tax = city()
    tax.waits(1, "anna")
    tax.picks_up(3, "s1")
    tax.happens(10, HoldAsked("s1"))
    tax.happens(12, RetrieveAsked("s1"), CommandFailed("AddToBridge", "anna", 404))
    assert tax.life("anna", 12) == [(12, "TALKING"), (12, "WRAP_UP")]
    tax.happens(13, LegEnded("anna"))
    assert tax.life("anna", 13) == []


def test_a_caller_who_is_there_but_cannot_be_let_in_is_hung_up(city: MakeCity) -> None:
    tax = city()
    tax.waits(1, "anna")
    tax.picks_up(3, "s1")
    tax.happens(10, HoldAsked("s1"))
    tax.happens(12, RetrieveAsked("s1"), CommandFailed("AddToBridge", "anna", 409))
    assert (12, "hang up anna") in tax.done(12)
    assert tax.life("anna", 12)[-1] == (12, "WRAP_UP")

"""The buttons of an operator's telephone: hold, and transfer by REFER."""

from __future__ import annotations

import pytest

from calls.events import LegHeld, LegReferred, LegRetrieved
from calls.requests import ConsultAsked, HoldAsked
from tests.engine.button_town import held, nothing, over, talk

pytestmark = pytest.mark.unit


# ---- hold


def test_hold_and_retrieve() -> None:
    tax = held()
    tax.happens(20, LegRetrieved(tax.leg("s1")))
    assert tax.done(10) == [
        (10, "take anna out"),
        (10, "music to anna"),
        (20, "no music to anna"),
        (20, "let anna in"),
    ]
    over(tax)


def test_buttons_at_other_moments() -> None:
    tax = held()
    leg = tax.leg("s1")
    nothing(tax, 11, LegHeld(leg), LegHeld("nobody"), LegRetrieved("nobody"), LegHeld("anna"))
    tax.happens(12, LegRetrieved(leg))
    nothing(tax, 13, LegRetrieved(leg))
    tax.happens(14, ConsultAsked("s1", "extension", "35"))
    nothing(tax, 15, LegHeld(leg), LegRetrieved(leg))
    tax.hangs_up(20, "anna")
    nothing(tax, 21, LegHeld(leg), LegRetrieved(leg))
    over(tax)


def test_hold_by_request_and_retrieve_by_button() -> None:
    tax = talk()
    tax.happens(10, HoldAsked("s1"), LegHeld(tax.leg("s1")), LegRetrieved(tax.leg("s1")))
    assert [state for _, state in tax.life("anna", 10)] == ["HELD", "TALKING"]


# ---- blind


@pytest.mark.parametrize("first_on_hold", [True, False])
@pytest.mark.parametrize(("number", "rung"), [("202", "s2"), ("35", "35"), ("0481234567", "0481234567")])
def test_blind(first_on_hold: bool, number: str, rung: str) -> None:
    tax = held() if first_on_hold else talk()
    tax.happens(20, LegReferred(tax.leg("s1"), number))
    assert (20, f"ring {rung} for anna") in tax.done(20)
    assert (20, "hang up s1") in tax.done(20)
    tax.hangs_up(25, rung, 17)
    assert tax.done(25)[-1] == (25, "ring s1 for anna")
    over(tax)


@pytest.mark.parametrize("number", ["999", "", "201", "*21202", "anna"])
def test_nowhere(number: str) -> None:
    tax = talk()
    nothing(tax, 10, LegReferred(tax.leg("s1"), number))
    over(tax)


def test_from_legs_that_may_not() -> None:
    tax = talk()
    nothing(tax, 10, LegReferred("anna", "202"), LegReferred("nobody", "202"), LegReferred("nobody", "", "x"))
    nothing(tax, 10, LegReferred(tax.leg("s1"), "", "anna"))
    tax.happens(20, ConsultAsked("s1", "seat", "s2"))
    tax.picks_up(21, "s2")
    nothing(tax, 22, LegReferred(tax.leg("s2"), "35"))
    over(tax)

"""What an operator types in a conversation."""

from __future__ import annotations

import pytest

from calls.events import DigitPressed
from engine.centre import Centre, SeatPlan
from tests.engine.city import EXTENSIONS, TAX, City, project

pytestmark = pytest.mark.unit

SEATS = (SeatPlan("s1", ("tax",), "201"), SeatPlan("s2", ("tax",), "202"))


def talk() -> City:
    """Anna talks to s1 from the 2nd second on."""
    tax = City(Centre({"tax": project("tax", TAX)}, SEATS, EXTENSIONS))
    tax.waits(1, "anna")
    tax.picks_up(2, "s1")
    return tax


def test_hold_and_retrieve() -> None:
    tax = talk()
    tax.types(10, "s1", "*1")
    tax.types(20, "s1", "*1")
    tax.types(30, "s1", "*1")
    tax.types(40, "s1", "*5")
    assert [state for _, state in tax.life("anna", 10)] == ["HELD", "TALKING", "HELD", "TALKING"]
    tax.check()


def test_blind_transfer() -> None:
    tax = talk()
    tax.types(10, "s1", "*2202#")
    assert tax.done(10) == [
        (10, "part anna"),
        (10, "hang up s1"),
        (10, "ring s2 for anna"),
        (10, "music to anna"),
    ]
    tax.check()


def test_consulting_and_completing() -> None:
    tax = talk()
    tax.types(10, "s1", "*335#")
    tax.picks_up(12, "35")
    tax.types(13, "s1", "*1")  # nothing is held while he consults
    tax.types(14, "s1", "*7")
    tax.types(15, "s1", "*7")
    tax.types(16, "s1", "*4")
    assert [state for _, state in tax.life("anna", 10)] == [
        "CONSULTING", "TALKING", "CONSULTING", "TRANSFERRED", "TALKING",
    ]  # fmt: skip
    tax.check()


def test_a_conference() -> None:
    tax = talk()
    tax.types(10, "s1", "*335#")
    tax.picks_up(12, "35")
    tax.types(13, "s1", "*6")
    assert tax.life("anna", 13) == [(13, "TALKING")]
    tax.check()


def test_back_from_a_consultation() -> None:
    tax = talk()
    tax.types(10, "s1", "*30481234567#")
    tax.types(14, "s1", "*5")
    assert tax.done(14) == [(14, "hang up 0481234567"), (14, "no music to anna"), (14, "let anna in")]
    tax.check()


@pytest.mark.parametrize(
    "keys",
    [
        "1", "202#", "*", "*0", "*8", "*9", "*#", "*2#", "*3#", "*2999#", "*22a02#", "*2201#", "*335",
        "*3" + "0" * 30 + "#", "*4", "*5", "*6", "*7", "2*", "#*#1", "*D1", "*01",
    ],
)  # fmt: skip
def test_keys_that_lead_to_nothing(keys: str) -> None:
    tax = talk()
    before = len(tax.log)
    tax.types(10, "s1", keys)
    assert len(tax.log) == before
    tax.types(20, "s1", "*1")
    assert tax.life("anna")[-1] == (20, "HELD")


def test_a_star_begins_anew() -> None:
    tax = talk()
    tax.types(10, "s1", "*22*2*220*1")
    assert tax.life("anna", 10) == [(10, "HELD")]


def test_slow_and_too_slow() -> None:
    tax = talk()
    for at, key in zip((10, 14.9, 19.8, 24.7, 29.6, 34.5), "*3202#", strict=True):
        tax.types(at, "s1", key)
    assert tax.life("anna", 10) == [(34.5, "CONSULTING")]
    tax = talk()
    tax.types(10, "s1", "*")
    tax.types(15.1, "s1", "1")
    assert tax.life("anna", 10) == []


def test_the_callers_keys_are_not_ours() -> None:
    tax = talk()
    before = len(tax.log)
    tax.happens(10, DigitPressed("anna", "*"), DigitPressed("anna", "1"), DigitPressed("nobody", "*"))
    assert len(tax.log) == before


def test_before_and_after_the_conversation() -> None:
    tax = talk()
    tax.waits(3, "bert")
    tax.types(4, "s2", "*1")
    tax.confirms = False
    tax.hangs_up(10, "anna")
    before = len(tax.log)
    tax.types(11, "s1", "*1*2202#")
    assert len(tax.log) == before


def test_a_third_party_types_in_vain() -> None:
    tax = talk()
    tax.types(10, "s1", "*3202#")
    tax.picks_up(12, "s2")
    before = len(tax.log)
    tax.types(13, "s2", "*4*5*1")
    assert len(tax.log) == before

"""The second line of an operator's telephone: on it he consults, and completes by REFER."""

from __future__ import annotations

import pytest

from calls.events import CommandFailed, DigitPressed, LegEnded, LegHeld, LegReferred, LegRetrieved
from calls.requests import ConferenceAsked, RetrieveAsked, SwapAsked
from tests.engine.button_town import SECOND, consults, held, nothing, over

pytestmark = pytest.mark.unit


def test_a_second_line_is_a_consultation() -> None:
    tax = consults()
    assert tax.done(11) == [
        (11, "ring 35 for anna"),
        (11, f"answer {SECOND}"),
        (11, f"ringback to {SECOND}"),
        (12, "let 35 in"),
        (12, f"no ringback to {SECOND}"),
        (12, "take s1 out"),
        (12, f"let {SECOND} in"),
    ]
    assert tax.life("s1")[-1] == (11, "CONSULTING")
    over(tax)


@pytest.mark.parametrize("backwards", [True, False])
@pytest.mark.parametrize("answered", [True, False])
def test_attended(backwards: bool, answered: bool) -> None:
    tax = consults(answered=answered)
    legs = (tax.leg("s1"), SECOND)
    first, second = legs[::-1] if backwards else legs
    tax.happens(20, LegReferred(first, "", second))
    assert (20, "hang up s1") in tax.done(20)
    assert tax.done(20)[-1] == (20, f"hang up {SECOND}")
    assert tax.life("anna", 20)[0] == (20, "TRANSFERRED")
    if not answered:
        tax.picks_up(25, "35")
    assert tax.life("anna")[-1][1] == "TALKING"
    over(tax)


def test_attended_with_the_two_changed_over() -> None:
    tax = consults()
    tax.happens(15, LegHeld(SECOND), LegRetrieved(tax.leg("s1")))
    tax.happens(20, LegReferred(tax.leg("s1"), "", SECOND))
    assert tax.life("anna", 20) == [(20, "TRANSFERRED"), (20, "TALKING")]
    assert (20, "no music to 35") in tax.done(20)
    over(tax)


def test_from_one_line_to_the_other() -> None:
    tax = consults()
    first = tax.leg("s1")
    tax.happens(15, LegHeld(SECOND), LegRetrieved(first))
    assert tax.done(15) == [
        (15, "take 35 out"),
        (15, "music to 35"),
        (15, "no music to anna"),
        (15, "let anna in"),
        (15, f"take {SECOND} out"),
        (15, "let s1 in"),
    ]
    tax.happens(16, LegHeld(first), LegRetrieved(SECOND))
    assert tax.done(16) == [
        (16, "take anna out"),
        (16, "music to anna"),
        (16, "no music to 35"),
        (16, "let 35 in"),
        (16, "take s1 out"),
        (16, f"let {SECOND} in"),
    ]
    over(tax)


def test_the_second_line_is_hung_up() -> None:
    tax = consults()
    tax.happens(15, LegEnded(SECOND))
    assert tax.done(15) == [(15, "let s1 in"), (15, "hang up 35")]
    assert tax.life("s1")[-1] == (15, "HOLDING")
    tax.happens(16, LegRetrieved(tax.leg("s1")))
    assert tax.life("anna")[-1] == (16, "TALKING")
    over(tax)


def test_the_second_line_is_hung_up_while_the_other_one_talks() -> None:
    tax = consults()
    tax.happens(15, LegRetrieved(tax.leg("s1")), LegEnded(SECOND))
    assert tax.done(15)[-1] == (15, "hang up 35")
    assert tax.life("anna")[-1] == (15, "TALKING")
    over(tax)


def test_the_consulted_one_hangs_up() -> None:
    tax = consults()
    tax.hangs_up(15, "35")
    assert tax.done(15) == [(15, f"take {SECOND} out"), (15, "let s1 in"), (15, f"hang up {SECOND}")]
    assert tax.life("s1")[-1] == (15, "HOLDING")
    over(tax)


def test_the_consulted_one_does_not_pick_up() -> None:
    tax = consults(answered=False)
    tax.time_passes(45)
    assert tax.done(12) == [(41, "hang up 35 (no_answer)"), (41, f"hang up {SECOND}")]
    assert tax.life("s1")[-1] == (41, "HOLDING")
    over(tax)


def test_back_to_the_caller_while_it_rings() -> None:
    tax = consults(answered=False)
    nothing(tax, 14, LegRetrieved(SECOND), LegHeld(SECOND))
    tax.happens(15, LegRetrieved(tax.leg("s1")))
    assert tax.done(15) == [
        (15, "hang up 35"),
        (15, "no music to anna"),
        (15, "let anna in"),
        (15, f"hang up {SECOND}"),
    ]
    over(tax)


def test_the_first_line_is_hung_up() -> None:
    tax = consults()
    tax.hangs_up(15, "s1")
    assert tax.done(15) == [(15, "no music to anna"), (15, "let anna in"), (15, f"hang up {SECOND}")]
    assert tax.life("anna")[-1] == (15, "TALKING")
    over(tax)


def test_a_conference_goes_on_whichever_line_he_talks_on() -> None:
    tax = consults()
    tax.happens(15, ConferenceAsked("s1"))
    first = tax.leg("s1")
    tax.happens(16, LegRetrieved(first), LegRetrieved(SECOND), LegRetrieved(SECOND))
    assert tax.done(16) == [
        (16, f"take {SECOND} out"),
        (16, "let s1 in"),
        (16, "take s1 out"),
        (16, f"let {SECOND} in"),
    ]
    tax.happens(17, LegEnded(SECOND))
    assert tax.done(17) == [(17, "let s1 in")]
    assert len(next(iter(tax.engine.floor.calls.values())).parties) == 1
    over(tax)


def test_other_ways_back() -> None:
    tax = consults()
    tax.happens(15, SwapAsked("s1"))
    tax.happens(16, SwapAsked("s1"))
    tax.happens(17, RetrieveAsked("s1"))
    assert tax.done(17) == [(17, "hang up 35"), (17, "no music to anna"), (17, "let anna in")]
    tax.happens(18, LegRetrieved(tax.leg("s1")))  # until then he talks to her on the second line
    assert tax.done(18) == [(18, f"take {SECOND} out"), (18, "let s1 in"), (18, f"hang up {SECOND}")]
    over(tax)


def test_keys_on_the_second_line() -> None:
    tax = consults()
    tax.happens(15, DigitPressed(SECOND, "*"), DigitPressed(SECOND, "4"))
    assert tax.life("anna")[-1] == (15, "TALKING")
    assert tax.done(15)[-1] == (15, f"hang up {SECOND}")
    over(tax)


@pytest.mark.parametrize(("number", "text"), [("999", "unknown_number"), ("201", "busy"), ("202", "busy")])
def test_who_cannot_be_consulted(number: str, text: str) -> None:
    tax = held()
    tax.waits(10.1, "bert")
    leg = tax.dials(11, "s1", number)
    assert tax.done(11)[:2] == [(11, f"answer {leg}"), (11, f"play {text} to {leg}")]
    tax.hears(13, leg)
    assert tax.life("s1")[-1] == (10, "HOLDING")
    tax.happens(14, LegRetrieved(tax.leg("s1")))
    over(tax)


def test_a_third_line() -> None:
    tax = consults()
    leg = tax.dials(15, "s1", "202")
    assert (15, f"play not_now to {leg}") in tax.done(15)
    tax.hears(17, leg)
    nothing(tax, 18, LegReferred(SECOND, "202"), LegReferred(SECOND, "", leg))
    over(tax)


@pytest.mark.parametrize("name", ["AnswerLeg", "AddToBridge"])
def test_the_second_line_fails(name: str) -> None:
    tax = consults()
    tax.happens(15, CommandFailed(name, SECOND, 404 if name == "AnswerLeg" else 409))
    assert tax.life("s1")[-1] == (15, "HOLDING")
    over(tax)

from __future__ import annotations

from typing import Any

import pytest

from calls.lifecycle import Outcome
from ivr.nodes.callback import Callback
from ivr.steps import AskCallback, Done, Entered, Goto, Key, Position, Stay
from tests.ivr.nodes.walk import world

pytestmark = pytest.mark.unit

START = Position("here", outcome=Outcome.CLOSED, variables={"NUMBER": "0481234567", "TYPO": "04812"})


def callback(**fields: Any) -> Callback:
    plain = {"type": "callback", "queue": "main", "accepted": "promised", "refused": "no_number"}
    return Callback.model_validate(plain | fields)


def caller(number: str) -> Any:
    return type(world())(world().hours, "", number)


@pytest.mark.parametrize(
    ("number", "shown", "noted"),
    [
        ("caller", "0900000001", "0900000001"),
        ("NUMBER", "", "0481234567"),
        ("NUMBER", "0900000001", "0481234567"),
    ],
)
def test_a_callback_that_is_noted(number: str, shown: str, noted: str) -> None:
    node = callback(number=number)
    position, action = node.step(START, Entered(), caller(shown))
    assert action == AskCallback("main", noted)
    after, action = node.step(position, Done(), caller(shown))
    assert (after.outcome, action) == (Outcome.OVERFLOWED, Goto("promised"))


@pytest.mark.parametrize(
    ("number", "shown"), [("caller", ""), ("caller", "+15551234567"), ("TYPO", ""), ("NOTHING", "")]
)
def test_without_a_usable_number(number: str, shown: str) -> None:
    after, action = callback(number=number).step(START, Entered(), caller(shown))
    assert (after.outcome, action) == (Outcome.CLOSED, Goto("no_number"))


def test_what_it_names() -> None:
    node = callback(number="NUMBER")
    assert node.step(START, Key("1"), caller("")).action == Stay()
    assert node.exits() == {"accepted": "promised", "refused": "no_number"}
    assert node.at_once() == node.unasked() == ["promised", "no_number"]
    assert (node.queues(), node.reads()) == ({"queue": "main"}, {"number": "NUMBER"})
    assert callback().reads() == {}

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from calls.lifecycle import Outcome
from ivr.nodes.message import Message
from ivr.steps import Entered, Goto, Key, MessageTaken, Played, Position, Say, Silence, Stay, TakeMessage
from tests.ivr.nodes.walk import walk

pytestmark = pytest.mark.unit


def message(**fields: Any) -> Message:
    return Message.model_validate({"type": "message", "prompt": ["sorry", "beep"], "next": "thanks"} | fields)


def test_the_prompt_the_message_and_on() -> None:
    given = (Entered(), Key("1"), Played(), Played(), Key("#"), Silence(), MessageTaken(7.5))
    _, actions = walk(message(max_s=60, silence_s=4), *given)
    assert actions == [Say("sorry"), Stay(), Say("beep"), TakeMessage(60, 4), Stay(), Stay(), Goto("thanks")]


@pytest.mark.parametrize(("seconds", "outcome"), [(7.5, Outcome.SELF_SERVED), (0, Outcome.CLOSED)])
def test_who_has_left_a_message_has_served_himself(seconds: float, outcome: Outcome) -> None:
    start = Position("here", outcome=Outcome.CLOSED)
    after, actions = walk(message(), Entered(), Played(), Played(), MessageTaken(seconds), start=start)
    assert (after.outcome, actions[-1]) == (outcome, Goto("thanks"))


def test_what_it_names() -> None:
    node = message()
    assert (node.exits(), node.unasked(), node.at_once()) == ({"next": "thanks"}, ["thanks"], [])
    assert node.texts() == {"prompt.0": "sorry", "prompt.1": "beep"}


@pytest.mark.parametrize("fields", [{"prompt": []}, {"max_s": 0}, {"silence_s": 0}, {"max_s": "nan"}])
def test_what_a_message_may_not_be(fields: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        message(**fields)

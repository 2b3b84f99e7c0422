from __future__ import annotations

import pytest
from pydantic import ValidationError

from calls.lifecycle import Outcome
from ivr.nodes.say import Say
from ivr.steps import Entered, Goto, Input, Key, Played, Position, Silence, Stay
from ivr.steps import Say as Play
from tests.ivr.nodes.walk import walk

pytestmark = pytest.mark.unit


def test_text_after_text_then_on() -> None:
    node = Say(type="say", guidance=("notice", "menu"), next="line")
    _, actions = walk(node, Entered(), Played(), Played())
    assert actions == [Play("notice"), Play("menu"), Goto("line")]


@pytest.mark.parametrize("given", [Key("1"), Silence()])
def test_nothing_else_means_anything(given: Input) -> None:
    node = Say(type="say", guidance=("notice",), next="line")
    assert walk(node, Entered(), given, Played())[1] == [Play("notice"), Stay(), Goto("line")]


def test_the_outcome_is_reached_by_who_has_heard_all_of_it() -> None:
    node = Say(type="say", guidance=("a", "b"), next="bye", outcome=Outcome.SELF_SERVED)
    half, _ = walk(node, Entered(), Played())
    whole, _ = walk(node, Entered(), Played(), Played())
    assert (half.outcome, whole.outcome) == (None, Outcome.SELF_SERVED)


def test_without_an_outcome_the_earlier_one_stays() -> None:
    node = Say(type="say", guidance=("a",), next="bye")
    after, _ = walk(node, Entered(), Played(), start=Position("here", outcome=Outcome.CLOSED))
    assert after.outcome is Outcome.CLOSED


def test_one_text_may_stand_without_a_list_and_none_is_refused() -> None:
    node = Say.model_validate({"type": "say", "guidance": "notice", "next": "line"})
    assert node.guidance == ("notice",)
    assert node.texts() == {"guidance.0": "notice"}
    assert node.exits() == {"next": "line"}
    assert node.unasked() == ["line"]
    assert node.at_once() == []
    with pytest.raises(ValidationError):
        Say.model_validate({"type": "say", "guidance": [], "next": "line"})


def test_a_key_goes_on_to_the_next_text_of_an_interruptible_one() -> None:
    node = Say(type="say", guidance=("notice", "menu"), next="line", interruptible=True)
    assert walk(node, Entered(), Key("5"), Silence(), Key("#"))[1] == [
        Play("notice"),
        Play("menu"),
        Stay(),
        Goto("line"),
    ]

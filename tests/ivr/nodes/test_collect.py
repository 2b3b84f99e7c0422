from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from ivr.nodes.collect import Collect
from ivr.steps import Action, Entered, Goto, Input, Key, Listen, Played, Refused, Say, Silence, Stay
from tests.ivr.nodes.walk import walk

pytestmark = pytest.mark.unit

ASK, ASK2, SHORT, YOURS, RIGHT = map(Say, ("ask", "ask2", "short", "you_typed", "confirm_keys"))
WAIT = Listen(5.0)
PROMPT: list[Input] = [Played(), Played()]


def collect(**fields: Any) -> Collect:
    """Two to four digits after a prompt of two texts."""
    plain = {
        "type": "collect",
        "prompt": ["ask", "ask2"],
        "into": "code",
        "length": [2, 4],
        "invalid": "short",
        "next": "line",
        "after": "goodbye",
    }
    return Collect.model_validate(plain | fields)


def keys(typed: str) -> list[Input]:
    """One key after the other."""
    return [Key(digit) for digit in typed]


@pytest.mark.parametrize(
    ("given", "wanted", "noted"),
    [
        ([*PROMPT, *keys("1234")], [ASK2, WAIT, WAIT, WAIT, WAIT, Goto("line")], "1234"),  # all there can be
        ([*PROMPT, *keys("12#")], [ASK2, WAIT, WAIT, WAIT, Goto("line")], "12"),  # the key that ends it
        ([*PROMPT, *keys("12"), Silence()], [ASK2, WAIT, WAIT, WAIT, Goto("line")], "12"),
        (keys("12#"), [WAIT, WAIT, Goto("line")], "12"),  # in the middle of the prompt
        ([Played(), *keys("12#")], [ASK2, WAIT, WAIT, Goto("line")], "12"),
        ([*keys("1#"), *keys("23#")], [WAIT, SHORT, WAIT, WAIT, Goto("line")], "23"),  # too short, then right
        ([*keys("1"), Silence(), Played()], [WAIT, SHORT, ASK], None),
        ([*PROMPT, Silence(), *PROMPT], [ASK2, WAIT, ASK, ASK2, WAIT], None),  # nothing typed
        (keys("1*"), [WAIT, SHORT], None),  # no digit
        ([*keys("#"), *keys("#*"), Played()], [SHORT, Stay(), Stay(), ASK], None),  # while that is told
        ([*keys("#"), Played(), *keys("#"), Played(), *keys("#")], None, None),
        ([*PROMPT, Played(), Refused("full")], [ASK2, WAIT, Stay(), Stay()], None),
    ],
)
def test_a_caller_who_types(given: list[Input], wanted: list[Action] | None, noted: str | None) -> None:
    position, actions = walk(collect(), Entered(), *given)
    assert position.variables.get("code") == noted
    assert actions == [ASK, *wanted] if wanted is not None else actions[-1] == Goto("goodbye")


def test_the_attempts_are_used_up() -> None:
    assert walk(collect(attempts=1), Entered(), Silence())[1] == [ASK, Goto("goodbye")]
    given = [Entered(), Silence(), *keys("1#"), Played(), Silence()]
    assert walk(collect(), *given)[1] == [ASK, ASK, WAIT, SHORT, ASK, Goto("goodbye")]


def test_without_a_text_for_a_wrong_entry_the_prompt_is_said_again() -> None:
    assert walk(collect(invalid=None), Entered(), *keys("1#"))[1] == [ASK, WAIT, ASK]


def test_without_an_end_key_only_length_and_silence_end_it() -> None:
    node = collect(end=None, length=2)
    assert walk(node, Entered(), *keys("12"))[1] == [ASK, WAIT, Goto("line")]
    assert walk(node, Entered(), *keys("1#"))[1] == [ASK, WAIT, SHORT]


READ_BACK = [YOURS, Say("digit_0"), Say("digit_7"), RIGHT, WAIT]
HEARD: list[Input] = [Played()] * 4


@pytest.mark.parametrize(
    ("given", "wanted", "noted"),
    [
        ([*HEARD, Key("1")], [*READ_BACK, Goto("line")], "07"),
        ([Played(), Key("1")], [*READ_BACK[:2], Goto("line")], "07"),  # in the middle
        ([*HEARD, Key("2")], [*READ_BACK, ASK], None),
        ([*HEARD, Key("2"), *keys("58"), Key("1")], [*READ_BACK, ASK, WAIT, YOURS, Goto("line")], "58"),
        ([*HEARD, Key("9"), Key("#")], [*READ_BACK, Stay(), Stay()], None),
        ([*HEARD, Silence(), Played()], [*READ_BACK, YOURS, Say("digit_0")], None),
        ([*HEARD, *[Silence()] * 3], [*READ_BACK, YOURS, YOURS, Goto("goodbye")], None),
        ([*HEARD, Key("2"), Silence(), Silence()], [*READ_BACK, ASK, ASK, Goto("goodbye")], None),
    ],
)
def test_the_confirmation(given: list[Input], wanted: list[Action], noted: str | None) -> None:
    node = collect(confirm="you_typed", length=2)
    position, actions = walk(node, Entered(), *keys("07"), *given)
    assert actions == [ASK, WAIT, *wanted]
    assert position.variables.get("code") == noted


def test_what_the_loader_checks() -> None:
    node = collect(length=8)
    assert node.length == (8, 8)
    assert node.exits() == {"next": "line", "after": "goodbye"}
    assert (node.at_once(), node.unasked(), node.assigns()) == ([], ["goodbye"], ("code",))
    assert node.texts() == {"prompt.0": "ask", "prompt.1": "ask2", "invalid": "short"}
    said = collect(confirm="you_typed", invalid=None).texts().values()
    assert {"you_typed", "digit_0", "digit_9", "confirm_keys"} < set(said)


@pytest.mark.parametrize(
    "fields",
    [
        {"length": 0},
        {"length": [5, 4]},
        {"length": [1, 41]},
        {"length": [1]},
        {"length": "8"},
        {"into": "1st"},
        {"into": "caller"},
        {"end": "1"},
        {"end": "##"},
        {"prompt": []},
        {"attempts": 0},
    ],
)
def test_what_a_collect_may_not_be(fields: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        collect(**fields)

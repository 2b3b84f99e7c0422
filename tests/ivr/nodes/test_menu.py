from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from ivr.nodes.menu import Menu
from ivr.steps import Action, Entered, Goto, Input, Key, Listen, Played, Refused, Say, Silence, Stay
from tests.ivr.nodes.walk import walk

pytestmark = pytest.mark.unit

ASK, ASK2, WRONG, WAIT = Say("ask"), Say("ask2"), Say("no_such_key"), Listen(5.0)


def menu(**fields: Any) -> Menu:
    """A menu of two texts, with 1 and # and the repeat on 0."""
    plain = {
        "type": "menu",
        "prompt": ["ask", "ask2"],
        "keys": {"1": "reissue", "#": "line", "0": "here"},
        "after": "goodbye",
        "invalid": "no_such_key",
    }
    return Menu.model_validate(plain | fields)


@pytest.mark.parametrize(
    ("given", "wanted"),
    [
        ([Played(), Played(), Key("1")], [ASK2, WAIT, Goto("reissue")]),  # after the prompt
        ([Key("1")], [Goto("reissue")]),  # in the middle of the prompt
        ([Played(), Key("#")], [ASK2, Goto("line")]),
        ([Key("0")], [Goto("here")]),  # repeat: the menu begins anew
        ([Key("7"), Played(), Played(), Played()], [WRONG, ASK, ASK2, WAIT]),  # a wrong key
        ([Key("7"), Key("8"), Key("1")], [WRONG, Stay(), Goto("reissue")]),  # keys while that is told
        ([Played(), Played(), Silence(), Played()], [ASK2, WAIT, ASK, ASK2]),  # silence
        ([Silence(), Silence(), Silence()], [ASK, ASK, Goto("goodbye")]),  # the attempts are used up
        ([Key("7"), Silence(), Key("7")], [WRONG, ASK, Goto("goodbye")]),
        ([Refused("full")], [Stay()]),
    ],
)
def test_a_caller_in_a_menu(given: list[Input], wanted: list[Action]) -> None:
    assert walk(menu(), Entered(), *given)[1] == [ASK, *wanted]


def test_without_a_text_for_a_wrong_key_the_prompt_is_said_again() -> None:
    node = menu(invalid=None)
    assert walk(node, Entered(), Key("7"), Played())[1] == [ASK, ASK, ASK2]


def test_one_attempt_is_one_prompt() -> None:
    node = menu(attempts=1)
    assert walk(node, Entered(), Played(), Played(), Silence())[1] == [ASK, ASK2, WAIT, Goto("goodbye")]


def test_what_the_loader_checks() -> None:
    node = menu()
    assert node.exits() == {"keys.1": "reissue", "keys.#": "line", "keys.0": "here", "after": "goodbye"}
    assert node.texts() == {"prompt.0": "ask", "prompt.1": "ask2", "invalid": "no_such_key"}
    assert menu(invalid=None).texts() == {"prompt.0": "ask", "prompt.1": "ask2"}
    assert node.unasked() == ["goodbye"]


@pytest.mark.parametrize(
    "fields",
    [
        {"prompt": []},
        {"keys": {}},
        {"keys": {"12": "x"}},
        {"keys": {"A": "x"}},
        {"keys": {"": "x"}},
        {"attempts": 0},
        {"timeout_s": 0},
        {"timeout_s": "nan"},
    ],
)
def test_what_a_menu_may_not_be(fields: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        menu(**fields)

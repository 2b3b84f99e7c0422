from __future__ import annotations

import pytest

from ivr.nodes.language import Language
from ivr.steps import Entered, Goto
from tests.ivr.nodes.walk import walk

pytestmark = pytest.mark.unit

ENGLISH = Language(type="language", set="en", next="welcome")


def test_from_here_on_in_another_language() -> None:
    position, actions = walk(ENGLISH, Entered())
    assert (position.language, actions) == ("en", [Goto("welcome")])


def test_what_the_loader_checks() -> None:
    assert ENGLISH.exits() == {"next": "welcome"}
    assert ENGLISH.at_once() == ENGLISH.unasked() == ["welcome"]
    assert ENGLISH.languages() == {"set": "en"}

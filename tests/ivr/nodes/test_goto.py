from __future__ import annotations

import pytest

from ivr.nodes.goto import Goto
from ivr.steps import Entered
from ivr.steps import Goto as GoOn
from tests.ivr.nodes.walk import walk

pytestmark = pytest.mark.unit

AGAIN = Goto(type="goto", node="info")


def test_on_at_once() -> None:
    assert walk(AGAIN, Entered())[1] == [GoOn("info")]


def test_what_the_loader_checks() -> None:
    assert AGAIN.exits() == {"node": "info"}
    assert AGAIN.at_once() == AGAIN.unasked() == ["info"]

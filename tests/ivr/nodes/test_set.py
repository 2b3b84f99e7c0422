from __future__ import annotations

import pytest
from pydantic import ValidationError

from ivr.nodes.set import Set
from ivr.steps import Entered, Goto, Position
from tests.ivr.nodes.walk import walk

pytestmark = pytest.mark.unit

NOTED = Set(type="set", variables={"subject": "refund", "position": "x"}, next="line")


def test_the_new_replaces_the_old_and_leaves_the_rest() -> None:
    before = Position("here", variables={"subject": "payment", "code": "12"})
    after, actions = walk(NOTED, Entered(), start=before)
    assert actions == [Goto("line")]
    assert after.variables == {"subject": "refund", "position": "x", "code": "12"}
    assert before.variables == {"subject": "payment", "code": "12"}


def test_what_the_loader_checks() -> None:
    assert NOTED.exits() == {"next": "line"}
    assert NOTED.at_once() == NOTED.unasked() == ["line"]
    assert NOTED.assigns() == ("subject", "position")


@pytest.mark.parametrize("variables", [{}, {"1st": "x"}, {"caller": "x"}, {"x": 1}])
def test_what_a_set_may_not_be(variables: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        Set.model_validate({"type": "set", "variables": variables, "next": "line"})

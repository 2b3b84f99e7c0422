from __future__ import annotations

import pytest

from calls.hours import HoursStatus
from calls.lifecycle import Outcome
from ivr.nodes.hours import Hours
from ivr.steps import Entered, Goto, Position, World
from tests.ivr.nodes.walk import NOON, walk

pytestmark = pytest.mark.unit

GATE = Hours(type="hours", open="notice", closed="info")


@pytest.mark.parametrize(
    ("is_open", "node", "outcome"), [(True, "notice", None), (False, "info", Outcome.CLOSED)]
)
def test_the_clock_decides(is_open: bool, node: str, outcome: Outcome | None) -> None:
    position, actions = walk(GATE, Entered(), is_open=is_open)
    assert (actions, position.outcome) == ([Goto(node)], outcome)


def test_what_the_loader_checks() -> None:
    assert GATE.exits() == {"open": "notice", "closed": "info"}
    assert GATE.at_once() == GATE.unasked() == ["notice", "info"]
    assert GATE.texts() == GATE.queues() == {}


def test_a_second_set_of_hours() -> None:
    night = Hours(type="hours", open="notice", closed="info", calendar="night")
    asked: list[str] = []

    def status(name: str) -> HoursStatus:
        asked.append(name)
        return HoursStatus(True, "", NOON)

    assert night.step(Position("here"), Entered(), World(status)).action == Goto("notice")
    assert asked == ["night"]
    assert (night.hours_sets(), GATE.hours_sets()) == ({"calendar": "night"}, {})

from __future__ import annotations

import datetime as dt
from typing import Any

import msgspec
import pytest
from pydantic import ValidationError

from ivr.nodes.branch import Branch
from ivr.steps import Entered, Goto, Position, QueueView, World
from tests.ivr.nodes.walk import world

pytestmark = pytest.mark.unit

QUEUES = {"main": QueueView(5, 0, 120.0), "night": QueueView(0, 2, None)}
WORLD = msgspec.structs.replace(
    world(),
    number="0480001229",
    caller="0481234567",
    queue=QUEUES.__getitem__,
    today=lambda: dt.date(2026, 5, 31),
    listed=lambda name, number: (name, number) == ("city", "0481234567"),
)
HERE = Position("here", language="en", variables={"subject": "refund"})


def goes(when: dict[str, Any], of: World = WORLD) -> bool:
    """Whether a condition holds."""
    node = Branch.model_validate(
        {"type": "branch", "cases": [{"when": when, "to": "yes"}], "otherwise": "no"}
    )
    return node.step(HERE, Entered(), of).action == Goto("yes")


@pytest.mark.parametrize(
    ("when", "holds"),
    [
        ({"number": "048-000-1229"}, True),
        ({"number": "0570012229"}, False),
        ({"caller_in": "city"}, True),
        ({"caller_in": "other"}, False),
        ({"withheld": False}, True),
        ({"withheld": True}, False),
        ({"language": "en"}, True),
        ({"language": "ja"}, False),
        ({"variable": {"name": "subject", "equals": "refund"}}, True),
        ({"variable": {"name": "subject", "equals": "x"}}, False),
        ({"variable": {"name": "other", "equals": ""}}, False),
        ({"queue_length": {"queue": "main", "at_least": 5}}, True),
        ({"queue_length": {"queue": "main", "at_least": 6}}, False),
        ({"expected_wait": {"queue": "main", "at_least_s": 120}}, True),
        ({"expected_wait": {"queue": "main", "at_least_s": 121}}, False),
        ({"expected_wait": {"queue": "night", "at_least_s": 1}}, False),
        ({"seats_free": {"queue": "night", "at_least": 2}}, True),
        ({"seats_free": {"queue": "main"}}, False),
        ({"date": {"from": "2026-05-01", "to": "2026-05-31"}}, True),
        ({"date": {"from": "2026-06-01", "to": "2026-06-30"}}, False),
    ],
)
def test_each_condition(when: dict[str, Any], holds: bool) -> None:
    assert goes(when) is holds


def test_who_shows_no_number_is_withheld() -> None:
    hidden = msgspec.structs.replace(WORLD, caller="")
    assert goes({"withheld": True}, hidden)
    assert not goes({"caller_in": "city"}, hidden)


def test_the_first_case_that_holds_wins() -> None:
    cases = [
        {"when": {"withheld": True}, "to": "a"},
        {"when": {"language": "en"}, "to": "b"},
        {"when": {"withheld": False}, "to": "c"},
    ]
    node = Branch.model_validate({"type": "branch", "cases": cases, "otherwise": "d"})
    assert node.step(HERE, Entered(), WORLD).action == Goto("b")
    assert node.exits() == {"cases.0.to": "a", "cases.1.to": "b", "cases.2.to": "c", "otherwise": "d"}
    assert node.at_once() == node.unasked() == ["a", "b", "c", "d"]
    assert node.languages() == {"cases.1.when.language": "en"}


def test_what_the_loader_checks() -> None:
    whens: list[dict[str, Any]] = [
        {"number": "048-000-1229"},
        {"caller_in": "city"},
        {"queue_length": {"queue": "main", "at_least": 1}},
        {"seats_free": {"queue": "night"}},
        {"variable": {"name": "subject", "equals": "x"}},
    ]
    cases = [{"when": when, "to": "a"} for when in whens]
    node = Branch.model_validate({"type": "branch", "cases": cases, "otherwise": "d"})
    assert node.dialled() == {"cases.0.when.number": "0480001229"}
    assert node.number_lists() == {"cases.1.when.caller_in": "city"}
    assert node.queues() == {
        "cases.2.when.queue_length.queue": "main",
        "cases.3.when.seats_free.queue": "night",
    }
    assert node.reads() == {"cases.4.when.variable.name": "subject"}


@pytest.mark.parametrize(
    "when",
    [
        {},
        {"withheld": True, "language": "ja"},
        {"queue_length": {"queue": "main", "at_least": 0}},
        {"expected_wait": {"queue": "main", "at_least_s": 0}},
        {"date": {"from": "2026-05-02", "to": "2026-05-01"}},
        {"date": {"from": "2026-05-02"}},
        {"weather": "rain"},
    ],
)
def test_what_a_condition_may_not_be(when: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        goes(when)

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from ivr.nodes.transfer import Transfer
from ivr.steps import Entered, Goto, Key, NotReached, Played, Position, Stay
from ivr.steps import Transfer as Ring
from tests.ivr.nodes.walk import walk

pytestmark = pytest.mark.unit


def transfer(to: dict[str, Any], **fields: Any) -> Transfer:
    plain = {"type": "transfer", "to": to, "ring_s": 15, "unanswered": "sorry"}
    return Transfer.model_validate(plain | fields)


@pytest.mark.parametrize(
    ("to", "ring"),
    [
        ({"seat": "seat01"}, Ring("seat", "seat01", 15)),
        ({"extension": "35"}, Ring("extension", "35", 15)),
        ({"outside": "048-123-4567"}, Ring("outside", "0481234567", 15)),
        ({"outside": "+81481234567"}, Ring("outside", "+81481234567", 15)),
        ({"variable": "CODE"}, Ring("extension", "1001", 15)),
        ({"variable": "NOTHING"}, Ring("extension", "", 15)),
    ],
)
def test_whom_to_ring(to: dict[str, str], ring: Ring) -> None:
    start = Position("here", variables={"CODE": "1001"})
    assert walk(transfer(to, unknown="nobody"), Entered(), start=start)[1] == [ring]


@pytest.mark.parametrize(
    ("unknown", "reason", "node"),
    [
        ("nobody", "unanswered", "sorry"),
        ("nobody", "unknown", "nobody"),
        (None, "unknown", "sorry"),
        (None, "unanswered", "sorry"),
    ],
)
def test_nobody_was_reached(unknown: str | None, reason: str, node: str) -> None:
    _, actions = walk(transfer({"extension": "35"}, unknown=unknown), Entered(), NotReached(reason))
    assert actions[1] == Goto(node)


def test_keys_mean_nothing_while_it_rings() -> None:
    assert walk(transfer({"extension": "35"}), Entered(), Key("1"), Played())[1][1:] == [Stay(), Stay()]


def test_what_it_names() -> None:
    node = transfer({"variable": "CODE"}, unknown="nobody")
    assert node.exits() == {"unanswered": "sorry", "unknown": "nobody"}
    assert node.at_once() == node.unasked() == ["sorry", "nobody"]
    assert (node.reads(), node.seats(), node.extensions()) == ({"to.variable": "CODE"}, {}, {})
    assert transfer({"seat": "seat01"}).seats() == {"to.seat": "seat01"}
    assert transfer({"extension": "35"}).extensions() == {"to.extension": "35"}
    assert transfer({"extension": "35"}).exits() == {"unanswered": "sorry"}


@pytest.mark.parametrize(
    ("to", "fields"),
    [
        ({}, {}),
        ({"seat": "seat01", "extension": "35"}, {}),
        ({"extension": "12a"}, {}),
        ({"outside": "no number"}, {}),
        ({"outside": "1"}, {}),
        ({"variable": "CODE"}, {}),
        ({"extension": "35"}, {"ring_s": 0}),
        ({"extension": "35"}, {"ring_s": "nan"}),
    ],
)
def test_what_a_transfer_may_not_be(to: dict[str, str], fields: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        transfer(to, **fields)

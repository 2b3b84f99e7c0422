"""Closing, opening and switching a project by hand."""

from __future__ import annotations

from typing import Any

import pytest

from calls.event import Event
from calls.events import EngineStarted, HoursOverridden, OverrideKind
from tests.engine.city import CLOSED, OPEN
from tests.engine.conftest import MakeCity

pytestmark = pytest.mark.unit

QUAKE: dict[str, Any] = {
    "disaster": "quake",
    "nodes": {"quake": {"type": "say", "guidance": "web", "next": "bye"}},
}


def order(kind: OverrideKind, until: float, project: str = "tax") -> Event:
    return HoursOverridden(project, kind, OPEN + until, "snow", "sv01")


def heard(city: Any, caller: str) -> str:
    """The first text that a caller heard."""
    return next(what.split()[1] for _, what in city.log if what.startswith("play ") and what.endswith(caller))


def test_closed_by_hand(city: MakeCity) -> None:
    town = city()
    town.happens(0, order("closed", 100))
    town.arrives(99, "ann")
    town.arrives(100, "bob")
    assert (heard(town, "ann"), heard(town, "bob")) == ("closed", "notice")
    status = town.engine.floor.hours["tax"].status(OPEN + 100)
    assert (status.open, status.reason) == (True, "open")


def test_the_reason_is_that_of_the_order(city: MakeCity) -> None:
    town = city()
    town.happens(0, order("closed", 100))
    status = town.engine.floor.hours["tax"].status(OPEN)
    assert (status.open, status.reason, status.until.timestamp()) == (False, "snow", OPEN + 100)


def test_open_by_hand(city: MakeCity) -> None:
    town = city(start=CLOSED)
    town.happens(0, order("open", CLOSED - OPEN + 100))
    town.arrives(99, "ann")
    town.arrives(101, "bob")
    assert (heard(town, "ann"), heard(town, "bob")) == ("notice", "closed")


def test_an_order_is_taken_back(city: MakeCity) -> None:
    town = city()
    town.happens(0, order("closed", 100))
    town.happens(10, order("none", 0))
    town.arrives(11, "ann")
    assert heard(town, "ann") == "notice"
    assert len(town.engine.floor.timers) == 1  # that of the text; none of the order


def test_the_later_order_takes_the_place_of_the_one_before(city: MakeCity) -> None:
    town = city()
    town.happens(0, order("closed", 50))
    town.happens(1, order("closed", 100))
    town.arrives(60, "ann")
    assert heard(town, "ann") == "closed"
    town.happens(61, order("open", 70))
    town.time_passes(70)
    assert town.engine.floor.hours["tax"].override is None


@pytest.mark.parametrize("given", [order("closed", -1), order("closed", 100, "nobody's")])
def test_an_order_that_is_over_or_of_nobody_means_nothing(city: MakeCity, given: Event) -> None:
    town = city()
    town.happens(0, given)
    town.arrives(1, "ann")
    assert heard(town, "ann") == "notice"


def test_a_new_caller_begins_at_the_disaster_node(city: MakeCity) -> None:
    town = city(**QUAKE)
    town.arrives(0, "ann")
    town.happens(1, order("disaster", 100))
    town.arrives(2, "bob")
    town.hears(3, "ann")  # who is here already goes on as he began
    town.arrives(100, "cid")
    assert [heard(town, caller) for caller in ("ann", "bob", "cid")] == ["notice", "web", "notice"]
    assert town.life("ann")[-1][1] == "QUEUED"


def test_without_a_disaster_node_a_call_begins_as_usual(city: MakeCity) -> None:
    town = city()
    town.happens(0, order("disaster", 100))
    town.arrives(1, "ann")
    assert heard(town, "ann") == "notice"


def test_an_order_outlives_the_start_of_an_engine(city: MakeCity) -> None:
    town = city()
    town.happens(0, EngineStarted("x"), order("closed", 100))
    town.arrives(1, "ann")
    assert heard(town, "ann") == "closed"

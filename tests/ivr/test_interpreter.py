from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec
import pytest

from calls.lifecycle import Outcome
from ivr.interpreter import FlowLoopError, advance, begin
from ivr.project import Flow
from ivr.steps import Action, End, Enqueue, Input, Key, Listen, Played, Position, Refused, Say, Silence, Stay
from tests.ivr.nodes.walk import world

pytestmark = pytest.mark.unit


def flow(**nodes: Mapping[str, Any]) -> Flow:
    """A flow that begins at its first node."""
    return Flow.model_validate({"start": next(iter(nodes)), "nodes": nodes})


CITY = flow(
    gate={"type": "hours", "open": "notice", "closed": "info"},
    notice={"type": "say", "guidance": "notice", "next": "line"},
    line={"type": "enqueue", "queue": "main", "full": "busy", "no_seats": "busy", "timeout": "busy"},
    info={"type": "menu", "prompt": "info", "keys": {"1": "web", "0": "info"}, "after": "bye"},
    web={"type": "say", "guidance": "web", "outcome": "self_served", "next": "bye"},
    busy={"type": "hangup", "guidance": "busy", "outcome": "overflowed"},
    bye={"type": "hangup", "guidance": "bye"},
)


def heard(flow: Flow, *given: Input, is_open: bool = True) -> list[Action]:
    """What a caller gets, step by step; his position goes through the journal's format between the steps."""
    position, action = begin(flow, world(is_open=is_open), "ja")
    actions = [action]
    for each in given:
        position = msgspec.json.decode(msgspec.json.encode(position), type=Position)
        position, action = advance(flow, position, each, world(is_open=is_open))
        actions.append(action)
    return actions


def test_in_hours_into_the_line() -> None:
    assert heard(CITY, Played()) == [Say("notice"), Enqueue("main")]


def test_given_back_by_the_line() -> None:
    assert heard(CITY, Played(), Refused("full"), Played())[2:] == [Say("busy"), End(Outcome.OVERFLOWED)]


def test_out_of_hours_served_by_the_menu() -> None:
    given = (Played(), Key("1"), Played(), Played())
    wanted = [Say("info"), Listen(5.0), Say("web"), Say("bye"), End(Outcome.SELF_SERVED)]
    assert heard(CITY, *given, is_open=False) == wanted


def test_out_of_hours_nothing_pressed() -> None:
    given = (Played(), Silence(), Played(), Silence(), Played(), Silence(), Played())
    assert heard(CITY, *given, is_open=False)[-2:] == [Say("bye"), End(Outcome.CLOSED)]


def test_a_menu_entered_again_has_all_its_attempts() -> None:
    given = (Silence(), Silence(), Key("0"), Silence(), Silence())
    assert heard(CITY, *given, is_open=False) == [Say("info")] * 6


def test_a_key_outside_a_menu_means_nothing() -> None:
    assert heard(CITY, Key("1")) == [Say("notice"), Stay()]


def test_the_language_goes_with_the_caller() -> None:
    position, _ = begin(CITY, world(), "en")
    assert advance(CITY, position, Played(), world()).position.language == "en"


def test_a_flow_that_goes_round_is_stopped() -> None:
    round_trip = flow(
        a={"type": "hours", "open": "b", "closed": "b"}, b={"type": "hours", "open": "a", "closed": "a"}
    )
    with pytest.raises(FlowLoopError, match=r"goes round without end at node '[ab]'"):
        begin(round_trip, world(), "ja")

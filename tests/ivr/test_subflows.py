"""Sub-flows: where a caller goes in, and where he comes out."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from calls.lifecycle import Outcome
from ivr.interpreter import advance, begin
from ivr.project import Flow, Project
from ivr.steps import Action, End, Input, Key, Listen, Played, Position, Say
from tests.ivr.nodes.walk import world

pytestmark = pytest.mark.unit


def project(subflows: dict[str, Any], **nodes: dict[str, Any]) -> Project:
    """A project whose flow begins at its first node."""
    return Project.model_validate(
        {
            "project": "tax",
            "name": "tax",
            "numbers": [{"number": "0570012229"}],
            "hours": {"weekly": {}},
            "flow": {"start": next(iter(nodes)), "nodes": nodes},
            "subflows": subflows,
        }
    )


def say(text: str, then: str) -> dict[str, Any]:
    """One text."""
    return {"type": "say", "guidance": text, "next": then}


def call(flow: str, then: str) -> dict[str, Any]:
    """Through a sub-flow."""
    return {"type": "call", "flow": flow, "next": then}


ASK = {
    "type": "collect",
    "prompt": "ask",
    "into": "code",
    "length": 1,
    "next": "thanks",
    "after": "return",
}
CODE = {"start": "ask", "nodes": {"ask": ASK, "thanks": say("thanks", "return")}}
END = {"type": "hangup"}


def walk(flow: Flow, *given: Input) -> tuple[list[str], list[Action], Position]:
    """Where the caller was and what was done, each position written down and read back on the way."""
    position, action = begin(flow, world(), "ja")
    nodes, actions = [position.node], [action]
    for each in given:
        position = msgspec.json.decode(msgspec.json.encode(position), type=Position)
        position, action = advance(flow, position, each, world())
        nodes.append(position.node)
        actions.append(action)
    return nodes, actions, position


def test_in_and_out_twice_with_what_was_typed() -> None:
    tax = project({"code": CODE}, hello=call("code", "again"), again=call("code", "end"), end=END)
    nodes, actions, position = walk(tax.flow, Played(), Key("7"), Played(), Key("8"), Played())
    assert nodes == ["code.ask", "code.ask", "code.thanks", "code.ask", "code.thanks", "end"]
    assert actions == [
        Say("ask"),
        Listen(5.0),
        Say("thanks"),
        Say("ask"),
        Say("thanks"),
        End(Outcome.SELF_SERVED),
    ]
    assert (position.variables, position.stack) == ({"code": "8"}, ())


def test_a_sub_flow_in_a_sub_flow() -> None:
    outer = {"start": "first", "nodes": {"first": call("code", "then"), "then": say("then", "return")}}
    tax = project({"outer": outer, "code": CODE}, hello=call("outer", "end"), end=END)
    nodes, _, position = walk(tax.flow, Key("7"), Played(), Played())
    assert nodes == ["code.ask", "code.thanks", "outer.then", "end"]
    assert position.stack == ()


def test_a_sub_flow_whose_last_step_is_another_one() -> None:
    outer = {"start": "first", "nodes": {"first": call("code", "return")}}
    tax = project({"outer": outer, "code": CODE}, hello=call("outer", "end"), end=END)
    nodes, _, position = walk(tax.flow, Key("7"), Played())
    assert (nodes, position.stack) == (["code.ask", "code.thanks", "end"], ())


def test_a_call_may_end_inside() -> None:
    tax = project({"bye": {"start": "end", "nodes": {"end": END}}}, hello=call("bye", "hello"))
    assert walk(tax.flow)[0] == ["bye.end"]


def test_who_leads_where() -> None:
    outer = {"start": "first", "nodes": {"first": call("code", "return")}}
    tax = project(
        {"outer": outer, "code": CODE}, hello=call("outer", "more"), more=call("code", "end"), end=END
    )
    edges = {name: sorted(targets) for name, targets in tax.flow.table.edges().items()}
    assert edges == {
        "hello": ["outer.first"],
        "more": ["code.ask"],
        "end": [],
        "outer.first": ["code.ask"],
        "code.ask": ["code.thanks", "end", "more"],
        "code.thanks": ["end", "more"],
    }


def test_a_flow_without_sub_flows_and_a_copy_that_begins_elsewhere() -> None:
    tax = project({"code": CODE}, hello=call("code", "end"), end=END)
    elsewhere = tax.flow.model_copy(update={"start": "end"})
    assert walk(elsewhere)[0] == ["end"]
    assert elsewhere.table is tax.flow.table
    alone = Flow.model_validate({"start": "end", "nodes": {"end": END}})
    assert walk(alone)[0] == ["end"]

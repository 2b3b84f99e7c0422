"""Every node module shows a YAML example, and the loader reads each of them."""

from __future__ import annotations

import importlib
import json
from pathlib import Path
from typing import Any, get_args

import pytest

from ivr.loader import load_projects
from ivr.nodes import Node
from ivr.nodes.base import NodeModel
from ivr.yaml_marks import read

pytestmark = pytest.mark.unit

KINDS: list[type[NodeModel]] = list(get_args(get_args(Node)[0]))


def example(kind: type[NodeModel], folder: Path) -> dict[str, Any]:
    """The nodes that stand below the first line of a module's description."""
    (folder / "example.yaml").write_text(
        str(importlib.import_module(kind.__module__).__doc__).split("\n\n", 1)[1], encoding="utf-8"
    )
    document = read(folder / "example.yaml")
    assert document.problems == []
    return dict(document.data)


def around(shown: dict[str, Any]) -> dict[str, Any]:
    """A project with all that some nodes name; a menu leads to each of them."""
    nodes = [
        kind.model_validate(node)
        for node in shown.values()
        for kind in KINDS
        if kind_of(kind) == node["type"]
    ]
    exits = {to for node in nodes for to in node.exits().values()} - shown.keys()
    keys = {str(index): name for index, name in enumerate(shown)}
    ends = {name: {"type": "hangup"} for name in {*exits, "the_end"}}
    noted = {
        "type": "set",
        "variables": dict.fromkeys(all_of(nodes, "reads"), "1") | {"x": ""},
        "next": "choice",
    }
    choice = {"type": "menu", "prompt": "choice", "keys": keys, "after": "the_end"}
    texts = {*all_of(nodes, "texts"), "choice"}
    subflow = {"start": "go", "nodes": {"go": {"type": "goto", "node": "return"}}}
    languages = ["ja", *all_of(nodes, "languages")]
    return {
        "project": "shown",
        "name": "shown",
        "languages": languages,
        "numbers": [{"number": number} for number in {*all_of(nodes, "dialled"), "0480000000"}],
        "hours": {"weekly": {"mon-fri": ["08:30-17:15"]}},
        "hours_sets": {name: {"weekly": {"mon": ["08:30-17:15"]}} for name in all_of(nodes, "hours_sets")},
        "number_lists": {name: ["048-123-*"] for name in all_of(nodes, "number_lists")},
        "guidance": {text: dict.fromkeys(languages, "text") for text in texts},
        "queues": {name: {} for name in all_of(nodes, "queues")},
        "subflows": dict.fromkeys(all_of(nodes, "subflows"), subflow),
        "flow": {"start": "noted", "nodes": {"noted": noted, "choice": choice} | shown | ends},
    }


def kind_of(kind: type[NodeModel]) -> str:
    """What YAML calls a node type."""
    return str(get_args(kind.model_fields["type"].annotation)[0])


def all_of(nodes: list[NodeModel], what: str) -> list[str]:
    """All names of one kind that some nodes name."""
    return sorted({name for node in nodes for name in getattr(node, what)().values()})


@pytest.mark.parametrize("kind", KINDS, ids=kind_of)
def test_the_example_of_each_node(tmp_path: Path, kind: type[NodeModel]) -> None:
    shown = example(kind, tmp_path)
    assert kind_of(kind) in {node["type"] for node in shown.values()}
    path = tmp_path / "shown.yaml"
    path.write_text(json.dumps(around(shown), ensure_ascii=False), encoding="utf-8")
    nodes = load_projects([path], tmp_path)["shown"].flow.nodes
    assert shown.keys() < nodes.keys()


@pytest.mark.parametrize("kind", KINDS, ids=kind_of)
def test_every_node_but_the_end_leads_on_by_itself(tmp_path: Path, kind: type[NodeModel]) -> None:
    for shown in example(kind, tmp_path).values():
        if shown["type"] == kind_of(kind):
            node = kind.model_validate(shown)
            assert bool(node.unasked()) is (kind_of(kind) != "hangup")
            assert {*node.unasked(), *node.at_once()} <= {*node.exits().values()}

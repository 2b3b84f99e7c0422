"""What is wrong with a flow though each node is right: names that lead nowhere, ways without an end."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from ivr.messages import nearest
from ivr.nodes.base import NodeModel
from ivr.project import Project
from ivr.yaml_marks import Document, Place

_NODES = ("flow", "nodes")


def check_flow(document: Document, project: Project) -> None:
    """Note every mistake of a project's flow in the project's document."""
    before = len(document.problems)
    _known(document, ("flow", "start"), project.flow.start, project.flow.nodes, "node")
    for name, node in project.flow.nodes.items():
        _node(document, (*_NODES, name), node, project)
    if len(document.problems) == before:  # a name that leads nowhere would cut off all that comes after it
        _unreachable(document, project)
        _without_end(document, project)


def _node(document: Document, path: Place, node: NodeModel, project: Project) -> None:
    for at, target in node.exits().items():
        _known(document, (*path, *at.split(".")), target, project.flow.nodes, "node")
    for at, text in node.texts().items():
        _known(document, (*path, *_indices(at)), text, project.guidance, "guidance text")
    for at, queue in node.queues().items():
        _known(document, (*path, *at.split(".")), queue, project.queues, "queue")


def _indices(at: str) -> list[str | int]:
    return [int(part) if part.isdigit() else part for part in at.split(".")]


def _known(document: Document, path: Place, name: str, names: Iterable[str], kind: str) -> None:
    if name not in names:
        document.complain(path, f"there is no {kind} '{name}'{nearest(name, names)}")


def _unreachable(document: Document, project: Project) -> None:
    reachable = _reachable(project)
    for name in project.flow.nodes:
        if name not in reachable:
            document.complain((*_NODES, name), f"no caller ever comes to the node '{name}'")


def _reachable(project: Project) -> set[str]:
    seen: set[str] = set()
    waiting = [project.flow.start]
    while waiting:
        name = waiting.pop()
        if name not in seen:
            seen.add(name)
            waiting += project.flow.nodes[name].exits().values()
    return seen


def _without_end(document: Document, project: Project) -> None:
    nodes = project.flow.nodes
    if round_trip := _cycle({name: node.at_once() for name, node in nodes.items()}):
        message = "the flow goes round here without ever waiting"
    elif round_trip := _cycle({name: node.unasked() for name, node in nodes.items()}):
        message = "a caller who presses nothing goes round here without end"
    else:
        return
    document.complain((*_NODES, round_trip[0]), f"{message}: {' -> '.join(round_trip)}")


def _cycle(exits: Mapping[str, list[str]]) -> list[str]:
    """One way round, its first node again at the end; empty if there is none.

    Nodes whose exits all end are struck out until nothing changes: what is left goes round, or leads to it.
    """
    left = dict(exits)
    while ending := [name for name in left if not any(exit_ in left for exit_ in left[name])]:
        for name in ending:
            del left[name]
    walk = list(left)[:1]
    while walk:
        step = next(exit_ for exit_ in left[walk[-1]] if exit_ in left)
        if step in walk:
            return [*walk[walk.index(step) :], step]
        walk.append(step)
    return []

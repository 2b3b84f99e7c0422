"""What is wrong with a flow though each node is right: names that lead nowhere, ways without an end.

Each flow is looked at by itself: of a sub-flow that it calls it matters only whether a caller can come through.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import NamedTuple

from ivr.flow_graph import cycle, heaviest, inside_out, reachable
from ivr.flow_names import Part, calls, check_names, parts, place_in
from ivr.flow_table import RETURN
from ivr.interpreter import MOST_HOPS
from ivr.nodes.base import NodeModel
from ivr.nodes.branch import Branch
from ivr.nodes.call import Call
from ivr.nodes.goto import Goto
from ivr.nodes.hours import Hours
from ivr.nodes.language import Language
from ivr.nodes.set import Set
from ivr.project import Project
from ivr.yaml_marks import Document

MOST_ORDERS = 50
"""So many nodes may ask something of the engine one after the other without a word to the caller."""

_Leads = Callable[[NodeModel], list[str]]
_THINKS = (Branch, Call, Goto, Hours, Language, Set)  # these ask nothing of the engine


class _Ways(NamedTuple):
    """Where the nodes of a flow lead in one sense, and whether a caller comes through the sub-flow that way."""

    graph: dict[str, list[str]]
    through: bool


def check_flow(document: Document, project: Project) -> None:
    """Note every mistake of a project's flows in the project's document."""
    before = len(document.problems)
    check_names(document, project)
    if len(document.problems) > before:  # a name that leads nowhere would cut off all that comes after it
        return
    flows = _inside_out(project)
    _unreachable(document, project, flows)
    if len(document.problems) == before:
        _unset(document, project)
    if not _without_end(document, flows):
        _too_long(document, flows)


def _inside_out(project: Project) -> list[Part]:
    """The flows of a project, each after all that it calls."""
    found = {part.name: part for part in parts(project)}
    return [found[name] for name in inside_out({name: calls(part) for name, part in found.items()})]


def _ways(flows: list[Part], leads: _Leads) -> dict[str, _Ways]:
    """The ways of each flow by its name; a sub-flow that lets nobody through ends the way."""
    found: dict[str, _Ways] = {}
    for part in flows:
        graph = {
            name: leads(node) if all(found[flow].through for flow in node.subflows().values()) else []
            for name, node in part.flow.nodes.items()
        }
        found[part.name] = _Ways(graph, RETURN in reachable(graph, [part.flow.start]))
    return found


def _unreachable(document: Document, project: Project, flows: list[Part]) -> None:
    ways = _ways(flows, lambda node: [*node.exits().values()])
    for part in flows:
        roots = [part.flow.start, *([project.disaster] if project.disaster and not part.name else [])]
        come_to = reachable(ways[part.name].graph, roots)
        for name in part.flow.nodes:
            if name not in come_to:
                document.complain(part.place(name), f"no caller ever comes to the node '{name}'")


def _without_end(document: Document, flows: list[Part]) -> bool:
    """Whether there is a way round, which is noted."""
    return _round(
        document, flows, lambda node: node.at_once(), "the flow goes round here without ever waiting"
    ) or _round(
        document,
        flows,
        lambda node: node.unasked(),
        "a caller who presses nothing goes round here without end",
    )


def _round(document: Document, flows: list[Part], leads: _Leads, message: str) -> bool:
    ways = _ways(flows, leads)
    found = [(part, way) for part in flows if (way := cycle(ways[part.name].graph))]
    for part, way in found:
        document.complain(part.place(way[0]), f"{message}: {' -> '.join(way)}")
    return bool(found)


def _too_long(document: Document, flows: list[Part]) -> None:
    """Chains that the interpreter or the engine would cut off."""
    hops = _longest(flows, lambda node: node.at_once(), lambda node: 1)
    orders = _longest(flows, lambda node: node.at_once(), lambda node: 0 if isinstance(node, _THINKS) else 1)
    if hops > MOST_HOPS:
        told = f"so many nodes can follow each other here without the caller hearing anything: {hops:.0f}"
        document.complain(("flow", "nodes"), f"{told} (at most {MOST_HOPS})")
    elif orders > MOST_ORDERS:
        told = "so many lines, transfers and notices can follow each other here without a word to the caller"
        document.complain(("flow", "nodes"), f"{told}: {orders:.0f} (at most {MOST_ORDERS})")


def longest_silent(project: Project, weight: Callable[[NodeModel], int]) -> float:
    """No caller who presses nothing comes through more than this, each node by its weight.

    The project's flows have to be without mistakes.
    """
    return _longest(_inside_out(project), lambda node: node.unasked(), weight)


def _longest(flows: list[Part], leads: _Leads, weight: Callable[[NodeModel], int]) -> float:
    """No chain weighs more: a caller who comes out of a sub-flow passes at most one way of each flow above it."""
    ways = _ways(flows, leads)
    heavy: dict[str, float] = {}
    for part in flows:
        weights: Mapping[str, float] = {
            name: weight(node) + sum(heavy[flow] for flow in node.subflows().values())
            for name, node in part.flow.nodes.items()
        }
        heavy[part.name] = heaviest(ways[part.name].graph, weights)
    return sum(heavy.values())


def _unset(document: Document, project: Project) -> None:
    """Variables that are set somewhere, but on no way that leads to where they are asked for."""
    table = project.flow.table
    edges = table.edges()
    after: dict[str, set[str]] = {}
    for part in parts(project):
        for name, node in part.flow.nodes.items():
            here = f"{part.name}.{name}" if part.name else name
            for at, variable in node.reads().items():
                if variable not in after:
                    setting = [each for each, one in table.nodes.items() if variable in one.assigns()]
                    after[variable] = reachable(edges, [to for each in setting for to in edges[each]])
                if here not in after[variable]:
                    told = f"on no way that leads here '{variable}' has been set before"
                    document.complain(place_in(document, part.place(name), at), told)

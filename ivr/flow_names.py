"""Whether all that a flow's nodes name is there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from ivr.flow_graph import cycle
from ivr.flow_table import RETURN
from ivr.messages import nearest
from ivr.nodes.base import NodeModel
from ivr.project import Flow, Project
from ivr.yaml_marks import Document, Place


class Part(NamedTuple):
    """A flow of a project with its YAML path; `name` is that of the sub-flow, empty for the project's own flow."""

    name: str
    path: Place
    flow: Flow

    def place(self, node: str) -> Place:
        """The YAML path of a node."""
        return (*self.path, "nodes", node)


def parts(project: Project) -> list[Part]:
    """The flow and the sub-flows."""
    inner = [Part(name, ("subflows", name), flow) for name, flow in project.subflows.items()]
    return [Part("", ("flow",), project.flow), *inner]


def calls(part: Part) -> list[str]:
    """The sub-flows that a flow calls."""
    return [flow for node in part.flow.nodes.values() for flow in node.subflows().values()]


def check_names(document: Document, project: Project) -> None:
    """Note every name in a project's flows that leads nowhere."""
    if project.language not in project.languages:
        told = f"the project's own language '{project.language}' is missing in `languages`"
        document.complain(("languages",), told)
    if project.disaster:
        _known(document, ("disaster",), project.disaster, project.flow.nodes, "node")
    for part in parts(project):
        known = _kinds(project, part)
        _known(document, (*part.path, "start"), part.flow.start, part.flow.nodes, "node")
        for name, node in part.flow.nodes.items():
            _node(document, part.place(name), node, known)
        if RETURN in part.flow.nodes:
            told = f"'{RETURN}' is where a sub-flow goes back; give the node another name"
            document.complain(part.place(RETURN), told)
    _calls(document, project)


def _kinds(project: Project, part: Part) -> dict[str, Iterable[str]]:
    """All names that are known to the nodes of a flow, by what they are."""
    return {
        "node": dict.fromkeys([*part.flow.nodes, *([RETURN] if part.name else [])]),
        "guidance text": project.guidance,
        "queue": project.queues,
        "sub-flow": project.subflows,
        "set of hours": project.hours_sets,
        "list of numbers": project.number_lists,
        "language of this project": project.languages,
        "number of this project": {number.number for number in project.numbers},
        "variable": assigned(project),
    }


def assigned(project: Project) -> dict[str, None]:
    """The variables that are set anywhere in a project."""
    nodes = project.flow.table.nodes.values()
    return {variable: None for node in nodes for variable in node.assigns()}


def _named(node: NodeModel) -> Iterator[tuple[str, Mapping[str, str]]]:
    """What a node names, by kind: the names by their YAML paths."""
    yield "node", node.exits()
    yield "guidance text", node.texts()
    yield "queue", node.queues()
    yield "sub-flow", node.subflows()
    yield "set of hours", node.hours_sets()
    yield "list of numbers", node.number_lists()
    yield "language of this project", node.languages()
    yield "number of this project", node.dialled()
    yield "variable", node.reads()


def _node(document: Document, path: Place, node: NodeModel, known: Mapping[str, Iterable[str]]) -> None:
    for kind, named in _named(node):
        for at, name in named.items():
            _known(document, place_in(document, path, at), name, known[kind], kind)


def place_in(document: Document, path: Place, at: str) -> Place:
    """A YAML path below another one; `at` has its steps joined by dots."""
    here = document.data
    for step in path:
        here = here[step]
    for part in at.split("."):
        step = int(part) if isinstance(here, list) and part.isdigit() else part
        inside = here if isinstance(here, dict) else dict(enumerate(here)) if isinstance(here, list) else {}
        here, path = inside.get(step), (*path, step)
    return path


def _known(document: Document, path: Place, name: str, names: Iterable[str], kind: str) -> None:
    if name in names:
        return
    document.complain(path, f"there is no {kind} '{name}'{_hint(name, names, kind)}")


def _hint(name: str, names: Iterable[str], kind: str) -> str:
    if (kind, name) == ("node", RETURN):
        return "; only a sub-flow returns"
    if kind == "node" and RETURN in names and not nearest(name, names):
        return f" in this sub-flow; write one of its own nodes, or '{RETURN}' to go back"
    return nearest(name, names)


def _calls(document: Document, project: Project) -> None:
    graph = {part.name: calls(part) for part in parts(project)}
    called = {flow for targets in graph.values() for flow in targets}
    for flow in project.subflows:
        if flow not in called:
            document.complain(("subflows", flow), f"nothing calls the sub-flow '{flow}'")
    if round_trip := cycle(graph):
        way = " -> ".join(round_trip)
        document.complain(("subflows", round_trip[0]), f"sub-flows call each other without end: {way}")

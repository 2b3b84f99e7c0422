"""What a flow says by itself on its way: the texts of the time without an engine, where the project names none."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ivr.flow_table import target_of
from ivr.nodes.base import NodeModel, PassingNode
from ivr.nodes.call import Call
from ivr.nodes.hangup import HangUp
from ivr.nodes.hours import Hours
from ivr.nodes.language import Language
from ivr.nodes.say import Say
from ivr.project import Project

Words = list[tuple[str, str]]
"""Guidance ids, each with the language in which it is said."""


def notice_texts(project: Project) -> Words:
    """What every caller hears within the hours before he is asked anything: the notice of the recording, say."""
    named = project.degraded.notice
    if named is not None:
        return in_own_language(project, named)
    return list(_said(project, _way(project, project.flow.start, is_open=True)))


def closed_texts(project: Project) -> Words:
    """What a caller hears outside the hours before he is asked anything; may be nothing."""
    if project.degraded.closed is not None:
        return in_own_language(project, project.degraded.closed)
    nodes = project.flow.table.nodes
    way = list(_way(project, project.flow.start, is_open=False))
    name = gate(project)
    if name and name not in way:  # the flow asks something first: begin behind the gate
        node = nodes[name]
        assert isinstance(node, Hours)
        way = list(_way(project, target_of(name, node.closed), is_open=False))
    return list(_said(project, way))


def disaster_texts(project: Project) -> Words:
    """What is said in the disaster flow before anything is asked; nothing where there is none."""
    return list(_said(project, _way(project, project.disaster, is_open=True))) if project.disaster else []


def in_own_language(project: Project, texts: Iterable[str]) -> Words:
    """Texts that are named without a language."""
    return [(text, project.language) for text in texts]


def gate(project: Project) -> str:
    """The first node that asks for the hours; empty where none does: such a project is always open."""
    table, edges = project.flow.table, project.flow.table.edges()
    waiting, seen = [project.flow.start], set[str]()
    while waiting:
        name = waiting.pop(0)
        if name in seen:
            continue
        seen.add(name)
        if isinstance(table.nodes[name], Hours):
            return name
        waiting += edges[name]
    return ""


def hours_asked(project: Project) -> str | None:
    """The set of hours of that node (empty: the project's own); None where nobody asks."""
    node = project.flow.table.nodes.get(gate(project))
    return node.calendar if isinstance(node, Hours) else None


def _said(project: Project, way: Iterable[str]) -> Iterator[tuple[str, str]]:
    language = project.language
    for name in way:
        node = project.flow.table.nodes[name]
        if isinstance(node, Language):
            language = node.set
        elif isinstance(node, Say | HangUp):
            yield from ((text, language) for text in node.guidance)


def _way(project: Project, start: str, *, is_open: bool) -> Iterator[str]:
    """The nodes from one on, as far as a caller gets without being asked anything."""
    nodes, seen, name = project.flow.table.nodes, set[str](), start
    while name and name not in seen:
        seen.add(name)
        yield name
        name = _next(name, nodes[name], is_open=is_open)


def _next(name: str, node: NodeModel, *, is_open: bool) -> str:
    if isinstance(node, Hours):
        return target_of(name, node.open if is_open else node.closed)
    if isinstance(node, Say) or (isinstance(node, PassingNode) and not isinstance(node, Call)):
        return target_of(name, node.next)
    return ""

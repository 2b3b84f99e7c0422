"""Whether each guidance text is there in every language in which a caller can come to it."""

from __future__ import annotations

from collections.abc import Iterator

from ivr.builtin_texts import texts_of
from ivr.flow_table import RETURN
from ivr.nodes.base import NodeModel
from ivr.nodes.branch import Branch
from ivr.nodes.enqueue import Enqueue
from ivr.nodes.language import Language
from ivr.project import Project
from ivr.yaml_marks import Document

_State = tuple[str, str]
"""A node, and the language that a caller hears there."""


def check_own_language(document: Document, project: Project) -> None:
    """Note every text that is not there in the project's own language, which stands in for any other."""
    for name, guidance in project.guidance.items():
        if project.language not in guidance.texts:
            _missing(document, name, project.language)


def check_languages(document: Document, project: Project) -> None:
    """Note every text that is missing in another language that it can be said in. The names have to be right."""
    needed = {(text, language) for node, language in _come_to(project) for text in _texts(project, node)}
    for name, guidance in project.guidance.items():
        for language in project.languages:
            if language != project.language and (name, language) in needed and language not in guidance.texts:
                _missing(document, name, language)


def _missing(document: Document, name: str, language: str) -> None:
    document.complain(("guidance", name), f"the text '{name}' is missing in '{language}'")


def _come_to(project: Project) -> set[_State]:
    """Every node with each language in which a caller can be there."""
    table, edges = project.flow.table, project.flow.table.edges()
    starts = [project.flow.start, *([project.disaster] if project.disaster else [])]
    waiting: list[_State] = [(name, project.language) for name in starts]
    seen: set[_State] = set()
    while waiting:
        state = waiting.pop()
        if state not in seen:
            seen.add(state)
            waiting += _onward(table.nodes[state[0]], edges[state[0]], state[1])
    return seen


def _onward(node: NodeModel, targets: list[str], language: str) -> Iterator[_State]:
    """Where a caller of a language goes on; `targets`: the node's exits, in their order where none is a `return`."""
    if isinstance(node, Language):
        yield from ((target, node.set) for target in targets)
    elif isinstance(node, Branch) and node.languages() and RETURN not in node.exits().values():
        yield from ((target, language) for target in _taken(node, targets, language))
    else:
        yield from ((target, language) for target in targets)


def _taken(node: Branch, targets: list[str], language: str) -> Iterator[str]:
    """Conditions on the language are known to hold or not; all others may."""
    asked = node.languages()
    for index, target in enumerate(targets):
        wanted = asked.get(f"cases.{index}.when.language")
        if wanted in (None, language):
            yield target
        if wanted == language:
            return


def _texts(project: Project, name: str) -> Iterator[str]:
    """The texts of a node, and those that are said instead on days when they do not hold."""
    node = project.flow.table.nodes[name]
    for text in (*node.texts().values(), *_in_line(project, node)):
        seen: set[str] = set()
        while text in project.guidance and text not in seen:
            seen.add(text)
            yield text
            text = project.guidance[text].otherwise


def _in_line(project: Project, node: NodeModel) -> list[str]:
    """What is said to those who wait where a node has sent them."""
    notices = project.queues[node.queue].notices if isinstance(node, Enqueue) else None
    return texts_of(notices) if notices else []

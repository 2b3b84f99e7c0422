"""Which menu a caller listens to, known from what he has heard, and which key he presses there."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from ivr.builtin_texts import texts_of
from ivr.guidance_model import Guidance
from ivr.nodes.base import NodeModel
from ivr.nodes.collect import Collect
from ivr.nodes.enqueue import Enqueue
from ivr.nodes.hangup import HangUp
from ivr.nodes.menu import Menu
from ivr.nodes.say import Say
from ivr.project import Project
from sim.people import Caller, Keys

NOWHERE = 0


class Whereabouts:
    """Follows a caller through the flow by the texts that he hears: no engine has to be asked.

    Two menus may say the same text: then the way that has led there tells them apart. A place is a number, NOWHERE at
    first; `nodes_at` says which nodes it may be (more than one only where no ear could tell them apart).
    """

    def __init__(self, project: Project) -> None:
        self._speakers = _speakers(project)
        ways = _Ways(project, {node for nodes in self._speakers.values() for node in nodes})
        self._next = {node: ways.heard_after(node) for node in ways.speaking}
        self._first = ways.heard_first()
        self._places: list[frozenset[str]] = [frozenset()]
        self._numbers: dict[frozenset[str], int] = {}
        self._known: dict[tuple[int, str], int] = {}

    def heard(self, place: int, text: str) -> int:
        """The place of who was at `place` and hears a text now."""
        key = (place, text)
        if key not in self._known:
            self._known[key] = self._follow(place, text)
        return self._known[key]

    def nodes_at(self, place: int) -> frozenset[str]:
        """The nodes, those of a sub-flow as SUBFLOW.NODE."""
        return self._places[place]

    def _follow(self, place: int, text: str) -> int:
        speakers = self._speakers.get(text)
        if speakers is None:  # said in a line that no key leads out of
            return place
        here = self._places[place]
        near = here.union(*(self._next[node] for node in here)) if place != NOWHERE else self._first
        return self._number(frozenset(speakers & near or speakers))

    def _number(self, nodes: frozenset[str]) -> int:
        if nodes not in self._numbers:
            self._numbers[nodes] = len(self._places)
            self._places.append(nodes)
        return self._numbers[nodes]


class Menus:
    """The keys of single menus, by their nodes, and those of all others. `lines`: nodes that are lines with keys."""

    def __init__(self, where: Whereabouts, keys: Mapping[str, Keys], others: Keys, lines: set[str]) -> None:
        self._where = where
        self._keys = keys
        self._lines = lines & keys.keys()
        self._others = others
        self._at: dict[int, Keys] = {}
        self.heard = where.heard

    def in_line(self, caller: Caller) -> bool:
        """Whether he waits in a line that he may leave by a key, and was told so just now."""
        return not self._lines.isdisjoint(self._where.nodes_at(caller.where))

    def press(self, caller: Caller) -> str:
        """A digit, or "" for silence."""
        keys = self._at.get(caller.where)
        if keys is None:
            here = self._where.nodes_at(caller.where)
            keys = next((keys for node, keys in self._keys.items() if node in here), self._others)
            self._at[caller.where] = keys
        return keys.press()


def lines_with_keys(project: Project) -> set[str]:
    """The nodes at which a caller waits in a line and may press keys."""
    nodes = project.flow.table.nodes
    return {name for name, node in nodes.items() if isinstance(node, Enqueue) and node.keys}


def _texts(project: Project, node: NodeModel) -> list[str]:
    """All that may be heard at a node: its own texts, or the notices of a line with keys."""
    if isinstance(node, Enqueue) and node.keys:
        notices = project.queues[node.queue].notices
        return texts_of(notices) if notices is not None else []
    return list(node.texts().values())


def _speakers(project: Project) -> dict[str, set[str]]:
    """The nodes that say each text, also when another one is said in its place (from a day on)."""
    found: dict[str, set[str]] = {}
    for name, node in project.flow.table.nodes.items():
        for text in _texts(project, node):
            for said in _variants(project.guidance, text):
                found.setdefault(said, set()).add(name)
    return found


def _variants(guidance: Mapping[str, Guidance], text: str) -> list[str]:
    found = [text]
    while (one := guidance.get(found[-1])) is not None and one.otherwise and one.otherwise not in found:
        found.append(one.otherwise)
    return found


class _Ways:
    """Which nodes a caller may hear next, through others that say nothing, or not always."""

    def __init__(self, project: Project, speaking: set[str]) -> None:
        self._edges = project.flow.table.edges()
        self._starts = [project.flow.start, *([project.disaster] if project.disaster else [])]
        self.speaking = speaking
        nodes = project.flow.table.nodes
        self._always = {name for name in speaking if isinstance(nodes[name], Say | Menu | Collect | HangUp)}

    def heard_first(self) -> frozenset[str]:
        """By who has just called."""
        return self._heard(self._starts)

    def heard_after(self, node: str) -> frozenset[str]:
        """By who has heard a node."""
        return self._heard(self._edges[node])

    def _heard(self, nodes: Iterable[str]) -> frozenset[str]:
        waiting, seen = list(nodes), set[str]()
        while waiting:
            name = waiting.pop()
            if name not in seen:
                seen.add(name)
                waiting += [] if name in self._always else self._edges[name]
        return frozenset(seen & self.speaking)

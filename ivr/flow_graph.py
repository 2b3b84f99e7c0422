"""What the checks of flows ask of a graph: names, and where each leads. All take time linear in its size."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

Graph = Mapping[str, Sequence[str]]
"""Targets that are no names of the graph lead out of it."""


def reachable(graph: Graph, roots: Iterable[str]) -> set[str]:
    """Everything that can be come to from some roots, they themselves and what lies outside included."""
    seen: set[str] = set()
    waiting = list(roots)
    while waiting:
        name = waiting.pop()
        if name not in seen:
            seen.add(name)
            waiting += graph.get(name, ())
    return seen


def cycle(graph: Graph) -> list[str]:
    """One way round, its first name again at the end; empty if there is none."""
    left = _not_ending(graph)
    walk: dict[str, None] = dict.fromkeys(list(left)[:1])  # a list that knows quickly what is in it
    step = next(iter(walk), None)
    while step is not None:
        step = next(exit_ for exit_ in graph[step] if exit_ in left)
        if step in walk:
            names = list(walk)
            return [*names[names.index(step) :], step]
        walk[step] = None
    return []


def inside_out(graph: Graph) -> list[str]:
    """The names that lead to no cycle, each after all that it leads to."""
    leading: dict[str, list[str]] = {name: [] for name in graph}
    for name, targets in graph.items():
        for target in targets:
            leading.get(target, []).append(name)
    open_exits = {name: sum(target in graph for target in targets) for name, targets in graph.items()}
    done = [name for name, count in open_exits.items() if not count]
    for ending in done:  # grows as it goes
        for name in leading[ending]:
            open_exits[name] -= 1
            if not open_exits[name]:
                done.append(name)
    return done


def heaviest(graph: Graph, weights: Mapping[str, float]) -> float:
    """The weight of the heaviest way through a graph without cycles; 0 for an empty one."""
    best: dict[str, float] = {}
    for name in inside_out(graph):
        best[name] = weights[name] + max((best.get(target, 0) for target in graph[name]), default=0)
    return max(best.values(), default=0)


def _not_ending(graph: Graph) -> dict[str, None]:
    """The names that go round, or lead to some that do, in the order of the graph."""
    ending = set(inside_out(graph))
    return {name: None for name in graph if name not in ending}

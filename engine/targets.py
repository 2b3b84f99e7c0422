"""Whether what a flow names outside of its project is there: seats, extensions, gateways."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path

from ivr.flow_names import parts, place_in
from ivr.messages import nearest
from ivr.nodes.base import NodeModel
from ivr.project import Project
from ivr.yaml_marks import Problem, read

Named = Callable[[NodeModel], Mapping[str, str]]
"""The names of one kind that a node uses, by their YAML paths."""


def unknown_names(
    folder: Path, projects: Iterable[Project], kind: str, named: Named, known: Iterable[str], place: str
) -> list[Problem]:
    """A problem for each name of a kind that is not known in `place`. `folder` holds the project files.

    A file is read a second time only where something in it is wrong.
    """
    names = list(known)
    return [
        problem
        for project in projects
        if not set(_all(project, named)) <= set(names)
        for problem in _told(folder / f"{project.project}.yaml", project, (kind, place), named, names)
    ]


def _all(project: Project, named: Named) -> Iterator[str]:
    for part in parts(project):
        for node in part.flow.nodes.values():
            yield from named(node).values()


def _told(
    file: Path, project: Project, kind: tuple[str, str], named: Named, known: list[str]
) -> list[Problem]:
    document = read(file)
    for part in parts(project):
        for name, node in part.flow.nodes.items():
            for at, target in named(node).items():
                if target not in known:
                    told = f"there is no {kind[0]} '{target}' in {kind[1]}{nearest(target, known)}"
                    document.complain(place_in(document, part.place(name), at), told)
    return document.problems

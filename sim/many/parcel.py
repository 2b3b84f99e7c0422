"""A scenario packed with every file that it names: it can be run in another process, or on another machine."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any, NamedTuple

from pydantic import BaseModel

from sim.scenario import Scenario

ROOT = Path(__file__).parents[2]
PROGRAM = ("acd/**/*.py", "calls/**/*.py", "engine/**/*.py", "ivr/**/*.py", "sim/*.py")
_NAMED = ("file", "project")
"""The keys of a scenario behind which the name of a file may stand."""


class OtherProgramError(Exception):
    """The parcel was packed by another version of the program, so that its results would be others."""


class Parcel(NamedTuple):
    """`scenario` names its files by their names in `files`. `program`: what alone may run it, or ""."""

    scenario: Scenario
    files: dict[str, bytes]
    program: str


def pack(scenario: Scenario, *, for_other_machines: bool = False) -> Parcel:
    """The scenario and its files; each file lies where the world looks for it, seen from the project's folder."""
    files: dict[str, bytes] = {}

    def packed(key: str, name: str) -> str:
        path = scenario.find(name)
        if key == "project":
            files.update(_around(path.resolve()))
            return f"projects/{path.name}"
        inside = f"data/{sha256(name.encode()).hexdigest()[:16]}-{path.name}"
        files[inside] = path.read_bytes()
        return inside

    return Parcel(_renamed(scenario, packed), files, program() if for_other_machines else "")


def _around(project: Path) -> dict[str, bytes]:
    """A project's file, the calendars of its configuration and the list of extensions."""
    config = project.parent.parent
    files = {f"projects/{project.name}": project.read_bytes()}
    for path in (*sorted(config.glob("calendars/*")), config / "extensions.yaml"):
        if path.is_file():
            files[str(path.relative_to(config))] = path.read_bytes()
    return files


def _renamed(value: Any, packed: Callable[[str, str], str]) -> Any:
    if isinstance(value, BaseModel):
        # Not dict(value): a model with a field `keys` would be taken for a mapping.
        return value.model_copy(update=_renamed(dict(iter(value)), packed))
    if isinstance(value, dict):
        return {
            key: packed(key, inner) if key in _NAMED and isinstance(inner, str) else _renamed(inner, packed)
            for key, inner in value.items()
        }
    if isinstance(value, list | tuple):
        return type(value)(_renamed(inner, packed) for inner in value)
    return value


@contextmanager
def unpacked(parcel: Parcel) -> Iterator[Scenario]:
    """The scenario of a parcel, with its files in a folder that is gone afterwards.

    Raises OtherProgramError where this is not the program that packed it.
    """
    if parcel.program and parcel.program != program():
        raise OtherProgramError(
            "a worker runs another version of Denwaban: bring all machines to the same one"
        )
    with tempfile.TemporaryDirectory(prefix="denwaban-sim-") as folder:
        for name, content in parcel.files.items():
            path = Path(folder, name)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        yield parcel.scenario.model_copy(update={"folder": Path(folder)})


@cache
def program() -> str:
    """Names the program by its content: whatever has the same name has the same results."""
    named = sha256()
    for path in sorted(path for files in PROGRAM for path in ROOT.glob(files)):
        named.update(path.relative_to(ROOT).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return named.hexdigest()[:16]

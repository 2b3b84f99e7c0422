"""The pure packages, compiled: the same sources, translated to machine code by mypyc.

`make compiled` compiles them below `var/compiled/`; `use()` lets this process import what was compiled instead of the
sources, as long as it was made of exactly these sources. A command on virtual time asks for it before it imports the
engine; the telephone never does, and runs the sources themselves. Both are the same code: a test compares the journals.
"""

from __future__ import annotations

import hashlib
import importlib.machinery
import importlib.util
import os
import sys
from collections.abc import Sequence
from importlib.abc import MetaPathFinder
from pathlib import Path
from types import ModuleType

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "var" / "compiled"
SUFFIX = importlib.machinery.EXTENSION_SUFFIXES[0]
OFF = "DENWABAN_SOURCES"
"""An environment variable: where it is set, nothing compiled is used."""

PACKAGES = ("acd", "acd/policies", "engine", "sim/counting", "sim/habits")
MODULES = (
    "calls/deadlines.py",
    "calls/lifecycle.py",
    "calls/queue_terms.py",
    "ivr/days_texts.py",
    "ivr/flow_table.py",
    "ivr/interpreter.py",
    "ivr/positions.py",
    "ivr/project_facts.py",
    "ivr/steppers.py",
    "sim/clock.py",
    "sim/edge.py",
    "sim/people.py",
    "sim/randomness.py",
    "sim/run.py",
)
NOT_COMPILED = frozenset(
    {
        # Made of pydantic models: mypyc cannot translate those.
        "engine/extensions_file.py",
        "engine/people_file.py",
        "engine/seats_file.py",
        "engine/service_line.py",
        "engine/serving.py",
        "engine/shifts_file.py",
        # msgspec structures: the compiler drops what stands in their heads (frozen, eq, gc) and their fields' types.
        "engine/belief.py",
        "engine/listener.py",
        "engine/phone_call.py",
        "engine/second_line.py",
        # Only at the start of a process.
        "engine/build.py",
        "engine/diagram.py",
        # Looks into objects as only sources allow; the virtual commands have no use for it.
        "engine/memory.py",
    }
)


def sources() -> list[str]:
    """What is compiled, as paths below the root, in order."""
    found = {
        path.relative_to(ROOT).as_posix() for package in PACKAGES for path in (ROOT / package).glob("*.py")
    }
    packages = {name for name in found if name.endswith("__init__.py")}
    return sorted((found | set(MODULES)) - packages - NOT_COMPILED)


def digest() -> str:
    """SHA-256 (hexadecimal, its first half) of the sources, this Python and the compiler's own version."""
    state = hashlib.sha256(sys.version.encode())
    for name in sources():
        state.update(name.encode())
        state.update((ROOT / name).read_bytes())
    state.update((ROOT / "requirements.lock").read_bytes())
    return state.hexdigest()[:32]


class _Compiled(MetaPathFinder):
    """Finds modules among the files of one folder: `engine.engine` is `engine.engine` + SUFFIX there."""

    def __init__(self, folder: Path) -> None:
        self._files = {path.name.removesuffix(SUFFIX): str(path) for path in folder.glob(f"*{SUFFIX}")}

    def find_spec(
        self, name: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        """The compiled module of that name, or None."""
        file = self._files.get(name)
        if file is None:
            return None
        loader = importlib.machinery.ExtensionFileLoader(name, file)
        return importlib.util.spec_from_file_location(name, file, loader=loader)


def in_use() -> bool:
    """Whether this process imports what was compiled."""
    return any(isinstance(finder, _Compiled) for finder in sys.meta_path)


def use() -> bool:
    """Import compiled modules from now on; whether there are any of these very sources.

    Has to be called before any of them is imported: where one is there as a source already, False is returned.
    """
    if in_use():
        return True
    folder = FOLDER / digest()
    if os.environ.get(OFF) or not (folder / "complete").exists() or any(map(_imported, sources())):
        return False
    sys.meta_path.insert(0, _Compiled(folder))
    return True


def _imported(source: str) -> bool:
    return source.removesuffix(".py").replace("/", ".") in sys.modules

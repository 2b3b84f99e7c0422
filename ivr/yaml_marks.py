"""YAML read into plain data that remembers where each value stood.

Scalars follow YAML 1.2's core rules: only `true`/`false` are truth values, `08:30` and `2026-05-07` are text
(YAML 1.1 makes the first one 30,600 seconds). Beyond them, what begins with 0 is text, as a telephone number
does, and every mapping key is text, so that a menu's `1` stays "1".
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

import yaml

MOST_NODES = 200_000
MOST_BRACKETS, MOST_COLUMNS = 15_000, 5_000
_INT = re.compile(r"^[-+]?(0|[1-9][0-9]*)$")
_FLOAT = re.compile(r"^[-+]?(([0-9]+\.[0-9]*|\.[0-9]+)([eE][-+]?[0-9]+)?|[0-9]+[eE][-+]?[0-9]+)$")


Place = tuple[str | int, ...]
"""A path of keys and indices from the root of a file."""


class Mark(NamedTuple):
    """Line and column, both from 1."""

    line: int
    column: int


class Problem(NamedTuple):
    """One mistake in one file: prints as `FILE:LINE:COLUMN: error: message`."""

    file: str
    mark: Mark
    message: str

    def __str__(self) -> str:
        return f"{self.file}:{self.mark.line}:{self.mark.column}: error: {self.message}"


class ConfigurationError(Exception):
    """The configuration cannot be used; `problems` says every reason."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__("\n".join(str(problem) for problem in problems))
        self.problems = problems


@dataclass
class Document:
    """A file's data, and by its path of keys and indices where everything in it stands.

    `marks`: a single value is found at itself, a mapping or a list at the key that leads to it.
    """

    file: str
    data: Any = None
    marks: dict[Place, Mark] = field(default_factory=dict)
    keys: dict[Place, Mark] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def mark(self, path: Place) -> Mark:
        """Where a path stands; the nearest thing above it where it does not stand at all."""
        while path and path not in self.marks:
            path = path[:-1]
        return self.marks.get(path, Mark(1, 1))

    def complain(self, path: Place, message: str, *, of_key: bool = False) -> None:
        """Note a mistake at a path, or (`of_key`) at the key at the end of the path."""
        mark = self.keys.get(path) if of_key else None
        self.problems.append(Problem(self.file, mark or self.mark(path), message))


def read(path: Path) -> Document:
    """Read a file; what is wrong with it stands in `problems` of the result, never in an exception."""
    document = Document(str(path))
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except FileNotFoundError:
        document.complain((), "there is no such file")
    except OSError as error:
        document.complain((), f"cannot be read: {error.strerror}")
    except UnicodeDecodeError as error:
        document.complain((), _encoding_advice(path, error))
    else:
        _compose(text, document)
    return document


def _encoding_advice(path: Path, error: UnicodeDecodeError) -> str:
    data = path.read_bytes()
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return 'looks like UTF-16 ("Unicode"); save it as UTF-8 and try again'
    try:
        data.decode("cp932")
    except UnicodeDecodeError:
        return f"is not UTF-8 text (byte {error.start}); save it as UTF-8"
    return "looks like Shift_JIS; save it as UTF-8 and try again"


def _compose(text: str, document: Document) -> None:
    try:
        root = _nodes(text)
        if root is not None:
            document.data = _Walk(document).value(root, ())
            return
        document.complain((), "the file is empty")
    except yaml.MarkedYAMLError as error:
        place = error.problem_mark or error.context_mark
        mark = Mark(place.line + 1, place.column + 1) if place else Mark(1, 1)
        told = f"this is not YAML: {error.problem}{_advice(str(error.problem))}"
        document.problems.append(Problem(document.file, mark, told))
    except yaml.reader.ReaderError as error:
        mark = _place_of(text, error.position)
        told = f"this is not text: character {error.character:#x}"
        document.problems.append(Problem(document.file, mark, told))
    except RecursionError:
        document.complain((), "values stand inside each other too deep")


def _advice(problem: str) -> str:
    if "\\t" in problem:
        return "; indent with spaces, not tabs"
    if "expected ',' or" in problem:
        return "; close the bracket, or put a text that has brackets in quotes"
    return ""


def _nodes(text: str) -> yaml.Node | None:
    """The file's nodes: by the C library, ten times as fast; by the Python one where something is wrong.

    The two word their errors differently, and C has no RecursionError: it would fall off the end of its stack.
    """
    fast: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    if _may_be_deep(text):
        fast = yaml.SafeLoader
    try:
        return yaml.compose(text, Loader=fast)
    except yaml.YAMLError:
        return yaml.compose(text, Loader=yaml.SafeLoader)


def _may_be_deep(text: str) -> bool:
    """Each level needs a bracket of its own, or one more character at the beginning of a line."""
    brackets = text.count("[") + text.count("{")
    return brackets > MOST_BRACKETS or max(map(len, text.splitlines()), default=0) > MOST_COLUMNS


def _place_of(text: str, position: int) -> Mark:
    before = text[:position]
    return Mark(before.count("\n") + 1, position - before.rfind("\n"))


class _Walk:
    def __init__(self, document: Document) -> None:
        self._document = document
        self._nodes = 0
        self._inside: set[int] = set()

    def value(self, node: yaml.Node, path: Place) -> Any:
        if path not in self._document.marks or isinstance(node, yaml.ScalarNode):
            self._document.marks[path] = _mark(node)
        self._nodes += 1
        if id(node) in self._inside:
            self._document.complain(path, "an alias stands inside what it repeats; write the value out")
            return None
        if self._nodes > MOST_NODES:
            if self._nodes == MOST_NODES + 1:
                self._document.complain((), f"with its aliases the file has more than {MOST_NODES} values")
            return None
        if isinstance(node, yaml.ScalarNode):
            return _scalar(node)
        self._inside.add(id(node))
        try:
            return (
                self._mapping(node, path)
                if isinstance(node, yaml.MappingNode)
                else self._sequence(node, path)
            )
        finally:
            self._inside.discard(id(node))

    def _sequence(self, node: yaml.Node, path: Place) -> list[Any]:
        return [self.value(item, (*path, index)) for index, item in enumerate(node.value)]

    def _mapping(self, node: yaml.MappingNode, path: Place) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for key, value in node.value:
            if not isinstance(key, yaml.ScalarNode):
                self._complain(key, "a name is expected here")
            elif key.value in found:
                self._complain(key, f"'{key.value}' stands here a second time")
            else:
                here = (*path, key.value)
                self._document.marks[here] = self._document.keys[here] = _mark(key)
                found[key.value] = self.value(value, here)
                if isinstance(value, yaml.ScalarNode) and value.start_mark.index == value.end_mark.index:
                    # Nothing stands there: the two libraries differ in where, so say "behind the colon".
                    self._document.marks[here] = Mark(key.end_mark.line + 1, key.end_mark.column + 2)
        return found

    def _complain(self, node: yaml.Node, message: str) -> None:
        self._document.problems.append(Problem(self._document.file, _mark(node), message))


def _mark(node: yaml.Node) -> Mark:
    return Mark(node.start_mark.line + 1, node.start_mark.column + 1)


def _scalar(node: yaml.ScalarNode) -> Any:
    text: str = node.value
    if node.style in ("'", '"', "|", ">"):
        return text
    if text in ("", "~", "null", "Null", "NULL"):
        return None
    if text in ("true", "True", "TRUE", "false", "False", "FALSE"):
        return text.lower() == "true"
    if _INT.match(text):
        return int(text)
    return float(text) if _FLOAT.match(text) else text

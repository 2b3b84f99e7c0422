"""What is told of a value that does not fit: in words of this project, and what to write instead."""

from __future__ import annotations

import difflib
import re
from collections.abc import Container, Iterable
from functools import cache
from typing import Any

from pydantic import BaseModel
from pydantic_core import ErrorDetails

from ivr.nodes import TYPES
from ivr.yaml_marks import Document, Place

_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_ENDINGS = ("_type", "_parsing", "_from_float", "_inexact", "_parsing_size")
_WANTED = {
    "string": "a text is expected here; put it in quotes",
    "int": "a whole number is expected here",
    "float": "a number is expected here",
    "bool": "true or false is expected here",
    "date": "a date is written like 2026-05-07",
    "date_from_datetime": "a date is written like 2026-05-07",
    "list": "a list is expected here",
    "tuple": "a list is expected here",
    "dict": "names with values (name: value) are expected here",
    "model": "names with values (name: value) are expected here",
    "model_attributes": "names with values (name: value) are expected here",
}


LIKELY, SURELY = 0.6, 0.8
"""How similar a name is that is offered: one that stands there already must be all but the same."""


def nearest(name: str, names: Iterable[str], similar: float = LIKELY) -> str:
    """A question that offers the most similar of some names, or nothing."""
    close = difflib.get_close_matches(name, list(names), n=1, cutoff=similar)
    return f"; did you mean '{close[0]}'?" if close else ""


def tell(document: Document, detail: ErrorDetails, model: type[BaseModel]) -> None:
    """Note one finding of pydantic about the document's data, read as `model`, in the document."""
    if _told_already(detail):
        return
    of_key = detail["type"] == "extra_forbidden" or detail["loc"][-1:] == ("[key]",)
    path = _path(document.data, detail["loc"])
    if detail["type"] == "union_tag_invalid":
        path = (*path, "type")
    document.complain(path, _message(detail, model, _beside(document.data, path)), of_key=of_key)


def _told_already(detail: ErrorDetails) -> bool:
    """Whether a list is too short only because what stands in it is wrong: pydantic counts the right ones."""
    return detail["type"] == "too_short" and len(detail["input"]) > detail["ctx"]["actual_length"]


def _beside(data: Any, path: Place) -> set[str]:
    """The names in the mapping in which a path ends."""
    for step in path[:-1]:
        data = data[step]
    return set(data) if isinstance(data, dict) else set()


def _path(data: Any, loc: tuple[int | str, ...]) -> Place:
    """The YAML path of a pydantic location, which has the tags of unions between the keys."""
    path: list[str | int] = []
    for step in loc[:-1] if loc[-1:] == ("[key]",) else loc:
        inside = step in data if isinstance(data, dict) else isinstance(data, list) and isinstance(step, int)
        if inside:
            data = data[step]
            path.append(step)
    return tuple(path)


def _message(detail: ErrorDetails, model: type[BaseModel], beside: Container[str]) -> str:
    kind, given = detail["type"], detail["input"]
    name = str(detail["loc"][-1]) if detail["loc"] else ""
    if kind == "extra_forbidden":
        fields = _fields(model, detail["loc"][:-1])
        meant = nearest(name, [field for field in fields if field not in beside])
        return f"'{name}' means nothing here{meant or nearest(name, fields, SURELY)}"
    if kind == "missing":
        return f"'{name}' is missing here"
    if kind == "union_tag_not_found":
        return f"'type' is missing here (known: {', '.join(TYPES)})"
    if kind == "union_tag_invalid":
        tag = str(given["type"])
        return f"there is no node type '{tag}'{_offered(tag, TYPES)}"
    if kind in ("enum", "literal_error"):
        return f"'{given}' is not known here{_offered(str(given), _quoted(detail['ctx']['expected']))}"
    return _wanted(detail)


def _offered(given: str, known: Iterable[str]) -> str:
    known = list(known)
    return f"{nearest(given, known)} (known: {', '.join(known)})"


def _quoted(text: str) -> list[str]:
    """The words between quotes: "'a', 'b' or 'c'" names a, b and c."""
    return text.split("'")[1::2]


def _wanted(detail: ErrorDetails) -> str:
    kind = detail["type"]
    if detail["input"] is None:
        return "the value is missing here"
    if kind == "too_short":
        return "at least one is needed here"
    if kind == "string_too_short":
        return "nothing stands in this text"
    if kind == "string_type" and isinstance(detail["input"], list | dict):
        return "a text is expected here, and only one; if it has brackets of its own, put it in quotes"
    if kind == "date_from_datetime_parsing" and _DATE.fullmatch(str(detail["input"])):
        return f"there is no day {detail['input']}"
    for ending in _ENDINGS:
        if kind.endswith(ending) and (wanted := _WANTED.get(kind.removesuffix(ending))):
            return wanted
    return detail["msg"].removeprefix("Value error, ").replace("Input should be", "this must be")


def _fields(model: type[BaseModel], loc: tuple[int | str, ...]) -> list[str]:
    """The names that would have been right at a location: found by following the annotations."""
    found = _schema(model).at(loc)
    return list(found.get("properties", {}))


@cache
def _schema(model: type[BaseModel]) -> _Schema:
    return _Schema(model.model_json_schema(by_alias=True))


class _Schema:
    def __init__(self, root: dict[str, Any]) -> None:
        self._root = root

    def at(self, loc: tuple[int | str, ...]) -> dict[str, Any]:
        here = self._root
        for step in loc:
            here = self._down(self._resolve(here), step)
        return self._resolve(here)

    def _resolve(self, node: dict[str, Any]) -> dict[str, Any]:
        while True:
            if "$ref" in node:
                node = self._root["$defs"][node["$ref"].rsplit("/", 1)[1]]
            elif "anyOf" in node:  # a part that may be left out: itself or null
                node = node["anyOf"][0]
            else:
                return node

    def _down(self, node: dict[str, Any], step: int | str) -> dict[str, Any]:
        if "discriminator" in node:
            mapping = node["discriminator"]["mapping"]
            return {"$ref": mapping[step]} if step in mapping else {}
        if step in node.get("properties", {}):
            return dict(node["properties"][step])
        inner = node.get("items") if isinstance(step, int) else node.get("additionalProperties")
        return dict(inner) if isinstance(inner, dict) else {}

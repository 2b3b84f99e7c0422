"""Texts and numbers that a node makes of what is known of the caller."""

from __future__ import annotations

import re

from ivr.nodes.base import CALLER
from ivr.steps import Position, World

_NAME = re.compile(r"\{([A-Za-z][A-Za-z0-9_]{0,59})\}")


def known(name: str, position: Position, world: World) -> str:
    """The caller's number, or what a variable holds; empty where there is nothing."""
    return world.caller if name == CALLER else position.variables.get(name, "")


def worded(text: str, position: Position, world: World) -> str:
    """A text with every `{name}` replaced by what is known under it."""
    return _NAME.sub(lambda found: known(found[1], position, world), text)


def read_in(path: str, name: str) -> dict[str, str]:
    """The variable that a field names, by its YAML path; none where it is the caller's number."""
    return {} if name == CALLER else {path: name}


def read_in_text(path: str, text: str) -> dict[str, str]:
    """The variables that a text speaks of, by paths below its own."""
    names = dict.fromkeys(name for name in _NAME.findall(text) if name != CALLER)
    return {f"{path}.{index}": name for index, name in enumerate(names)}

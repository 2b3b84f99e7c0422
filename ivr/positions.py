"""One position of a caller in a flow made of another."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from calls.lifecycle import Outcome
from ivr.steps import Position


def move(position: Position, **counters: int | str) -> Position:
    """The same position with other `said`, `attempts` or `digits`; raises TypeError for a field that is none."""
    return msgspec.structs.replace(position, **counters)


def concluding(position: Position, outcome: Outcome | None) -> Position:
    """The same position, with what the call will have been if it ended now."""
    return position if outcome is None else msgspec.structs.replace(position, outcome=outcome)


def knowing(position: Position, variables: Mapping[str, str]) -> Position:
    """The same position with more variables."""
    return msgspec.structs.replace(position, variables={**position.variables, **variables})


def speaking(position: Position, language: str) -> Position:
    """The same position, for a caller who hears another language from here on."""
    return msgspec.structs.replace(position, language=language)


def entering(position: Position, node: str) -> Position:
    """At the beginning of another node, with all that is known of the caller."""
    return Position(node, 0, 0, position.language, position.outcome, "", position.variables, position.stack)

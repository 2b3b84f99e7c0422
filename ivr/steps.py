"""What a flow is told and what it answers: the words between a node and whoever carries the call.

A node's `step` gets the position, one input and the world, and answers with the next position and one action.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import msgspec

from calls.hours import HoursStatus
from calls.lifecycle import Outcome


class Position(msgspec.Struct, frozen=True, gc=False):
    """Where a caller is in a flow: data only, so that it can be stored and resumed.

    `said` counts the guidance texts of this node that were heard, `attempts` the tries at its menu.
    `outcome` is what the call will have been if it ended now without anything more.
    """

    node: str
    said: int = 0
    attempts: int = 0
    language: str = "ja"
    outcome: Outcome | None = None


# ---- inputs


class Entered(msgspec.Struct, frozen=True, gc=False):
    """The caller has just come to this node."""


class Played(msgspec.Struct, frozen=True, gc=False):
    """The guidance that the last action asked for was played to its end."""


class Key(msgspec.Struct, frozen=True, gc=False):
    """The caller pressed a key (also in the middle of a guidance)."""

    digit: str


class Silence(msgspec.Struct, frozen=True, gc=False):
    """Nothing was pressed for as long as the last `Listen` said."""


class Refused(msgspec.Struct, frozen=True, gc=False):
    """The queue did not keep the caller: `full`, `no_seats` or `timeout`."""

    reason: str


Input = Entered | Played | Key | Silence | Refused

# ---- actions


class Say(msgspec.Struct, frozen=True, gc=False):
    """Play one guidance text."""

    guidance: str


class Listen(msgspec.Struct, frozen=True, gc=False):
    """Wait for a key, at most so many seconds."""

    seconds: float


class Stay(msgspec.Struct, frozen=True, gc=False):
    """Nothing changes: whatever plays or listens goes on."""


class Goto(msgspec.Struct, frozen=True, gc=False):
    """Go on at another node."""

    node: str


class Enqueue(msgspec.Struct, frozen=True, gc=False):
    """Hand the caller to a queue of the project."""

    queue: str


class End(msgspec.Struct, frozen=True, gc=False):
    """The flow is over: hang up. `outcome` as the flow sees it."""

    outcome: Outcome


Action = Say | Listen | Stay | Goto | Enqueue | End


class Turn(msgspec.Struct, frozen=True, gc=False):
    """A node's answer to one input; it unpacks into its two parts."""

    position: Position
    action: Action

    def __iter__(self) -> Iterator[Any]:
        yield self.position
        yield self.action


class World(msgspec.Struct, frozen=True, gc=False):
    """What a flow may ask about: nothing else of the outside reaches a node."""

    hours: Callable[[], HoursStatus]
    number: str = ""
    caller: str = ""


def move(position: Position, *, said: int | None = None, attempts: int | None = None) -> Position:
    """The same position with other counters (msgspec.structs.replace costs five times as much)."""
    return Position(
        position.node,
        position.said if said is None else said,
        position.attempts if attempts is None else attempts,
        position.language,
        position.outcome,
    )


def concluding(position: Position, outcome: Outcome | None) -> Position:
    """The same position, with what the call will have been if it ended now."""
    if outcome is None:
        return position
    return Position(position.node, position.said, position.attempts, position.language, outcome)

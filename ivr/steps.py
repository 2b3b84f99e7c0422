"""What a flow is told and what it answers: the words between a node and whoever carries the call.

A node's `step` gets the position, one input and the world, and answers with the next position and one action.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from typing import Any

import msgspec

from calls.command import TargetKind
from calls.events import OverrideKind
from calls.hours import HoursStatus
from calls.lifecycle import Outcome


class Position(msgspec.Struct, frozen=True, gc=False):
    """Where a caller is in a flow: data only, so that it can be stored and resumed.

    `said` counts the guidance texts of this node that were heard, `attempts` the tries at its menu, `digits`
    are those typed so far. `outcome` is what the call will have been if it ended now without anything more.
    `variables` are never changed in place; `stack` holds the nodes to which the sub-flows entered return.
    """

    node: str
    said: int = 0
    attempts: int = 0
    language: str = "ja"
    outcome: Outcome | None = None
    digits: str = ""
    variables: dict[str, str] = {}
    stack: tuple[str, ...] = ()


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
    """The queue did not keep the caller.

    At once: `full`, `no_seats`, `long_wait` (the expected wait is too long) or `closing` (nobody could take his call
    before closing time any more). Later: `timeout`, or `closed` (closing time has come while he waited).
    """

    reason: str


class Done(msgspec.Struct, frozen=True, gc=False):
    """What the last action asked for is under way or done, and takes no time of the caller's."""


class NotReached(msgspec.Struct, frozen=True, gc=False):
    """The transfer reached nobody: `unanswered` or `unknown` (no such telephone)."""

    reason: str


class MessageTaken(msgspec.Struct, frozen=True, gc=False):
    """The caller has left a message of so many seconds (0: nothing was said)."""

    seconds: float


class PinTyped(msgspec.Struct, frozen=True, gc=False):
    """The caller of a service number has typed a PIN: the right one or not."""

    ok: bool


Input = Entered | Played | Key | Silence | Refused | Done | NotReached | MessageTaken | PinTyped

# ---- actions


class Say(msgspec.Struct, frozen=True, gc=False):
    """Play one guidance text; with `answer` off the call need not be answered for it (early media)."""

    guidance: str
    answer: bool = True


class Listen(msgspec.Struct, frozen=True, gc=False):
    """Wait for a key, at most so many seconds."""

    seconds: float


class Stay(msgspec.Struct, frozen=True, gc=False):
    """Nothing changes: whatever plays or listens goes on."""


class Goto(msgspec.Struct, frozen=True, gc=False):
    """Go on at another node."""

    node: str


class CallFlow(msgspec.Struct, frozen=True, gc=False):
    """Go through a sub-flow, and on at `next` when it returns."""

    flow: str
    next: str


class Enqueue(msgspec.Struct, frozen=True, gc=False):
    """Hand the caller to a queue of the project.

    `priority` comes on top of that of the queue. `keys`: those that he may press while he waits; the node answers.
    """

    queue: str
    priority: int = 0
    keys: tuple[str, ...] = ()


class End(msgspec.Struct, frozen=True, gc=False):
    """The flow is over: hang up. `outcome` as the flow sees it."""

    outcome: Outcome


class Transfer(msgspec.Struct, frozen=True, gc=False):
    """Ring a telephone for the caller: `target` is a seat's id, an extension's or an outside number."""

    kind: TargetKind
    target: str
    ring_s: float


class TakeMessage(msgspec.Struct, frozen=True, gc=False):
    """Record what the caller says, at most `max_s`, until he is silent for `silence_s` or presses a key."""

    max_s: float
    silence_s: float


class AskCallback(msgspec.Struct, frozen=True, gc=False):
    """Note that the caller is to be called back, with his place in the line of a queue."""

    queue: str
    number: str


class SendNotice(msgspec.Struct, frozen=True, gc=False):
    """Hand a text to a gateway; `to` is a telephone number, empty where the gateway knows whom to tell."""

    gateway: str
    to: str
    text: str


class SwitchHours(msgspec.Struct, frozen=True, gc=False):
    """Order that a project is closed, open or in its disaster flow until the end of the day (`none`: as usual)."""

    project: str
    kind: OverrideKind


Action = (
    Say
    | Listen
    | Stay
    | Goto
    | CallFlow
    | Enqueue
    | End
    | Transfer
    | TakeMessage
    | AskCallback
    | SendNotice
    | SwitchHours
)


class Turn(msgspec.Struct, frozen=True, gc=False):
    """A node's answer to one input; it unpacks into its two parts."""

    position: Position
    action: Action

    def __iter__(self) -> Iterator[Any]:
        yield self.position
        yield self.action


class QueueView(msgspec.Struct, frozen=True, gc=False):
    """A queue as a caller would find it now. `expected_wait` in seconds; None where nothing is known of it."""

    waiting: int = 0
    seats_free: int = 0
    expected_wait: float | None = None


def _no_queue(name: str) -> QueueView:
    return QueueView()


def _no_date() -> dt.date:
    return dt.date.min


def _not_listed(name: str, number: str) -> bool:
    return False


class World(msgspec.Struct, frozen=True, gc=False):
    """What a flow may ask about: nothing else of the outside reaches a node.

    `hours` takes the name of a set of hours ("" for the project's own), `queue` the name of a queue of the
    project; `today` is the project's local date; `listed` takes the name of a list of numbers and a number.
    """

    hours: Callable[[str], HoursStatus]
    number: str = ""
    caller: str = ""
    queue: Callable[[str], QueueView] = _no_queue
    today: Callable[[], dt.date] = _no_date
    listed: Callable[[str, str], bool] = _not_listed

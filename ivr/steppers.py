"""The reducers of the nodes that nearly every call passes, apart from what the YAML says of them: plain objects.

`ivr.flow_table` makes one of each node; the model of a node and its stepper are the two halves of one thing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from calls.lifecycle import OUTCOME, Outcome
from ivr.positions import concluding, move
from ivr.steps import Enqueue, Entered, Goto, Input, Key, Played, Position, Refused, Say, Stay, Turn, World

_STAY = Stay()
TURNED_AWAY: Mapping[str, Outcome] = {
    "full": Outcome.OVERFLOWED,
    "no_seats": Outcome.OVERFLOWED,
    "long_wait": Outcome.OVERFLOWED,
    "closing": Outcome.OVERFLOWED,
    "timeout": Outcome.TIMED_OUT,
    "closed": Outcome.TIMED_OUT,
}
"""What a call will have been if its caller hangs up after the line did not keep him for that reason."""
INSTEAD = {"long_wait": "full", "closing": "no_seats", "closed": "timeout"}
"""The way of another reason, where this one has none of its own."""


class Stepper:
    """A node's reducer."""

    def step(self, position: Position, given: Input, world: World) -> Turn:
        """The answer to one input; pure."""
        raise NotImplementedError


class ModelStepper(Stepper):
    """Of a node whose model has the reducer itself."""

    def __init__(self, step: Callable[[Position, Input, World], Turn]) -> None:
        self._step = step

    def step(self, position: Position, given: Input, world: World) -> Turn:
        """See `Stepper`."""
        return self._step(position, given, world)


class HoursStepper(Stepper):
    """Of `hours`: asks the clock once."""

    def __init__(self, calendar: str, is_open: str, closed: str) -> None:
        self._calendar = calendar
        self._open = Goto(is_open)
        self._closed = Goto(closed)

    def step(self, position: Position, given: Input, world: World) -> Turn:
        """See `Stepper`."""
        if world.hours(self._calendar).open:
            return Turn(position, self._open)
        return Turn(concluding(position, OUTCOME.CLOSED), self._closed)


class SayStepper(Stepper):
    """Of `say`: text after text; a key means that this text is enough, or nothing."""

    def __init__(
        self,
        guidance: tuple[str, ...],
        following: str,
        outcome: Outcome | None,
        *,
        answer: bool,
        interruptible: bool,
    ) -> None:
        self._says = [Say(text, answer) for text in guidance]
        self._on = Goto(following)
        self._outcome = outcome
        self._interruptible = interruptible

    def step(self, position: Position, given: Input, world: World) -> Turn:
        """See `Stepper`."""
        if type(given) is Entered:
            return Turn(position, self._says[0])
        if not (type(given) is Played or (self._interruptible and type(given) is Key)):
            return Turn(position, _STAY)
        said = position.said + 1
        if said < len(self._says):
            return Turn(move(position, said=said), self._says[said])
        return Turn(concluding(position, self._outcome), self._on)


class EnqueueStepper(Stepper):
    """Of `enqueue`: hand over, or go on where the line gave the caller back. `exits`: the ways that have a name."""

    def __init__(self, queue: str, priority: int, keys: Mapping[str, str], exits: Mapping[str, str]) -> None:
        self._into = Enqueue(queue, priority, tuple(keys))
        self._keys = {digit: Goto(node) for digit, node in keys.items()}
        self._ways = {
            reason: Goto(exits[reason if reason in exits else INSTEAD[reason]]) for reason in TURNED_AWAY
        }

    def step(self, position: Position, given: Input, world: World) -> Turn:
        """See `Stepper`."""
        if type(given) is Entered:
            return Turn(position, self._into)
        if isinstance(given, Refused):
            return Turn(concluding(position, TURNED_AWAY[given.reason]), self._ways[given.reason])
        if isinstance(given, Key) and given.digit in self._keys:
            return Turn(concluding(position, OUTCOME.ABANDONED_QUEUE), self._keys[given.digit])
        return Turn(position, _STAY)

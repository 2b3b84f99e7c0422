"""`enqueue`: into the waiting line of a queue.

line: {type: enqueue, queue: main, full: overload, no_seats: overload, timeout: overload}
"""

from __future__ import annotations

from typing import Literal

from calls.lifecycle import Outcome
from ivr.nodes.base import NodeModel
from ivr.steps import Enqueue as IntoLine
from ivr.steps import Entered, Goto, Input, Position, Refused, Stay, Turn, World, concluding

_TURNED_AWAY = {
    "full": Outcome.OVERFLOWED,
    "no_seats": Outcome.OVERFLOWED,
    "timeout": Outcome.TIMED_OUT,
}


class Enqueue(NodeModel):
    """Three ways back into the flow for a caller whom the line does not keep.

    Each has its outcome, for whoever hangs up before anything else has become of his call.
    """

    type: Literal["enqueue"]
    queue: str
    full: str
    no_seats: str
    timeout: str

    def step(self, position: Position, given: Input, world: World) -> Turn:
        """Hand over, or go on where the line gave the caller back."""
        if isinstance(given, Entered):
            return Turn(position, IntoLine(self.queue))
        if isinstance(given, Refused):
            return Turn(concluding(position, _TURNED_AWAY[given.reason]), Goto(self.exits()[given.reason]))
        return Turn(position, Stay())

    def exits(self) -> dict[str, str]:
        """The three ways back."""
        return {"full": self.full, "no_seats": self.no_seats, "timeout": self.timeout}

    def at_once(self) -> list[str]:
        """What a line says that does not even take the caller."""
        return [self.full, self.no_seats]

    def unasked(self) -> list[str]:
        """The same: a line that keeps the caller is a place of its own."""
        return [self.full, self.no_seats]

    def queues(self) -> dict[str, str]:
        """The queue."""
        return {"queue": self.queue}

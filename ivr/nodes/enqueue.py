"""`enqueue`: into the waiting line of a queue.

line: {type: enqueue, queue: main, full: overload, no_seats: overload, timeout: overload}
vip: {type: enqueue, queue: main, priority: 5, keys: {"1": line}, full: line, no_seats: line, timeout: overload}
"""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from ivr.nodes.base import Digit, NodeModel
from ivr.steppers import INSTEAD, TURNED_AWAY, EnqueueStepper, Stepper


class Enqueue(NodeModel):
    """The ways back into the flow for a caller whom the line does not keep, or who does not want to wait.

    `full`: as many wait as may wait. `no_seats`: nobody who could take his call is logged in. `timeout`: he has
    waited as long as one may. `long_wait`: he would have to wait too long (left out: as `full`). `closing`: nobody
    could take his call before closing time (left out: as `no_seats`). `closed`: closing time came while he waited
    (left out: as `timeout`). Each has its outcome, for whoever hangs up before anything else has become of his call;
    he called within the hours, so that it is never `closed`.

    `priority`: on top of that of the queue, for callers who come before the others. `keys`: what he may press while
    he waits, and where that leads; he keeps his place for when he comes back to the line, or asks for a call back.
    Who hangs up on that way has left the line without an answer, and counts as that.
    """

    type: Literal["enqueue"]
    queue: str
    priority: int = Field(default=0, ge=-9, le=9)
    keys: dict[Digit, str] = Field(default_factory=dict)
    full: str
    no_seats: str
    timeout: str
    long_wait: str | None = None
    closing: str | None = None
    closed: str | None = None

    def stepper(self) -> Stepper:
        """Hands over, or goes on where the line gave the caller back."""
        return EnqueueStepper(self.queue, self.priority, self.keys, self.exits())

    def _way(self, reason: str) -> str:
        exits = self.exits()
        return exits[reason if reason in exits else INSTEAD[reason]]

    def exits(self) -> dict[str, str]:
        """One way for each key, and those back that are named."""
        keys = {f"keys.{digit}": node for digit, node in self.keys.items()}
        return keys | {reason: node for reason in TURNED_AWAY if (node := getattr(self, reason))}

    def at_once(self) -> list[str]:
        """What a line says that does not even take the caller."""
        return list(dict.fromkeys(map(self._way, ("full", "no_seats", "long_wait", "closing"))))

    def unasked(self) -> list[str]:
        """The same: a line that keeps the caller is a place of its own."""
        return self.at_once()

    def queues(self) -> dict[str, str]:
        """The queue."""
        return {"queue": self.queue}

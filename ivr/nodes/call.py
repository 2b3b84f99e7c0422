"""`call`: through a sub-flow of the project, and on where it returns.

ask_number: {type: call, flow: ask_number, next: line}
"""

from __future__ import annotations

from typing import Literal

from ivr.nodes.base import PassingNode
from ivr.steps import CallFlow, Input, Position, Turn, World


class Call(PassingNode):
    """The sub-flow returns from each of its nodes that names `return` as where to go on.

    Whether the caller comes to `next` without any time passing, or unasked, is up to the sub-flow: see the checks of
    flows.
    """

    type: Literal["call"]
    flow: str

    def step(self, position: Position, given: Input, world: World) -> Turn:
        """Into the sub-flow."""
        return Turn(position, CallFlow(self.flow, self.next))

    def subflows(self) -> dict[str, str]:
        """The sub-flow."""
        return {"flow": self.flow}

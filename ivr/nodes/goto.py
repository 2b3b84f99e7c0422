"""`goto`: on at another node.

again: {type: goto, node: info}
"""

from __future__ import annotations

from typing import Literal

from ivr.nodes.base import NodeModel
from ivr.steps import Goto as GoOn
from ivr.steps import Input, Position, Turn, World


class Goto(NodeModel):
    """A name for a way that several nodes take."""

    type: Literal["goto"]
    node: str

    def step(self, position: Position, given: Input, world: World) -> Turn:
        """On at once."""
        return Turn(position, GoOn(self.node))

    def exits(self) -> dict[str, str]:
        """The one way on."""
        return {"node": self.node}

    def at_once(self) -> list[str]:
        """The same."""
        return [self.node]

    def unasked(self) -> list[str]:
        """The same."""
        return [self.node]

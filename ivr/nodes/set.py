"""`set`: notes something about the caller for later.

about_refunds: {type: set, variables: {subject: refund}, next: line}
"""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from ivr.nodes.base import PassingNode, Variable
from ivr.positions import knowing
from ivr.steps import Goto, Input, Position, Turn, World


class Set(PassingNode):
    """What stands in `variables` replaces what was known by the same names."""

    type: Literal["set"]
    variables: dict[Variable, str] = Field(min_length=1)

    def step(self, position: Position, given: Input, world: World) -> Turn:
        """Note it and go on."""
        return Turn(knowing(position, self.variables), Goto(self.next))

    def assigns(self) -> tuple[str, ...]:
        """All of them."""
        return tuple(self.variables)

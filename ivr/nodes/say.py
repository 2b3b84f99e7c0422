"""`say`: one or more guidance texts, then on.

notice: {type: say, guidance: recording_notice, next: line}
"""

from __future__ import annotations

from typing import Literal

from calls.lifecycle import Outcome
from ivr.nodes.base import NodeModel, SomeTexts, listed
from ivr.steps import Entered, Goto, Input, Played, Position, Stay, Turn, World, concluding, move
from ivr.steps import Say as Play


class Say(NodeModel):
    """`outcome`: what a caller who has heard all of it has got (`self_served`), if that is worth a name."""

    type: Literal["say"]
    guidance: SomeTexts
    next: str
    outcome: Outcome | None = None

    def step(self, position: Position, given: Input, world: World) -> Turn:
        """Text after text; keys mean nothing here."""
        if isinstance(given, Entered):
            return Turn(position, Play(self.guidance[0]))
        if not isinstance(given, Played):
            return Turn(position, Stay())
        said = position.said + 1
        if said < len(self.guidance):
            return Turn(move(position, said=said), Play(self.guidance[said]))
        return Turn(concluding(position, self.outcome), Goto(self.next))

    def exits(self) -> dict[str, str]:
        """The one way on."""
        return {"next": self.next}

    def unasked(self) -> list[str]:
        """The same."""
        return [self.next]

    def texts(self) -> dict[str, str]:
        """What is said."""
        return listed("guidance", self.guidance)

"""`message`: the caller leaves a recorded message after a beep.

leave_word: {type: message, prompt: after_the_beep, max_s: 120, silence_s: 5, next: thanks}
"""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from calls.lifecycle import Outcome
from ivr.nodes.base import NodeModel, SomeTexts, listed
from ivr.positions import concluding, move
from ivr.steps import (
    Entered,
    Goto,
    Input,
    MessageTaken,
    Played,
    Position,
    Say,
    Stay,
    TakeMessage,
    Turn,
    World,
)


class Message(NodeModel):
    """Any key, `silence_s` of silence or `max_s` end it; who hangs up has left what he said until then.

    A caller who has left a message has served himself, unless the flow says more of him later.
    """

    type: Literal["message"]
    prompt: SomeTexts
    max_s: float = Field(default=120.0, ge=1, le=3600)
    silence_s: float = Field(default=5.0, ge=1, le=60)
    next: str

    def step(self, position: Position, given: Input, world: World) -> Turn:
        """Say the prompt, take the message, go on; keys are for the recording, not for the flow."""
        match given:
            case Entered():
                return Turn(position, Say(self.prompt[0]))
            case Played():
                return self._played(position)
            case MessageTaken(seconds):
                left = Outcome.SELF_SERVED if seconds > 0 else None
                return Turn(concluding(position, left), Goto(self.next))
            case _:
                return Turn(position, Stay())

    def _played(self, position: Position) -> Turn:
        said = position.said + 1
        if said < len(self.prompt):
            return Turn(move(position, said=said), Say(self.prompt[said]))
        return Turn(move(position, said=said), TakeMessage(self.max_s, self.silence_s))

    def exits(self) -> dict[str, str]:
        """The one way on."""
        return {"next": self.next}

    def unasked(self) -> list[str]:
        """The same: silence ends a message."""
        return [self.next]

    def texts(self) -> dict[str, str]:
        """What is said before the beep."""
        return listed("prompt", self.prompt)

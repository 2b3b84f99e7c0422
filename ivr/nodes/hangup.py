"""`hangup`: an announced end.

goodbye: {type: hangup, guidance: thank_you}
overload: {type: hangup, guidance: all_lines_busy, outcome: overflowed, answer: false}
"""

from __future__ import annotations

from typing import Literal

from calls.lifecycle import Outcome
from ivr.nodes.base import NodeModel, Texts, listed
from ivr.positions import concluding, move
from ivr.steps import End, Entered, Input, Played, Position, Say, Stay, Turn, World


class HangUp(NodeModel):
    """`outcome` wins over what the way here has concluded; with neither, the caller served himself.

    `answer: false`: see `say`.
    """

    type: Literal["hangup"]
    guidance: Texts = ()
    outcome: Outcome | None = None
    answer: bool = True

    def step(self, position: Position, given: Input, world: World) -> Turn:
        """Say the farewell, then end; who hangs up before its end has the same outcome."""
        if not isinstance(given, Entered | Played):
            return Turn(position, Stay())
        position = concluding(position, self.outcome)
        said = position.said + 1 if isinstance(given, Played) else 0
        if said < len(self.guidance):
            return Turn(move(position, said=said), Say(self.guidance[said], self.answer))
        return Turn(position, End(position.outcome or Outcome.SELF_SERVED))

    def texts(self) -> dict[str, str]:
        """The farewell."""
        return listed("guidance", self.guidance)

"""`callback`: the caller asks to be called back; his place in the line is kept.

call_me: {type: callback, queue: main, number: caller, accepted: promised, refused: no_number}
"""

from __future__ import annotations

import re
from typing import Literal

from calls.lifecycle import Outcome
from ivr.nodes.base import NodeModel
from ivr.nodes.wording import known, read_in
from ivr.positions import concluding
from ivr.steps import AskCallback, Done, Entered, Goto, Input, Position, Stay, Turn, World

_CALLABLE = re.compile(r"^0[0-9]{8,10}$")


class Callback(NodeModel):
    """`number`: `caller`, or the variable that holds what he has typed. Without a usable one he goes to `refused`.

    Nobody has spoken to him yet: his call counts as `overflowed`, unless the flow says otherwise of him later.
    """

    type: Literal["callback"]
    queue: str
    number: str = "caller"
    accepted: str
    refused: str

    def step(self, position: Position, given: Input, world: World) -> Turn:
        """Note the wish, or refuse it, at once."""
        if isinstance(given, Entered):
            number = known(self.number, position, world)
            if not _CALLABLE.match(number):
                return Turn(position, Goto(self.refused))
            return Turn(position, AskCallback(self.queue, number))
        if isinstance(given, Done):
            return Turn(concluding(position, Outcome.OVERFLOWED), Goto(self.accepted))
        return Turn(position, Stay())

    def exits(self) -> dict[str, str]:
        """Both ways on."""
        return {"accepted": self.accepted, "refused": self.refused}

    def at_once(self) -> list[str]:
        """Both."""
        return [self.accepted, self.refused]

    def unasked(self) -> list[str]:
        """Both."""
        return [self.accepted, self.refused]

    def queues(self) -> dict[str, str]:
        """The queue in which he keeps his place."""
        return {"queue": self.queue}

    def reads(self) -> dict[str, str]:
        """The number, if it is a variable."""
        return read_in("number", self.number)

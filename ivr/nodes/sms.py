"""`sms`: a short message to the caller's telephone, through a gateway of the site.

send_address: {type: sms, gateway: sms, to: caller, text: "窓口: https://city.example/tax", next: told}
"""

from __future__ import annotations

import re
from typing import Literal

from pydantic import Field

from ivr.nodes.base import PassingNode
from ivr.nodes.wording import known, read_in, read_in_text, worded
from ivr.steps import Done, Entered, Goto, Input, Position, SendNotice, Stay, Turn, World

_CAN_BE_SENT_TO = re.compile(r"^(0[0-9]{8,10}|\+[1-9][0-9]{6,14})$")


class Sms(PassingNode):
    """`to`: `caller`, or the variable that holds a number. Who has no usable number is sent nothing, and goes on.

    The call does not wait: the text is queued and tried again until the gateway took it.
    """

    type: Literal["sms"]
    gateway: str
    to: str = "caller"
    text: str = Field(min_length=1, max_length=1000)

    def step(self, position: Position, given: Input, world: World) -> Turn:
        """Hand it over, then on, all at once."""
        if isinstance(given, Entered):
            number = known(self.to, position, world)
            if _CAN_BE_SENT_TO.match(number):
                return Turn(position, SendNotice(self.gateway, number, worded(self.text, position, world)))
        elif not isinstance(given, Done):
            return Turn(position, Stay())
        return Turn(position, Goto(self.next))

    def reads(self) -> dict[str, str]:
        """The number, if it is a variable, and those in the text."""
        return read_in("to", self.to) | read_in_text("text", self.text)

    def gateways(self) -> dict[str, str]:
        """The gateway."""
        return {"gateway": self.gateway}

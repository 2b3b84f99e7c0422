"""`notify`: tell somebody of the office, through a gateway of the site.

alarm: {type: notify, gateway: chat, text: "{caller} が時間外に書類番号 {DOCUMENT} を伝えました", next: thanks}
"""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from ivr.nodes.base import PassingNode
from ivr.nodes.wording import read_in_text, worded
from ivr.steps import Done, Entered, Goto, Input, Position, SendNotice, Stay, Turn, World


class Notify(PassingNode):
    """The gateway knows whom to tell. The call does not wait: the text is queued and tried again until it was taken."""

    type: Literal["notify"]
    gateway: str
    text: str = Field(min_length=1, max_length=4000)

    def step(self, position: Position, given: Input, world: World) -> Turn:
        """Hand it over, then on, all at once."""
        if isinstance(given, Entered):
            return Turn(position, SendNotice(self.gateway, "", worded(self.text, position, world)))
        return Turn(position, Goto(self.next) if isinstance(given, Done) else Stay())

    def reads(self) -> dict[str, str]:
        """Those in the text."""
        return read_in_text("text", self.text)

    def gateways(self) -> dict[str, str]:
        """The gateway."""
        return {"gateway": self.gateway}

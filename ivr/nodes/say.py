"""`say`: one or more guidance texts, then on.

notice: {type: say, guidance: recording_notice, next: line}
places: {type: say, guidance: [places_1, places_2], interruptible: true, next: goodbye}
"""

from __future__ import annotations

from typing import Literal

from calls.lifecycle import Outcome
from ivr.nodes.base import NodeModel, SomeTexts, listed
from ivr.steppers import SayStepper, Stepper


class Say(NodeModel):
    """`outcome`: what a caller who has heard all of it has got (`self_served`), if that is worth a name.

    `answer: false`: a call that was not answered yet stays so, and its caller is charged nothing, where the
    carrier's line allows it (`trunk.early_media` in site.yaml); else the call is answered as for any text.
    `interruptible`: any key goes on to the next text.
    """

    type: Literal["say"]
    guidance: SomeTexts
    next: str
    outcome: Outcome | None = None
    answer: bool = True
    interruptible: bool = False

    def stepper(self) -> Stepper:
        """Text after text."""
        return SayStepper(
            self.guidance, self.next, self.outcome, answer=self.answer, interruptible=self.interruptible
        )

    def exits(self) -> dict[str, str]:
        """The one way on."""
        return {"next": self.next}

    def unasked(self) -> list[str]:
        """The same."""
        return [self.next]

    def texts(self) -> dict[str, str]:
        """What is said."""
        return listed("guidance", self.guidance)

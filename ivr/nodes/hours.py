"""`hours`: inside or outside the project's opening hours.

gate: {type: hours, open: notice, closed: closed_info}
night_shift: {type: hours, calendar: reminders, open: line, closed: closed_info}
"""

from __future__ import annotations

from typing import Literal

from ivr.nodes.base import NodeModel
from ivr.steppers import HoursStepper, Stepper


class Hours(NodeModel):
    """Two ways on; who takes the closed one has the outcome `closed` unless something more happens.

    `calendar`: another set of hours of the project (`hours_sets`) than its own.
    """

    type: Literal["hours"]
    open: str
    closed: str
    calendar: str = ""

    def stepper(self) -> Stepper:
        """Asks the clock once."""
        return HoursStepper(self.calendar, self.open, self.closed)

    def exits(self) -> dict[str, str]:
        """Both ways."""
        return {"open": self.open, "closed": self.closed}

    def at_once(self) -> list[str]:
        """Both: the clock answers at once."""
        return [self.open, self.closed]

    def unasked(self) -> list[str]:
        """Both."""
        return [self.open, self.closed]

    def hours_sets(self) -> dict[str, str]:
        """The set of hours, where it is not the project's own."""
        return {"calendar": self.calendar} if self.calendar else {}

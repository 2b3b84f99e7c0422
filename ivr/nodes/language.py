"""`language`: all that the caller hears from here on is in another language.

in_english: {type: language, set: en, next: welcome}
"""

from __future__ import annotations

from typing import Literal

from ivr.nodes.base import PassingNode
from ivr.positions import speaking
from ivr.steps import Goto, Input, Position, Turn, World


class Language(PassingNode):
    """`set`: one of the `languages` that the project offers."""

    type: Literal["language"]
    set: str

    def step(self, position: Position, given: Input, world: World) -> Turn:
        """Note it and go on."""
        return Turn(speaking(position, self.set), Goto(self.next))

    def languages(self) -> dict[str, str]:
        """The language."""
        return {"set": self.set}

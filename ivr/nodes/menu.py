"""`menu`: a prompt and one key.

info: {type: menu, prompt: info_menu, keys: {"1": reissue, "9": info}, invalid: no_such_key, after: goodbye}
"""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from ivr.nodes.base import Digit, NodeModel, SomeTexts, listed
from ivr.positions import move
from ivr.steps import Entered, Goto, Input, Key, Listen, Played, Position, Say, Silence, Stay, Turn, World


class Menu(NodeModel):
    """A key may be pressed in the middle of the prompt.

    `timeout_s`: silence after the prompt before it is said again; `attempts`: how often it is said in all;
    `invalid`: a text said after a key that is not offered; `after`: where the caller goes when the attempts
    are used up.
    """

    type: Literal["menu"]
    prompt: SomeTexts
    keys: dict[Digit, str] = Field(min_length=1)
    timeout_s: float = Field(default=5.0, gt=0, le=60)
    attempts: int = Field(default=3, ge=1, le=10)
    invalid: str | None = None
    after: str

    def step(self, position: Position, given: Input, world: World) -> Turn:
        """`said` counts the prompt's texts; -1 while the text for a wrong key is said."""
        match given:
            case Entered():
                return Turn(position, Say(self.prompt[0]))
            case Key(digit) if digit in self.keys:
                return Turn(position, Goto(self.keys[digit]))
            case Key() if position.said < 0:
                return Turn(position, Stay())
            case Key():
                return self._again(position, self.invalid)
            case Silence():
                return self._again(position, None)
            case Played():
                return self._played(position)
            case _:
                return Turn(position, Stay())

    def _played(self, position: Position) -> Turn:
        said = position.said + 1
        if said < len(self.prompt):
            return Turn(move(position, said=said), Say(self.prompt[said]))
        return Turn(move(position, said=said), Listen(self.timeout_s))

    def _again(self, position: Position, told: str | None) -> Turn:
        attempts = position.attempts + 1
        if attempts >= self.attempts:
            return Turn(position, Goto(self.after))
        if told is None:
            return Turn(move(position, said=0, attempts=attempts), Say(self.prompt[0]))
        return Turn(move(position, said=-1, attempts=attempts), Say(told))

    def exits(self) -> dict[str, str]:
        """One way for each key, and one for when the attempts are used up."""
        return {f"keys.{digit}": node for digit, node in self.keys.items()} | {"after": self.after}

    def unasked(self) -> list[str]:
        """The way on when the attempts are used up."""
        return [self.after]

    def texts(self) -> dict[str, str]:
        """The prompt and the text for a wrong key."""
        told = {} if self.invalid is None else {"invalid": self.invalid}
        return listed("prompt", self.prompt) | told

"""`collect`: digits that the caller types into a variable.

notice_no: {type: collect, prompt: ask_notice_no, into: notice_no, length: 8, next: line, after: line}
code:
  type: collect
  prompt: ask_code
  into: code
  length: [4, 8]
  end: "#"
  invalid: too_short
  confirm: you_typed
  next: line
  after: line
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AfterValidator, BeforeValidator, Field

from ivr.builtin_texts import CONFIRM_KEYS, digit_text
from ivr.nodes.base import Digit, NodeModel, SomeTexts, Variable, listed
from ivr.positions import knowing, move
from ivr.steps import Entered, Goto, Input, Key, Listen, Played, Position, Say, Silence, Stay, Turn, World

MOST_DIGITS = 40
ACCEPT, AGAIN = "1", "2"
_DIGITS = "0123456789"


def _both(value: object) -> object:
    both = [value, value] if isinstance(value, int) else value
    if not isinstance(both, list | tuple) or len(both) != 2:
        raise ValueError("`length` is a number of digits, like 8, or the least and the most, like [4, 8]")
    return both


def _in_order(length: tuple[int, int]) -> tuple[int, int]:
    if length[0] > length[1]:
        raise ValueError("`length` is the least and then the most digits, like [4, 8]")
    return length


def _no_digit(key: str) -> str:
    if key in _DIGITS:
        raise ValueError("`end` is # or *: a digit belongs to the number")
    return key


Length = Annotated[
    tuple[
        Annotated[int, Field(ge=1, le=MOST_DIGITS, strict=True)],
        Annotated[int, Field(ge=1, le=MOST_DIGITS, strict=True)],
    ],
    BeforeValidator(_both, json_schema_input_type=int | list[int]),
    AfterValidator(_in_order),
]
"""The least and the most digits; a number alone is both."""


class Collect(NodeModel):
    """Digits count also in the middle of the prompt. The entry is over with the last digit that there can be, with
    the key `end`, or with silence.

    `timeout_s`: silence after the prompt or a digit before that; `attempts`: how often the caller may begin;
    `invalid`: a text said after an entry that is too short or has a key that is no digit; `confirm`: a text said
    before the digits are read back, then 1 accepts them and 2 begins again; `after`: where the caller goes when the
    attempts are used up.
    """

    type: Literal["collect"]
    prompt: SomeTexts
    into: Variable
    length: Length
    end: Annotated[Digit, AfterValidator(_no_digit)] | None = "#"
    timeout_s: float = Field(default=5.0, gt=0, le=60)
    attempts: int = Field(default=3, ge=1, le=10)
    invalid: str | None = None
    confirm: str | None = None
    next: str
    after: str

    def step(self, position: Position, given: Input, world: World) -> Turn:
        """`said` counts the prompt's texts, then those of the confirmation; -1 while `invalid` is said."""
        match given:
            case Entered():
                return Turn(position, Say(self.prompt[0]))
            case Played():
                return self._played(position)
            case Key(digit) if self._confirming(position):
                return self._answered(position, digit)
            case Key(digit) if digit in _DIGITS:
                return self._typed(position, digit)
            case Key(digit):
                return self._finished(position, digit)
            case Silence() if self._confirming(position):
                return self._ask_again(position)
            case Silence():
                return self._over(position)
            case _:
                return Turn(position, Stay())

    # ---- the entry

    def _played(self, position: Position) -> Turn:
        said = position.said + 1
        if self._confirming(position):
            return self._read_back(position, said)
        if said > len(self.prompt):
            return Turn(position, Stay())  # it listens already
        if said < len(self.prompt):
            return Turn(move(position, said=said), Say(self.prompt[said]))
        return Turn(move(position, said=said), Listen(self.timeout_s))

    def _typed(self, position: Position, digit: str) -> Turn:
        position = move(position, said=len(self.prompt), digits=position.digits + digit)
        if len(position.digits) >= self.length[1]:
            return self._complete(position)
        return Turn(position, Listen(self.timeout_s))

    def _finished(self, position: Position, key: str) -> Turn:
        """A key that is no digit."""
        if position.said < 0:
            return Turn(position, Stay())
        if key == self.end and len(position.digits) >= self.length[0]:
            return self._complete(position)
        return self._again(position, self.invalid)

    def _over(self, position: Position) -> Turn:
        """Nothing more was typed in time; who has typed nothing at all is asked once more."""
        if len(position.digits) >= self.length[0]:
            return self._complete(position)
        return self._again(position, self.invalid if position.digits else None)

    def _complete(self, position: Position) -> Turn:
        if self.confirm is None:
            return self._accepted(position)
        return self._read_back(position, len(self.prompt) + 1)

    def _accepted(self, position: Position) -> Turn:
        return Turn(knowing(position, {self.into: position.digits}), Goto(self.next))

    def _again(self, position: Position, told: str | None) -> Turn:
        attempts = position.attempts + 1
        if attempts >= self.attempts:
            return Turn(position, Goto(self.after))
        said, text = (0, self.prompt[0]) if told is None else (-1, told)
        return Turn(move(position, said=said, attempts=attempts, digits=""), Say(text))

    # ---- the confirmation

    def _confirming(self, position: Position) -> bool:
        return position.said > len(self.prompt)

    def _read_back(self, position: Position, said: int) -> Turn:
        texts = [self.confirm or "", *map(digit_text, position.digits), CONFIRM_KEYS]
        index = said - len(self.prompt) - 1
        action = Say(texts[index]) if index < len(texts) else Listen(self.timeout_s)
        return Turn(move(position, said=said), action)

    def _answered(self, position: Position, key: str) -> Turn:
        if key == ACCEPT:
            return self._accepted(position)
        return self._again(position, None) if key == AGAIN else Turn(position, Stay())

    def _ask_again(self, position: Position) -> Turn:
        attempts = position.attempts + 1
        if attempts >= self.attempts:
            return Turn(position, Goto(self.after))
        return self._read_back(move(position, attempts=attempts), len(self.prompt) + 1)

    # ---- for the checks

    def exits(self) -> dict[str, str]:
        """On with the digits, or without them."""
        return {"next": self.next, "after": self.after}

    def unasked(self) -> list[str]:
        """The way on when the attempts are used up."""
        return [self.after]

    def texts(self) -> dict[str, str]:
        """The prompt, the text for a wrong entry, and all that the confirmation may say."""
        told = {} if self.invalid is None else {"invalid": self.invalid}
        if self.confirm is not None:
            told["confirm"] = self.confirm
            told |= {f"confirm.{text}": text for text in (*map(digit_text, _DIGITS), CONFIRM_KEYS)}
        return listed("prompt", self.prompt) | told

    def assigns(self) -> tuple[str, ...]:
        """The one variable."""
        return (self.into,)

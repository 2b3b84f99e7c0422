"""`transfer`: ring one telephone for the caller, without a queue.

office: {type: transfer, to: {extension: "35"}, ring_s: 20, unanswered: sorry}
"""

from __future__ import annotations

import re
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from ivr.nodes.base import NodeModel
from ivr.steps import Entered, Goto, Input, NotReached, Position, Stay, Turn, World
from ivr.steps import Transfer as Ring

_EXTENSION = re.compile(r"[0-9]{1,10}")
_DIGITS_ONLY = Field(json_schema_extra={"pattern": "^[0-9]{1,10}$"})
_OUTSIDE = re.compile(r"^(\+[1-9][0-9]{6,14}|[0-9]{3,11})$")


def _dialled(number: str) -> str:
    digits = re.sub(r"[-() ]", "", number)
    if not _OUTSIDE.match(digits):
        raise ValueError("an outside number is written as it is dialled, like 048-123-4567")
    return digits


def _extension(digits: str) -> str:
    if not _EXTENSION.fullmatch(digits):
        raise ValueError(f"'{digits}' is no extension; write its digits (at most 10), like \"35\"")
    return digits


class Target(BaseModel):
    """Whom to ring: exactly one of the four. `variable` holds the digits of an extension (a directory)."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    seat: str | None = None
    extension: Annotated[str, AfterValidator(_extension), _DIGITS_ONLY] | None = None
    variable: str | None = None
    outside: Annotated[str, AfterValidator(_dialled)] | None = None

    @model_validator(mode="after")
    def _exactly_one(self) -> Target:
        given = [name for name in type(self).model_fields if getattr(self, name) is not None]
        if len(given) != 1:
            raise ValueError("a transfer goes to one of: seat, extension, variable, outside")
        return self


class Transfer(NodeModel):
    """A telephone that is busy, refuses or does not answer within `ring_s` leads to `unanswered`.

    `unknown`: digits that are nobody's extension; without it they lead to `unanswered` too.
    """

    type: Literal["transfer"]
    to: Target
    ring_s: float = Field(default=20.0, gt=0, le=180)
    unanswered: str
    unknown: str | None = None

    @model_validator(mode="after")
    def _directory(self) -> Transfer:
        if self.to.variable is not None and self.unknown is None:
            raise ValueError("'unknown' is missing here: where does a caller go whose digits are nobody's?")
        return self

    def step(self, position: Position, given: Input, world: World) -> Turn:
        """Ring, or go on where nobody was reached; keys mean nothing meanwhile."""
        if isinstance(given, Entered):
            return Turn(position, self._ring(position))
        if isinstance(given, NotReached):
            unknown = given.reason == "unknown" and self.unknown is not None
            return Turn(position, Goto(self.exits()["unknown" if unknown else "unanswered"]))
        return Turn(position, Stay())

    def _ring(self, position: Position) -> Ring:
        to = self.to
        if to.seat is not None:
            return Ring("seat", to.seat, self.ring_s)
        if to.outside is not None:
            return Ring("outside", to.outside, self.ring_s)
        extension = to.extension or position.variables.get(to.variable or "", "")
        return Ring("extension", extension, self.ring_s)

    def exits(self) -> dict[str, str]:
        """Where a caller goes who reached nobody."""
        return {"unanswered": self.unanswered} | ({} if self.unknown is None else {"unknown": self.unknown})

    def at_once(self) -> list[str]:
        """Both: a telephone may be busy or away."""
        return list(self.exits().values())

    def unasked(self) -> list[str]:
        """Both."""
        return list(self.exits().values())

    def reads(self) -> dict[str, str]:
        """The digits of a directory."""
        return {} if self.to.variable is None else {"to.variable": self.to.variable}

    def seats(self) -> dict[str, str]:
        """The seat, if it is one."""
        return {} if self.to.seat is None else {"to.seat": self.to.seat}

    def extensions(self) -> dict[str, str]:
        """The extension, if it is one."""
        return {} if self.to.extension is None else {"to.extension": self.to.extension}

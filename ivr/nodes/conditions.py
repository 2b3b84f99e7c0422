"""The conditions of a `branch`: each is a mapping with exactly one of the keys below.

{number: 048-000-1229}                             the number that was dialled
{caller_in: city_offices}                          the caller's number is in a list of the project
{withheld: true}                                   the caller shows no number
{language: en}                                     what the caller hears is in this language
{variable: {name: subject, equals: refund}}        what a `set` or a `collect` has noted
{queue_length: {queue: main, at_least: 20}}        so many callers wait
{expected_wait: {queue: main, at_least_s: 600}}    so long a new caller would wait, as far as it is known
{seats_free: {queue: main, at_least: 1}}           so many operators would answer at once
{date: {from: 2026-05-01, to: 2026-05-31}}         the project's local date; both days are included
"""

from __future__ import annotations

import datetime as dt
import re
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from ivr.nodes.base import Variable
from ivr.steps import Position, World


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


def _digits(number: str) -> str:
    return re.sub(r"[-() ]", "", number)


class VariableIs(_Model):
    """A variable that was never set equals nothing, not even an empty text."""

    name: Variable
    equals: str

    def holds(self, position: Position, world: World) -> bool:
        """Whether it is so."""
        return position.variables.get(self.name) == self.equals


class QueueLength(_Model):
    """Callers who wait in a queue."""

    queue: str
    at_least: int = Field(ge=1)

    def holds(self, position: Position, world: World) -> bool:
        """Whether there are so many."""
        return world.queue(self.queue).waiting >= self.at_least


class ExpectedWait(_Model):
    """How long a caller who came now would wait; where nothing is known of it, it does not hold."""

    queue: str
    at_least_s: float = Field(gt=0)

    def holds(self, position: Position, world: World) -> bool:
        """Whether it is so long."""
        expected = world.queue(self.queue).expected_wait
        return expected is not None and expected >= self.at_least_s


class SeatsFree(_Model):
    """Seats that could take a call of a queue at once."""

    queue: str
    at_least: int = Field(default=1, ge=1)

    def holds(self, position: Position, world: World) -> bool:
        """Whether there are so many."""
        return world.queue(self.queue).seats_free >= self.at_least


class Dates(_Model):
    """From one day to another, both included."""

    first: dt.date = Field(alias="from")
    last: dt.date = Field(alias="to")

    @model_validator(mode="after")
    def _in_order(self) -> Dates:
        if self.last < self.first:
            raise ValueError(f"`to` ({self.last}) is before `from` ({self.first}): no day is meant")
        return self

    def holds(self, position: Position, world: World) -> bool:
        """Whether today is one of these days."""
        return self.first <= world.today() <= self.last


class Condition(_Model):
    """Exactly one of its fields is given."""

    number: Annotated[str, AfterValidator(_digits)] | None = None
    caller_in: str | None = None
    withheld: bool | None = None
    language: str | None = None
    variable: VariableIs | None = None
    queue_length: QueueLength | None = None
    expected_wait: ExpectedWait | None = None
    seats_free: SeatsFree | None = None
    date: Dates | None = None

    @model_validator(mode="after")
    def _one(self) -> Condition:
        given = [name for name in type(self).model_fields if getattr(self, name) is not None]
        if len(given) != 1:
            told = " and ".join(given) or "nothing"
            known = ", ".join(type(self).model_fields)
            raise ValueError(f"a condition has exactly one of {known}; here is {told}")
        return self

    def holds(self, position: Position, world: World) -> bool:
        """Whether it holds for a caller at a position."""
        if self.number is not None:
            return world.number == self.number
        if self.caller_in is not None:
            return world.listed(self.caller_in, world.caller)
        if self.withheld is not None:
            return (not world.caller) is self.withheld
        if self.language is not None:
            return position.language == self.language
        asked = self.variable or self.queue_length or self.expected_wait or self.seats_free or self.date
        return asked is not None and asked.holds(position, world)

    def names(self) -> dict[str, tuple[str, str]]:
        """What it names, by its YAML path: the kind (`queue`, `variable` or its own key) and the name."""
        found: dict[str, tuple[str, str]] = {}
        for key in ("number", "caller_in", "language"):
            if (name := getattr(self, key)) is not None:
                found[key] = (key, name)
        for key in ("queue_length", "expected_wait", "seats_free"):
            if (about := getattr(self, key)) is not None:
                found[f"{key}.queue"] = ("queue", about.queue)
        if self.variable is not None:
            found["variable.name"] = ("variable", self.variable.name)
        return found

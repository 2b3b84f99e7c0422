"""`branch`: one way or another, by what is known of the caller, the queues and the day.

who: {type: branch, cases: [{when: {withheld: true}, to: hello}, {when: {caller_in: city}, to: line}], otherwise: hello}
crowd: {type: branch, cases: [{when: {queue_length: {queue: main, at_least: 20}}, to: busy}], otherwise: line}
"""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from ivr.nodes.base import NodeModel
from ivr.nodes.conditions import Condition
from ivr.steps import Goto, Input, Position, Turn, World


class Case(BaseModel):
    """Where the caller goes if the condition holds."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    when: Condition
    to: str


class Branch(NodeModel):
    """The first case that holds wins."""

    type: Literal["branch"]
    cases: tuple[Case, ...] = Field(min_length=1)
    otherwise: str

    def step(self, position: Position, given: Input, world: World) -> Turn:
        """Ask each condition in turn."""
        for case in self.cases:
            if case.when.holds(position, world):
                return Turn(position, Goto(case.to))
        return Turn(position, Goto(self.otherwise))

    def exits(self) -> dict[str, str]:
        """One way for each case, and one for when none of them holds."""
        ways = {f"cases.{index}.to": case.to for index, case in enumerate(self.cases)}
        return ways | {"otherwise": self.otherwise}

    def at_once(self) -> list[str]:
        """All of them."""
        return [*self.exits().values()]

    def unasked(self) -> list[str]:
        """All of them."""
        return [*self.exits().values()]

    def queues(self) -> dict[str, str]:
        """The queues that are looked at."""
        return self._named("queue")

    def number_lists(self) -> dict[str, str]:
        """The lists in which the caller is looked for."""
        return self._named("caller_in")

    def languages(self) -> dict[str, str]:
        """The languages that are asked for."""
        return self._named("language")

    def dialled(self) -> dict[str, str]:
        """The numbers that are asked for."""
        return self._named("number")

    def reads(self) -> dict[str, str]:
        """The variables that are asked for."""
        return self._named("variable")

    def _named(self, kind: str) -> dict[str, str]:
        """What the conditions name of one kind, by where it stands."""
        return {
            f"cases.{index}.when.{path}": name
            for index, case in enumerate(self.cases)
            for path, (of, name) in case.when.names().items()
            if of == kind
        }

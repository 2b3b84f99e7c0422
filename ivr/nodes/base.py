"""What every node type has in common."""

from __future__ import annotations

import re
from typing import Annotated

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field

from ivr.steppers import ModelStepper, Stepper
from ivr.steps import Input, Position, Turn, World

_VARIABLE = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,59}")
_KEYS = "0123456789*#"
CALLER = "caller"
"""Where a variable may stand, this word is the number that the caller calls from."""


def _as_list(value: object) -> object:
    return [value] if isinstance(value, str) else value


Texts = Annotated[tuple[str, ...], BeforeValidator(_as_list, json_schema_input_type=str | list[str])]
"""One guidance id or a list of them."""

SomeTexts = Annotated[Texts, Field(min_length=1)]
"""The same, but not an empty list."""


def _key(digit: str) -> str:
    if len(digit) != 1 or digit not in _KEYS:
        raise ValueError(f"'{digit}' is no key of a telephone; write one of 0-9, * and #")
    return digit


def _variable(name: str) -> str:
    if not _VARIABLE.fullmatch(name):
        raise ValueError(f"'{name}' is no variable; write a letter, then letters, 0-9 and _ (at most 60)")
    if name == CALLER:
        raise ValueError(f"'{CALLER}' is the caller's own number; give the variable another name")
    return name


Digit = Annotated[str, AfterValidator(_key)]
"""A key of the telephone."""

Variable = Annotated[str, AfterValidator(_variable)]
"""The name of a variable that a flow sets."""


class NodeModel(BaseModel):
    """A node: what the YAML says of it, and `step`, its reducer."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)

    def step(self, position: Position, given: Input, world: World) -> Turn:
        """The answer to one input; pure. A node has this, or a `stepper` of its own."""
        return self.stepper().step(position, given, world)

    def stepper(self) -> Stepper:
        """The reducer by itself."""
        return ModelStepper(self.step)

    def exits(self) -> dict[str, str]:
        """The nodes that can follow, by the YAML path (joined by dots) that names them."""
        return {}

    def at_once(self) -> list[str]:
        """The nodes that can follow without any time passing."""
        return []

    def unasked(self) -> list[str]:
        """The nodes that can follow though the caller does nothing (a line that keeps him is not one)."""
        return []

    def texts(self) -> dict[str, str]:
        """The guidance ids that can be heard here, by the YAML path that names them."""
        return {}

    def queues(self) -> dict[str, str]:
        """The queues used here, by the YAML path that names them."""
        return {}

    def subflows(self) -> dict[str, str]:
        """The sub-flows called here, by the YAML path that names them."""
        return {}

    def hours_sets(self) -> dict[str, str]:
        """The sets of hours asked here (not the project's own), by the YAML path that names them."""
        return {}

    def number_lists(self) -> dict[str, str]:
        """The lists of numbers asked here, by the YAML path that names them."""
        return {}

    def languages(self) -> dict[str, str]:
        """The languages named here, by the YAML path that names them."""
        return {}

    def dialled(self) -> dict[str, str]:
        """The numbers of the project that are named here, by the YAML path that names them."""
        return {}

    def seats(self) -> dict[str, str]:
        """The seats rung here, by the YAML path that names them."""
        return {}

    def extensions(self) -> dict[str, str]:
        """The numbers of the extensions rung here, by the YAML path that names them."""
        return {}

    def gateways(self) -> dict[str, str]:
        """The gateways of the site used here, by the YAML path that names them."""
        return {}

    def assigns(self) -> tuple[str, ...]:
        """The variables that a caller can have after this node."""
        return ()

    def reads(self) -> dict[str, str]:
        """The variables that are asked for here, by the YAML path that names them."""
        return {}


class PassingNode(NodeModel):
    """A node that the caller passes without noticing: one way on, and no time taken."""

    next: str

    def exits(self) -> dict[str, str]:
        """The one way on."""
        return {"next": self.next}

    def at_once(self) -> list[str]:
        """The same."""
        return [self.next]

    def unasked(self) -> list[str]:
        """The same."""
        return [self.next]


def listed(path: str, texts: tuple[str, ...]) -> dict[str, str]:
    """The guidance ids of a list (or of a single one) by their YAML paths."""
    return {f"{path}.{index}": text for index, text in enumerate(texts)}

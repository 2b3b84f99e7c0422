"""What every node type has in common."""

from __future__ import annotations

from abc import abstractmethod
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from ivr.steps import Input, Position, Turn, World


def _as_list(value: object) -> object:
    return [value] if isinstance(value, str) else value


Texts = Annotated[tuple[str, ...], BeforeValidator(_as_list)]
"""One guidance id or a list of them."""

SomeTexts = Annotated[Texts, Field(min_length=1)]
"""The same, but not an empty list."""


class NodeModel(BaseModel):
    """A node: what the YAML says of it, and `step`, its reducer."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)

    @abstractmethod
    def step(self, position: Position, given: Input, world: World) -> Turn:
        """The answer to one input; pure."""

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


def listed(path: str, texts: tuple[str, ...]) -> dict[str, str]:
    """The guidance ids of a list (or of a single one) by their YAML paths."""
    return {f"{path}.{index}": text for index, text in enumerate(texts)}

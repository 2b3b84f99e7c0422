"""`config/extensions.yaml`: telephones that calls are transferred to and that take none from a queue."""

from __future__ import annotations

from typing import Literal, NamedTuple

from pydantic import BaseModel, ConfigDict, field_validator, model_validator

from engine.number_plan import NumberPlan
from engine.ranges import expand_ids, expand_numbers
from ivr.loader import shaped
from ivr.yaml_marks import Document

Via = Literal["phone", "trunk"]


class Extension(NamedTuple):
    """One telephone; `number` is what is dialled.

    `via`: `phone` registers with us by its `id`; `trunk` stands behind the client's own exchange, where the
    carrier's line leads.
    """

    id: str
    number: str
    name: str = ""
    via: Via = "phone"


class ExtensionGroup(BaseModel):
    """One telephone (`id: ext35, number: "35"`) or a range (`id: f1000-f1049, number: 1000-1049`)."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str
    number: str
    name: str = ""
    via: Via = "phone"

    @field_validator("id")
    @classmethod
    def _ids(cls, ids: str) -> str:
        expand_ids(ids)
        return ids

    @field_validator("number")
    @classmethod
    def _numbers(cls, numbers: str) -> str:
        expand_numbers(numbers)
        return numbers

    @model_validator(mode="after")
    def _as_many(self) -> ExtensionGroup:
        ids, numbers = len(expand_ids(self.id)), len(expand_numbers(self.number))
        if ids != numbers:
            raise ValueError(f"the range of `id` has {ids} telephones, that of `number` has {numbers}")
        return self

    def expanded(self) -> list[Extension]:
        """The single telephones."""
        pairs = zip(expand_ids(self.id), expand_numbers(self.number), strict=True)
        return [Extension(id_, number, self.name, self.via) for id_, number in pairs]


class ExtensionsFile(BaseModel):
    """The whole file."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    extensions: tuple[ExtensionGroup, ...] = ()


def listed_extensions(document: Document, taken: set[str], plan: NumberPlan | None = None) -> list[Extension]:
    """Every telephone of the file; ids that are `taken` and numbers given twice are noted in the document.

    `plan`: the numbers that others have already.
    """
    file = shaped(document, ExtensionsFile)
    found: list[Extension] = []
    ids, numbers = set(taken), plan or NumberPlan()
    for index, group in enumerate(file.extensions if file else ()):
        for one in group.expanded():
            if one.id in ids:
                document.complain(("extensions", index, "id"), f"the telephone '{one.id}' is there already")
            numbers.give(document, ("extensions", index, "number"), one.number, "extension", one.id)
            ids.add(one.id)
            found.append(one)
    return found

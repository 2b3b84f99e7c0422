"""`config/extensions.yaml`: telephones that calls are transferred to and that take none from a queue."""

from __future__ import annotations

import re
from typing import Literal, NamedTuple

from pydantic import BaseModel, ConfigDict, field_validator, model_validator

from engine.seats_file import expand_ids
from ivr.loader import shaped
from ivr.yaml_marks import Document

_NUMBERS = re.compile(r"^([0-9]{1,10})(?:-([0-9]{1,10}))?$")
_MOST = 10_000

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


def expand_numbers(numbers: str) -> list[str]:
    """`1000-1002` -> 1000, 1001, 1002; a single number stays what it is.

    Raises ValueError for anything else: both ends of a range have as many digits.
    """
    found = _NUMBERS.match(numbers)
    first, last = (found[1], found[2] or found[1]) if found else ("1", "0")
    if len(first) != len(last) or not 0 <= int(last) - int(first) < _MOST:
        raise ValueError(
            f"'{numbers}' is no number; write digits, or 1000-1049 for a range, at both ends as many"
        )
    return [f"{number:0{len(first)}}" for number in range(int(first), int(last) + 1)]


def listed_extensions(document: Document, taken: set[str]) -> list[Extension]:
    """Every telephone of the file; ids that are `taken` and numbers given twice are noted in the document."""
    file = shaped(document, ExtensionsFile)
    found: list[Extension] = []
    ids, numbers = set(taken), set[str]()
    for index, group in enumerate(file.extensions if file else ()):
        for one in group.expanded():
            if one.id in ids:
                document.complain(("extensions", index, "id"), f"the telephone '{one.id}' is there already")
            if one.number in numbers:
                document.complain(
                    ("extensions", index, "number"), f"the number '{one.number}' is given twice"
                )
            ids.add(one.id)
            numbers.add(one.number)
            found.append(one)
    return found

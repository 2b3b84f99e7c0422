"""Which short number is whose: seats, people and extensions share one space, so that each leads to one of them."""

from __future__ import annotations

import re

from ivr.yaml_marks import Document, Place

OUTSIDE = re.compile(r"0[0-9]{8,10}")
"""A number that is dialled on the carrier's line: the national form, with its leading 0."""


class NumberPlan:
    """The numbers given so far. Star codes begin with * and can be nobody's."""

    def __init__(self) -> None:
        self._owners: dict[str, tuple[str, str]] = {}

    def give(self, document: Document, place: Place, number: str, kind: str, owner: str) -> None:
        """Note that `owner` (an id) of a `kind` gets a number; a mistake is noted in the document at the place."""
        had_by = self._owners.setdefault(number, (kind, owner))
        if had_by != (kind, owner):
            whose = "" if had_by[0] == kind else f": the {had_by[0]} '{had_by[1]}' has it"
            document.complain(place, f"the number '{number}' is given twice{whose}")
        elif OUTSIDE.fullmatch(number):
            document.complain(place, f"'{number}' is a number outside; give a shorter one")

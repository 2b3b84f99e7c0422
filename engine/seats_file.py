"""`config/seats.yaml`: the places with a telephone, and whose calls they take."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from pydantic import BaseModel, ConfigDict, field_validator, model_validator

from engine.centre import SeatPlan
from engine.number_plan import NumberPlan
from engine.ranges import expand_ids, expand_numbers
from engine.serving import Serving, check_serving
from ivr.loader import shaped
from ivr.project import Project
from ivr.yaml_marks import Document


class SeatGroup(Serving):
    """`ids` is one seat (`seat01`) or a range (`seat01-seat34`) whose seats take the calls of `projects`.

    `number`, or `numbers` for a range (201-234): what colleagues dial to reach it. `auto_answer`: the telephone picks
    up by itself (headset). `personal`: it takes calls only once a person has logged in.
    """

    ids: str
    number: str = ""
    numbers: str = ""
    auto_answer: bool = False
    personal: bool = False

    @field_validator("ids")
    @classmethod
    def _one_or_a_range(cls, ids: str) -> str:
        expand_ids(ids)
        return ids

    @field_validator("number", "numbers")
    @classmethod
    def _numbers(cls, numbers: str) -> str:
        expand_numbers(numbers)
        return numbers

    @model_validator(mode="after")
    def _as_many(self) -> SeatGroup:
        if self.number and self.numbers:
            raise ValueError(
                "`number` is that of one seat, `numbers` those of a range; write only one of them"
            )
        ids, numbers = len(self.expanded()), len(self.dialled())
        if numbers not in (0, ids):
            raise ValueError(f"the range of `ids` has {ids} seats, that of their numbers has {numbers}")
        return self

    def expanded(self) -> list[str]:
        """The ids of the single seats."""
        return expand_ids(self.ids)

    def dialled(self) -> list[str]:
        """The numbers of the single seats, in the order of their ids; empty where they have none."""
        written = self.number or self.numbers
        return expand_numbers(written) if written else []

    def plans(self) -> Iterator[SeatPlan]:
        """The single seats."""
        numbers = self.dialled() or [""] * len(self.expanded())
        for seat, number in zip(self.expanded(), numbers, strict=True):
            yield SeatPlan(
                seat,
                self.projects,
                number,
                self.skill_table(),
                self.supervises,
                self.auto_answer,
                self.personal,
            )


class SeatsFile(BaseModel):
    """The whole file."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    seats: tuple[SeatGroup, ...]


def listed_seats(
    document: Document, projects: Mapping[str, Project] | None, numbers: NumberPlan
) -> dict[str, SeatPlan]:
    """Every seat of the file by its id; what is wrong is noted in the document.

    `projects`: None where they could not be read, so that nothing can be said of their names.
    """
    file = shaped(document, SeatsFile)
    plans: dict[str, SeatPlan] = {}
    for index, group in enumerate(file.seats if file else ()):
        if projects is not None:
            check_serving(document, ("seats", index), group, projects)
        for plan in group.plans():
            if plan.id in plans:
                document.complain(("seats", index, "ids"), f"the seat '{plan.id}' stands here a second time")
            elif plan.number:
                key = "number" if group.number else "numbers"
                numbers.give(document, ("seats", index, key), plan.number, "seat", plan.id)
            plans[plan.id] = plan
    return plans

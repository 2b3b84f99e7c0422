"""`config/people.yaml`: who works here, by the number that is typed to log in, and what each of them can do."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

from pydantic import BaseModel, ConfigDict, field_validator, model_validator

from engine.centre import Person, Role
from engine.number_plan import NumberPlan
from engine.ranges import PERSON, expand_ids, expand_numbers
from engine.serving import Serving, check_serving
from ivr.loader import shaped
from ivr.project import Project
from ivr.yaml_marks import Document


class PersonGroup(Serving):
    """One person (`id: op101, number: "101"`) or a range (`id: op101-op134, number: 101-134`).

    `number`: what is typed to log in. `role`: `operator`, `leader` or `supervisor`.
    """

    id: str
    number: str
    role: Role = "operator"

    @field_validator("id")
    @classmethod
    def _ids(cls, ids: str) -> str:
        expand_ids(ids, PERSON)
        return ids

    @field_validator("number")
    @classmethod
    def _numbers(cls, numbers: str) -> str:
        expand_numbers(numbers)
        return numbers

    @model_validator(mode="after")
    def _as_many(self) -> PersonGroup:
        ids, numbers = len(expand_ids(self.id, PERSON)), len(expand_numbers(self.number))
        if ids != numbers:
            raise ValueError(f"the range of `id` has {ids} people, that of `number` has {numbers}")
        return self

    def people(self) -> Iterator[Person]:
        """The single people."""
        skills = self.skill_table()
        for id_, number in zip(expand_ids(self.id, PERSON), expand_numbers(self.number), strict=True):
            yield Person(id_, number, self.name, self.projects, skills, self.supervises, self.role)


class PeopleFile(BaseModel):
    """The whole file."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    people: tuple[PersonGroup, ...] = ()


def listed_people(
    document: Document, projects: Mapping[str, Project] | None, seats: Collection[str], numbers: NumberPlan
) -> dict[str, Person]:
    """Everybody in the file by his id; what is wrong is noted in the document.

    `projects`: None where they could not be read. `seats`: ids that are taken, since a shift plan has both.
    """
    file = shaped(document, PeopleFile)
    people: dict[str, Person] = {}
    for index, group in enumerate(file.people if file else ()):
        place = ("people", index)
        if projects is not None:
            check_serving(document, place, group, projects)
        if group.supervises and group.role == "operator":
            told = "an operator supervises nobody; write `role: leader` or `role: supervisor`"
            document.complain((*place, "supervises"), told)
        for person in group.people():
            if person.id in people:
                document.complain((*place, "id"), f"the person '{person.id}' stands here a second time")
            elif person.id in seats:
                document.complain((*place, "id"), f"'{person.id}' is the id of a seat; give another one")
            else:
                numbers.give(document, (*place, "number"), person.number, "person", person.id)
            people[person.id] = person
    return people

"""`config/shifts.yaml`: who should be there on which days and hours."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from itertools import combinations
from pathlib import Path
from typing import Annotated

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationInfo,
    field_validator,
    model_validator,
)

from calls.hours import DAY_MIN, WEEKDAYS, Span
from engine.centre import Centre
from engine.ranges import PERSON, expand_ids
from ivr.hours_model import Spans, Weekdays, weekday_numbers
from ivr.loader import shaped
from ivr.messages import nearest
from ivr.yaml_marks import ConfigurationError, Document, Place, read


def _as_list(value: object) -> object:
    return [value] if isinstance(value, str) else value


_Hours = Annotated[Spans, BeforeValidator(_as_list)]


class ShiftEntry(BaseModel):
    """`who`: people or seats, one or a range or a list. `hours` and `breaks`: local times of `project`, if it is named.

    `project`: nobody is expected on days on which it is closed. `from`, `to`: the first and the last day.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    who: Annotated[tuple[str, ...], BeforeValidator(_as_list), Field(min_length=1)]
    days: Annotated[tuple[Weekdays, ...], BeforeValidator(_as_list), Field(min_length=1)]
    hours: Annotated[_Hours, Field(min_length=1)]
    breaks: _Hours = ()
    project: str = ""
    from_: dt.date | None = Field(default=None, alias="from")
    to: dt.date | None = None

    @field_validator("who")
    @classmethod
    def _who(cls, who: tuple[str, ...]) -> tuple[str, ...]:
        for ids in who:
            expand_ids(ids, PERSON)
        return who

    @field_validator("breaks")
    @classmethod
    def _inside(cls, breaks: tuple[Span, ...], info: ValidationInfo) -> tuple[Span, ...]:
        """Each break lies in the hours; that of a night shift may lie on the next day."""
        hours: tuple[Span, ...] = info.data.get("hours", ())
        return tuple(_inside_of(hours, pause) for pause in breaks) if hours else breaks

    @model_validator(mode="after")
    def _in_order(self) -> ShiftEntry:
        if self.from_ and self.to and self.from_ > self.to:
            raise ValueError("`to` lies before `from`: nobody would ever be expected")
        return self

    def ids(self) -> Iterator[tuple[int, str]]:
        """Everybody who is meant, with his place in `who`."""
        for index, ids in enumerate(self.who):
            for one in expand_ids(ids, PERSON):
                yield index, one

    def weekdays(self) -> frozenset[int]:
        """0 is Monday."""
        return frozenset(day for name in self.days for day in weekday_numbers(name))

    def meets(self, other: ShiftEntry) -> str:
        """The weekday on which both would have somebody at work at the same time; empty if there is none."""
        if (self.to and other.from_ and self.to < other.from_) or (
            other.to and self.from_ and other.to < self.from_
        ):
            return ""
        both = (day for day in sorted(self.weekdays()) if self._overlaps(other, day))
        return next((WEEKDAYS[day] for day in both), "")

    def _overlaps(self, other: ShiftEntry, day: int) -> bool:
        """Whether the hours that begin on a weekday run at the same time as some of the other's."""
        return any(
            mine.start < theirs.end + shift and theirs.start + shift < mine.end
            for step, shift in ((-1, -DAY_MIN), (0, 0), (1, DAY_MIN))
            if (day + step) % 7 in other.weekdays()
            for mine in self.hours
            for theirs in other.hours
        )


def _holds(span: Span, pause: Span) -> bool:
    return span.start <= pause.start and pause.end <= span.end


def _inside_of(hours: tuple[Span, ...], pause: Span) -> Span:
    later = Span(pause.start + DAY_MIN, pause.end + DAY_MIN)
    for meant in (pause, later):
        if any(_holds(span, meant) for span in hours):
            return meant
    raise ValueError("a break lies outside of the hours")


class ShiftsFile(BaseModel):
    """The whole file."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    shifts: tuple[ShiftEntry, ...] = ()


def load_shifts(file: Path, centre: Centre | None) -> tuple[ShiftEntry, ...]:
    """The shift plan; without the file nobody is expected.

    `centre`: None where it could not be read, so that nothing can be said of names. Raises ConfigurationError.
    """
    if not file.exists():
        return ()
    document = read(file)
    found = shaped(document, ShiftsFile)
    shifts = found.shifts if found else ()
    for index, entry in enumerate(shifts):
        if centre is not None:
            _known(document, ("shifts", index), entry, centre)
    _twice(document, shifts)
    if document.problems:
        raise ConfigurationError(document.problems)
    return shifts


def _known(document: Document, place: Place, entry: ShiftEntry, centre: Centre) -> None:
    names = [*centre.people, *centre.plans]
    for index, one in entry.ids():
        if one not in centre.people and one not in centre.plans:
            told = f"there is no person '{one}' in people.yaml, and no such seat in seats.yaml{nearest(one, names)}"
            document.complain((*place, "who", index), told)
            break  # of a whole range that is not there, one is enough
    if entry.project and entry.project not in centre.projects:
        told = f"there is no project '{entry.project}'{nearest(entry.project, centre.projects)}"
        document.complain((*place, "project"), told)


def _twice(document: Document, shifts: tuple[ShiftEntry, ...]) -> None:
    """Whoever is expected by two entries at the same time; told once for each two entries."""
    people = [frozenset(one for _, one in entry.ids()) for entry in shifts]
    for (first, early), (second, late) in combinations(enumerate(shifts), 2):
        if (both := people[first] & people[second]) and (day := early.meets(late)):
            told = f"'{min(both)}' is expected on {day} at the same time by an entry above"
            document.complain(("shifts", second, "who"), told)

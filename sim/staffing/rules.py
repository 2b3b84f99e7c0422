"""The rules file of a shift plan: who can work when, as its YAML says it."""

from __future__ import annotations

import re
from itertools import pairwise
from pathlib import Path
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from engine.ranges import PERSON, expand_ids
from ivr.hours_model import Weekdays, weekday_numbers
from ivr.loader import load
from sim.staffing.labour import EDGE, MOST_A_WEEK_H, MOST_DAYS, unlawful, usual_break

GRID = 15
"""Shifts begin, end and pause at quarters of an hour."""
_TIME = re.compile(r"^([01][0-9]|2[0-4]):(00|15|30|45)$")


def _minute(value: Any) -> int:
    if isinstance(value, int) and not isinstance(value, bool):
        return value  # read already
    found = _TIME.match(value) if isinstance(value, str) else None
    if found is None or (minute := int(found[1]) * 60 + int(found[2])) > 24 * 60:
        raise ValueError("a time is written at a quarter of an hour, like 08:30 or 17:15")
    return minute


def _as_list(value: object) -> object:
    return [value] if isinstance(value, str | int | float) else value


def _on_grid(hours: float) -> float:
    if (hours * 60) % GRID:
        raise ValueError(f"{hours:g} hours do not end at a quarter of an hour; write 8.75 or 4.5")
    return hours


def _person(ids: str) -> str:
    expand_ids(ids, PERSON)
    return ids


Minute = Annotated[int, BeforeValidator(_minute)]
Hours = Annotated[float, Field(gt=0, le=13), AfterValidator(_on_grid)]


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Break(_Model):
    """A break of so many `minutes`; all of it lies `between` two times of the day."""

    minutes: Annotated[int, Field(ge=GRID, le=120, multiple_of=GRID, strict=True)]
    between: tuple[Minute, Minute] = (0, 24 * 60)

    @model_validator(mode="after")
    def _fits(self) -> Break:
        if self.between[1] - self.between[0] < self.minutes:
            raise ValueError(f"a break of {self.minutes} minutes does not fit between these two times")
        return self


class Staff(_Model):
    """People who work by the same rules.

    `people`: how many there are; or `who`: their names in config/people.yaml. `start`: the earliest and the latest time
    of coming, `every` so many minutes. `hours`: from coming to leaving, breaks included; one length or several.
    `breaks`: where they are not given, the shortest that the law has, at any time (see `sim.staffing.labour`).
    `days`: on which they can be asked to come. `max_hours_a_week`: of work, breaks not counted.
    `cost_per_hour`: of work, in yen or whatever.
    """

    name: Annotated[str, Field(min_length=1)]
    people: Annotated[int, Field(ge=1, le=10_000, strict=True)] | None = None
    who: Annotated[tuple[Annotated[str, AfterValidator(_person)], ...], BeforeValidator(_as_list)] = ()
    start: Annotated[tuple[Minute, ...], BeforeValidator(_as_list), Field(min_length=1, max_length=2)]
    every: Annotated[int, Field(ge=GRID, le=240, multiple_of=GRID, strict=True)] = 30
    hours: Annotated[tuple[Hours, ...], BeforeValidator(_as_list), Field(min_length=1)]
    breaks: tuple[Break, ...] | None = None
    days: Annotated[tuple[Weekdays, ...], BeforeValidator(_as_list), Field(min_length=1)] = ("mon-sun",)
    max_hours_a_week: Annotated[float, Field(gt=0, le=MOST_A_WEEK_H)] = MOST_A_WEEK_H
    max_days_a_week: Annotated[int, Field(ge=1, le=MOST_DAYS, strict=True)] = 5
    cost_per_hour: Annotated[float, Field(gt=0)] = 1.0

    @model_validator(mode="after")
    def _whole(self) -> Staff:
        if (self.people is None) == (not self.who):
            raise ValueError("give `people` (how many) or `who` (their names)")
        if self.start[0] > self.start[-1]:
            raise ValueError("`start` has the earliest time first, then the latest")
        if self.start[-1] + max(self.hours) * 60 > 24 * 60:
            raise ValueError("the last shift would end after midnight, which cannot be planned here")
        for hours in self.hours:
            if told := self._unlawful(hours):
                raise ValueError(told)
        return self

    @model_validator(mode="after")
    def _breaks_in_turn(self) -> Staff:
        for first, second in pairwise(self.breaks or ()):
            if first.between[1] > second.between[0]:
                raise ValueError("the times of one break reach into those of the next; set them apart")
        return self

    def _unlawful(self, hours: float) -> str:
        presence = int(hours * 60)
        breaks = self.breaks_of(presence)
        if told := unlawful(presence, sum(one.minutes for one in breaks)):
            return f"{hours:g} hours: {told}"
        if (presence - sum(one.minutes for one in breaks)) / 60 > self.max_hours_a_week:
            return f"{hours:g} hours are more than `max_hours_a_week` on a single day"
        return ""

    def breaks_of(self, presence: int) -> tuple[Break, ...]:
        """The breaks of a shift of so many minutes."""
        if self.breaks is not None:
            return self.breaks
        minutes = usual_break(presence)
        return (Break(minutes=minutes),) if minutes else ()

    @property
    def names(self) -> list[str]:
        """Everybody by name; where nobody is named, "NAME 1", "NAME 2", ..."""
        if self.who:
            return [one for ids in self.who for one in expand_ids(ids, PERSON)]
        return [f"{self.name} {number}" for number in range(1, (self.people or 0) + 1)]

    def weekdays(self) -> frozenset[int]:
        """0 is Monday."""
        return frozenset(day for name in self.days for day in weekday_numbers(name))


class Rules(_Model):
    """The whole file."""

    staff: Annotated[tuple[Staff, ...], Field(min_length=1)]

    @model_validator(mode="after")
    def _once(self) -> Rules:
        names = [staff.name for staff in self.staff]
        if twice := {name for name in names if names.count(name) > 1}:
            raise ValueError(f"'{min(twice)}' stands here a second time: each kind of staff has its own name")
        people = [one for staff in self.staff for one in staff.names]
        if both := {one for one in people if people.count(one) > 1}:
            raise ValueError(f"'{min(both)}' is named twice: everybody belongs to one kind of staff")
        return self

    @property
    def priced(self) -> bool:
        """Whether the costs are in money: they are all 1 where nobody gave them."""
        return any("cost_per_hour" in staff.model_fields_set for staff in self.staff)


def load_rules(path: Path) -> Rules:
    """The rules of a file; raises ConfigurationError with every mistake as FILE:LINE:COLUMN."""
    return load(path, Rules)


__all__ = ["EDGE", "GRID", "Break", "Rules", "Staff", "load_rules"]

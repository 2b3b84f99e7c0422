"""Who is there and when, as a scenario's YAML says it."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import (
    BeforeValidator,
    Discriminator,
    Field,
    Tag,
    ValidationInfo,
    field_validator,
    model_validator,
)

from calls.hours import DAY_MIN
from sim.scenario.words import (
    MOST_SEATS,
    Count,
    Day,
    HalfHour,
    Model,
    TimeOfDay,
    Weekday,
    given,
    minute,
)

STAFFINGS = ("by_half_hour", "by_date", "shifts")
NOBODY = "nobody is ever there: give at least one half-hour a seat"


class Break(Model):
    """A break of so many minutes, from `at` on or after the call in progress then.

    `groups`: those of the shift go in so many groups, one after the other.
    """

    at: TimeOfDay
    minutes: Annotated[int, Field(ge=1, le=480, strict=True)]
    groups: Annotated[int, Field(ge=1, le=100, strict=True)] = 1

    @property
    def end(self) -> int:
        """The minute of the day at which the last group is back."""
        return minute(self.at) + self.groups * self.minutes


class Shift(Model):
    """So many operators, from a time of day to another on some days: weekdays, or dates.

    Each has a seat of his own, which nobody of another shift uses.
    """

    seats: Annotated[int, Field(ge=1, le=MOST_SEATS, strict=True)]
    start: TimeOfDay = Field(alias="from")
    end: TimeOfDay = Field(alias="to")
    days: tuple[Weekday, ...] | None = None
    dates: tuple[Day, ...] | None = None
    breaks: tuple[Break, ...] = ()

    @field_validator("end")
    @classmethod
    def _in_order(cls, end: str, read: ValidationInfo) -> str:
        start = read.data.get("start", "00:00")
        if minute(end) <= minute(start):
            told = "write a shift over midnight as two"
            raise ValueError(f"`to` ({end}) is not after `from` ({start}); {told}")
        return end

    @field_validator("breaks")
    @classmethod
    def _inside(cls, breaks: tuple[Break, ...], read: ValidationInfo) -> tuple[Break, ...]:
        free, end = minute(read.data.get("start", "00:00")), minute(read.data.get("end", "24:00"))
        for one in sorted(breaks, key=lambda one: minute(one.at)):
            if minute(one.at) < free or one.end > end:
                raise ValueError(f"the break at {one.at} is not inside the shift, or overlaps with another")
            free = one.end
        return breaks

    @model_validator(mode="after")
    def _on_some_days(self) -> Shift:
        if self.days is not None and self.dates is not None:
            raise ValueError("give `days` or `dates`, not both")
        if self.days == () or self.dates == ():
            raise ValueError("this shift is on no day")
        if self.breaks and day_and_night(self):
            raise ValueError("nobody works day and night: write shifts of some hours, each with its breaks")
        return self


def day_and_night(shift: Shift) -> bool:
    """Whether a shift has neither beginning nor end on its days."""
    return (minute(shift.start), minute(shift.end)) == (0, DAY_MIN)


class SeatsPlan(Model):
    """One of three. `by_half_hour`: seats staffed in each half-hour of every day; none in one that is not named.

    `by_date`: the same for each date; nobody on any other. `shifts`: groups of operators with their hours.
    """

    by_half_hour: Annotated[dict[HalfHour, Count], Field(min_length=1)] | None = None
    by_date: Annotated[dict[Day, dict[HalfHour, Count]], Field(min_length=1)] | None = None
    shifts: Annotated[tuple[Shift, ...], Field(min_length=1)] | None = None

    @model_validator(mode="after")
    def _somebody(self) -> SeatsPlan:
        told = given(self, STAFFINGS)
        if len(told) != 1:
            raise ValueError(
                f"give one of {', '.join(STAFFINGS)}; {' and '.join(told) or 'nothing'} is given"
            )
        days = [self.by_half_hour] if self.by_half_hour is not None else [*(self.by_date or {}).values()]
        if self.shifts is None and not any(count for day in days for count in day.values()):
            raise ValueError(NOBODY)
        if sum(shift.seats for shift in self.shifts or ()) > MOST_SEATS:
            raise ValueError(f"the shifts have more than {MOST_SEATS} operators together")
        return self


def _somebody_there(value: object) -> object:
    if value == 0 and isinstance(value, int) and not isinstance(value, bool):
        raise ValueError("nobody would ever answer: `seats` has to be at least 1")
    return value


def _kind_of_seats(value: Any) -> str:
    return "plan" if isinstance(value, dict | SeatsPlan) else "number"


Seats = Annotated[
    Annotated[int, Field(ge=1, le=MOST_SEATS, strict=True), BeforeValidator(_somebody_there), Tag("number")]
    | Annotated[SeatsPlan, Tag("plan")],
    Discriminator(_kind_of_seats),
]

"""A scenario: what is to be simulated, as its YAML file says it. All durations are in seconds."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path
from typing import Annotated, Any

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Discriminator,
    Field,
    Tag,
    model_validator,
)

from calls.hours import WEEKDAYS
from ivr.loader import shaped
from ivr.yaml_marks import ConfigurationError, Document, read
from sim.distributions import Amount, Duration

FIRST_DAY = dt.date(2026, 4, 1)
"""The day on which a scenario begins that does not say `from`: the first of a Japanese fiscal year."""

_HALF_HOUR = re.compile(r"^([01][0-9]|2[0-3]):(00|30)$")
Count = Annotated[int, Field(ge=0, le=10_000, strict=True)]
Share = Annotated[float, Field(ge=0, le=1, strict=True)]


def _half_hour(text: str) -> str:
    if not _HALF_HOUR.match(text):
        raise ValueError(f"'{text}' is no half-hour; write 09:00 or 09:30")
    return text


def _weekday(text: str) -> str:
    if text not in WEEKDAYS:
        raise ValueError(f"'{text}' is no weekday; write one of {', '.join(WEEKDAYS)}")
    return text


def _day(value: object) -> object:
    # A bare number would be taken for seconds since 1970.
    if not isinstance(value, str | dt.date):
        raise ValueError("a day is written 2026-05-07")
    return value


Day = Annotated[dt.date, BeforeValidator(_day)]
HalfHour = Annotated[str, AfterValidator(_half_hour)]
Weekday = Annotated[str, AfterValidator(_weekday)]
Digit = Annotated[str, Field(pattern=r"^[0-9*#]$")]


def minute(half_hour: str) -> int:
    """'09:30' -> 570."""
    return int(half_hour[:2]) * 60 + int(half_hour[3:])


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


class ArrivalsPlan(_Model):
    """Exactly one of the four.

    `per_hour`: callers an hour while the project is open (a bare queue: always).
    `by_half_hour`: callers in each half-hour named, on each day that is open at all, also outside its hours.
    `by_weekday`: callers on each weekday, evenly over the opening hours.
    `file`: a CSV with a column `at` (see `sim.observed`). The other three are means of Poisson numbers.
    """

    per_hour: Amount | None = None
    by_half_hour: dict[HalfHour, Amount] | None = None
    by_weekday: dict[Weekday, Amount] | None = None
    file: str | None = None

    @model_validator(mode="after")
    def _one(self) -> ArrivalsPlan:
        given = [name for name in type(self).model_fields if getattr(self, name) is not None]
        if len(given) != 1:
            told = " and ".join(given) or "nothing"
            raise ValueError(f"give one of per_hour, by_half_hour, by_weekday, file; {told} is given")
        return self


class SeatsPlan(_Model):
    """Seats staffed in each half-hour of every day; none in a half-hour that is not named."""

    by_half_hour: dict[HalfHour, Count] = Field(min_length=1)

    @model_validator(mode="after")
    def _somebody(self) -> SeatsPlan:
        if not any(self.by_half_hour.values()):
            raise ValueError("nobody is ever there: give at least one half-hour a seat")
        return self


class FlowHabits(_Model):
    """What callers do in the flow.

    `hang_up`: the share that hangs up somewhere in the first guidance. `keys`: the share of each key that is
    pressed when a menu waits; the rest press nothing.
    """

    hang_up: Share = 0.0
    keys: dict[Digit, Share] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _together(self) -> FlowHabits:
        if sum(self.keys.values()) > 1 + 1e-9:
            raise ValueError("the shares of `keys` are more than 1 together")
        return self


def _kind_of_seats(value: Any) -> str:
    return "plan" if isinstance(value, dict | SeatsPlan) else "number"


Seats = Annotated[
    Annotated[int, Field(ge=1, le=10_000, strict=True), Tag("number")] | Annotated[SeatsPlan, Tag("plan")],
    Discriminator(_kind_of_seats),
]


class Scenario(_Model):
    """One scenario; without `project` a bare queue in which a free seat answers at once.

    `from`: the first day (FIRST_DAY, or that of the first call of a file); `to`: the last day on which anybody calls.
    `calls`: so many arrive.
    `ring`: how long operators let it ring (a project: 3 s, a bare queue: 0 s).
    `wrapup`: what the operators need; a project's own limit caps it.
    `patience`: begins in the line; where it is not given, callers wait for ever.
    `lines`: of the trunk; where they are not given, the project's own, or no limit.
    `promise`: of a bare queue (0.9), by the standard definition of `calls.promise`.
    """

    project: str | None = None
    seed: Annotated[int, Field(strict=True)] = 1
    calls: Annotated[int, Field(ge=1, le=100_000_000, strict=True)] | None = None
    first: Day | None = Field(default=None, alias="from")
    last: Day | None = Field(default=None, alias="to")
    arrivals: ArrivalsPlan
    handle: Duration
    wrapup: Duration = Duration(mean=0.0)
    patience: Duration | None = None
    ring: Duration | None = None
    flow: FlowHabits = FlowHabits()
    seats: Seats
    lines: Annotated[int, Field(ge=1, strict=True)] | None = None
    promise: Annotated[float, Field(gt=0, le=1, strict=True)] | None = None
    folder: Path = Field(default=Path(), exclude=True)

    @model_validator(mode="after")
    def _whole(self) -> Scenario:
        if self.calls is None and self.last is None and self.arrivals.file is None:
            raise ValueError("give `calls` (how many arrive) or `to` (the last day)")
        if self.last is not None and self.last < self.start:
            raise ValueError(f"`to` ({self.last}) is before `from` ({self.start})")
        if self.project and self.promise is not None:
            raise ValueError("`promise` is for a bare queue; a project has its own in its file")
        return self

    @property
    def start(self) -> dt.date:
        """The first day."""
        return self.first or FIRST_DAY

    def seats_by_minute(self) -> int | dict[int, int]:
        """A number for all day, or one for each half-hour (by its first minute)."""
        if isinstance(self.seats, int):
            return self.seats
        return {minute(name): count for name, count in self.seats.by_half_hour.items()}

    def find(self, name: str) -> Path:
        """A file that the scenario names: beside the scenario, or from the current folder."""
        beside = self.folder / name
        return beside if beside.exists() else Path(name)


def load_scenario(path: Path) -> Scenario:
    """The scenario of a file; raises ConfigurationError with every mistake as FILE:LINE:COLUMN."""
    document = read(path)
    if isinstance(document.data, dict) and "folder" in document.data:
        document.complain(("folder",), "'folder' means nothing here")
    scenario = shaped(document, Scenario)
    if scenario is None or document.problems:
        raise ConfigurationError(document.problems)
    scenario = scenario.model_copy(update={"folder": path.parent})
    _files_exist(document, scenario)
    if document.problems:
        raise ConfigurationError(document.problems)
    return scenario


def _files_exist(document: Document, scenario: Scenario) -> None:
    named: dict[tuple[str, ...], str | None] = {
        ("project",): scenario.project,
        ("arrivals", "file"): scenario.arrivals.file,
    }
    for name in ("handle", "wrapup", "patience", "ring"):
        duration: Duration | None = getattr(scenario, name)
        named[(name, "file")] = duration.file if duration else None
    for place, file in named.items():
        if file is not None and not scenario.find(file).is_file():
            document.complain(
                place, f"there is no file '{file}', neither beside the scenario nor in this folder"
            )

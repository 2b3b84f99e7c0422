"""A scenario: what is to be simulated, as its YAML file says it. All durations are in seconds."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Annotated

from pydantic import Field, ValidationInfo, field_validator, model_validator

from ivr.loader import shaped
from ivr.yaml_marks import ConfigurationError, Document, read
from sim.distributions import Duration
from sim.scenario.arrivals import ArrivalsPlan
from sim.scenario.checks import check_files, check_project
from sim.scenario.people import Balking, FlowHabits, Handle, Operators, Redial
from sim.scenario.seats import Seats, SeatsPlan
from sim.scenario.words import Day, Model

__all__ = ["FIRST_DAY", "ArrivalsPlan", "Scenario", "SeatsPlan", "load_scenario"]

FIRST_DAY = dt.date(2026, 4, 1)
"""The day on which a scenario begins that does not say `from`: the first of a Japanese fiscal year."""

OURS = ("folder", "remarks")
"""Fields that no file gives."""


class Scenario(Model):
    """One scenario; without `project` a bare queue in which a free seat answers at once.

    `from`: the first day (FIRST_DAY, or that of the first call of a file, or of `by_date`); `to`: the last day on which
    anybody calls.
    `calls`: so many arrive, not counting those who try again.
    `ring`: how long operators let it ring (a project: 3 s, a bare queue: 0 s).
    `wrapup`: what the operators need; a project's own limit caps it.
    `patience`: begins in the line; where it is not given, callers wait for ever.
    `lines`: of the trunk; where they are not given, the project's own, or no limit.
    `promise`: of a bare queue (0.9), by the standard definition of `calls.promise`.
    `remarks`: what `load_scenario` found strange in the file, each as FILE:LINE:COLUMN; nobody has to read them.
    """

    project: str | None = None
    seed: Annotated[int, Field(strict=True)] = 1
    calls: Annotated[int, Field(ge=1, le=100_000_000, strict=True)] | None = None
    first: Day | None = Field(default=None, alias="from")
    last: Day | None = Field(default=None, alias="to")
    arrivals: ArrivalsPlan
    redial: Redial | None = None
    handle: Handle
    wrapup: Duration = Duration(mean=0.0)
    patience: Duration | None = None
    balking: Balking | None = None
    ring: Duration | None = None
    flow: FlowHabits = FlowHabits()
    operators: Operators = Operators()
    seats: Seats
    lines: Annotated[int, Field(ge=1, strict=True)] | None = None
    promise: Annotated[float, Field(gt=0, le=1, strict=True)] | None = None
    folder: Path = Field(default=Path(), exclude=True)
    remarks: tuple[str, ...] = Field(default=(), exclude=True)

    @field_validator("last")
    @classmethod
    def _in_order(cls, last: dt.date | None, read: ValidationInfo) -> dt.date | None:
        first = read.data.get("first")
        if last is not None and first is not None and last < first:
            raise ValueError(f"`to` ({last}) is before `from` ({first})")
        return last

    @model_validator(mode="after")
    def _whole(self) -> Scenario:
        if self.calls is None and self.end is None and self.arrivals.file is None:
            raise ValueError("give `calls` (how many arrive) or `to` (the last day)")
        if self.end is not None and self.end < self.start:
            raise ValueError(f"`to` ({self.end}) is before `from` ({self.start})")
        if self.project and self.promise is not None:
            raise ValueError("`promise` is for a bare queue; a project has its own in its file")
        return self

    @property
    def start(self) -> dt.date:
        """The first day."""
        return self.first or min(self.arrivals.by_date or (FIRST_DAY,))

    @property
    def end(self) -> dt.date | None:
        """The last day on which anybody calls; None: until all `calls` have come."""
        return self.last or max(self.arrivals.by_date or (), default=None)

    def find(self, name: str) -> Path:
        """A file that the scenario names: beside the scenario, or from the current folder."""
        beside = self.folder / name
        return beside if beside.exists() else Path(name)


def load_scenario(path: Path) -> Scenario:
    """The scenario of a file; raises ConfigurationError with every mistake as FILE:LINE:COLUMN.

    What is strange but can be simulated stands in its `remarks`. A mistake in the project's own file is told as well.
    """
    document = read(path)
    for name in OURS:
        if isinstance(document.data, dict) and name in document.data:
            document.complain((name,), f"'{name}' means nothing here")
    scenario = shaped(document, Scenario)
    if scenario is None or document.problems:
        raise ConfigurationError(document.problems)
    return _checked(document, scenario.model_copy(update={"folder": path.parent}))


def _checked(document: Document, scenario: Scenario) -> Scenario:
    check_files(document, scenario)
    remarks = [] if document.problems else check_project(document, scenario)
    if document.problems:
        raise ConfigurationError(document.problems)
    return scenario.model_copy(update={"remarks": tuple(remarks)})

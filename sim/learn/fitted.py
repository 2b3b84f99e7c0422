"""What comes of fitting: the scenario part by part, each with what it rests on."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Any
from zoneinfo import ZoneInfo

from engine.centre import Centre
from ivr.project import Project
from sim.learn.past import Past


@dataclass
class Part:
    """One key of the scenario: its value (None: not written), what it rests on, and what is thin about it.

    `told`: comments for people. `data`: for `--json`. `files`: quantiles to be written beside, by the key's path.
    """

    value: Any
    observations: int
    told: list[str] = field(default_factory=list)
    thin: list[str] = field(default_factory=list)
    data: dict[str, Any] = field(default_factory=dict)
    files: dict[tuple[str, ...], tuple[float, ...]] = field(default_factory=dict)


@dataclass
class Fitted:
    """The scenario of a project, key by key in their order."""

    project: str
    first: dt.date
    last: dt.date
    days: int
    calls: int
    parts: dict[str, Part]
    notes: list[str]

    @property
    def thin(self) -> list[str]:
        """Everything that rests on little."""
        return [remark for part in self.parts.values() for remark in part.thin]


@dataclass(frozen=True)
class Question:
    """What is fitted: the days of a project in a centre."""

    past: Past
    centre: Centre
    project: Project
    first: dt.date
    last: dt.date

    @property
    def zone(self) -> ZoneInfo:
        """Of the project."""
        return ZoneInfo(self.project.timezone)

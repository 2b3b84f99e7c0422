"""A project as its YAML file says it: the shape, field by field."""

from __future__ import annotations

import re
from typing import Annotated
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from calls.hours import OpeningHours
from calls.promise import Promise
from calls.queue_settings import QueueSettings
from ivr.hours_model import ProjectHours
from ivr.nodes import Node

_NAME = re.compile(r"[a-z][a-z0-9_-]{0,59}")
_TELEPHONE = re.compile(r"^0[0-9]{8,10}$")


def _named(name: str) -> str:
    if not _NAME.fullmatch(name):
        raise ValueError(f"'{name}' is no name; write a-z, then a-z, 0-9, - and _ (at most 60)")
    return name


def _national(number: str) -> str:
    digits = re.sub(r"[-() ]", "", number)
    if not _TELEPHONE.match(digits):
        raise ValueError("a telephone number is written in its national form, like 0570-012-229")
    return digits


def _time_zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ValueError(f"there is no time zone '{name}'; write one like Asia/Tokyo") from None
    return name


Name = Annotated[str, AfterValidator(_named)]
TimeZone = Annotated[str, AfterValidator(_time_zone)]


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Number(_Model):
    """A number that callers dial, kept as digits with the leading 0."""

    number: Annotated[str, AfterValidator(_national)]
    name: str = ""


class Flow(_Model):
    """The call flow: named nodes and where a call begins."""

    start: str
    nodes: dict[Name, Node] = Field(min_length=1)


class Recording(_Model):
    """Whether conversations are recorded, and for how many days they are kept."""

    enabled: bool = True
    retention_days: int = Field(default=92, ge=0, le=3660)


class Project(_Model):
    """One city's service. `lines`: how many callers it has room for at a time (None: no limit of its own)."""

    project: Name
    name: str
    version: int = Field(default=1, ge=1)
    timezone: TimeZone = "Asia/Tokyo"
    language: str = "ja"
    numbers: list[Number] = Field(min_length=1)
    lines: int | None = Field(default=None, ge=1)
    hours: ProjectHours
    guidance: dict[Name, dict[str, str]] = Field(default_factory=dict)
    flow: Flow
    queues: dict[Name, QueueSettings] = Field(default_factory=dict)
    recording: Recording = Recording()
    promise: Promise = Promise()
    inquiry_classes: list[str] = Field(default_factory=list)

    def opening_hours(self) -> OpeningHours:
        """The hours with their calendar; the loader has put the calendar in."""
        return self.hours.opening_hours()

    def texts(self) -> list[tuple[str, str]]:
        """Every (text, language) that a caller may hear, each once, in the order of the file."""
        pairs = [(text, language) for texts in self.guidance.values() for language, text in texts.items()]
        return list(dict.fromkeys(pairs))

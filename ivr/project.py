"""A project as its YAML file says it: the shape, field by field."""

from __future__ import annotations

import datetime as dt
import re
from functools import cached_property
from typing import Annotated, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from calls.hours import OpeningHours
from calls.promise import Promise
from calls.queue_settings import QueueSettings
from ivr.builtin_texts import texts_of, with_builtin_texts
from ivr.degraded_model import Degraded
from ivr.flow_table import FlowTable, flow_table
from ivr.guidance_model import GuidanceEntry, Said, Spoken
from ivr.hours_model import ProjectHours
from ivr.nodes import Node
from ivr.project_facts import ProjectFacts

_NAME = re.compile(r"[a-z][a-z0-9_-]{0,59}")
_TELEPHONE = re.compile(r"^0[0-9]{8,10}$")
_PATTERN = re.compile(r"^\+?[0-9]{1,15}\*?$")


def _named(name: str) -> str:
    if not _NAME.fullmatch(name):
        raise ValueError(f"'{name}' is no name; write a-z, then a-z, 0-9, - and _ (at most 60)")
    return name


def _national(number: str) -> str:
    digits = re.sub(r"[-() ]", "", number)
    if not _TELEPHONE.match(digits):
        raise ValueError("a telephone number is written in its national form, like 0570-012-229")
    return digits


def _pattern(number: str) -> str:
    digits = re.sub(r"[-() ]", "", number)
    if not _PATTERN.match(digits):
        raise ValueError("a list has numbers like 048-123-4567, or how they begin, like 048-123-*")
    return digits


def _time_zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ValueError(f"there is no time zone '{name}'; write one like Asia/Tokyo") from None
    return name


Name = Annotated[str, AfterValidator(_named)]
NumberPattern = Annotated[str, AfterValidator(_pattern)]
TimeZone = Annotated[str, AfterValidator(_time_zone)]


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Number(_Model):
    """A number that callers dial, kept as digits with the leading 0."""

    number: Annotated[str, AfterValidator(_national)]
    name: str = ""


class ServiceNumber(_Model):
    """Who dials it and knows the PIN opens and closes the project. The PIN is a file below the site's secrets."""

    number: Annotated[str, AfterValidator(_national)]


class Flow(_Model):
    """The call flow: named nodes and where a call begins."""

    start: str
    nodes: dict[Name, Node] = Field(min_length=1)

    @cached_property
    def table(self) -> FlowTable:
        """What the interpreter walks on; the project has put its sub-flows in."""
        return flow_table(self.nodes, {})


class Recording(_Model):
    """Whether conversations are recorded, and for how many days they are kept.

    `retention_days: 0`: only until the operator has written the call's record. `erase_at_end`: at the end of the
    contract everything is erased whatever its age, and the erasure is reported.
    """

    enabled: bool = True
    retention_days: int = Field(default=92, ge=0, le=3660)
    erase_at_end: bool = False


class Project(_Model):
    """One city's service. `lines`: how many callers it has room for at a time (None: no limit of its own).

    `languages`: those that it offers (none named: only its own). `subflows`: flows that `call` nodes go through.
    `hours_sets`: further hours that `hours` nodes ask by name. `disaster`: the node at which every new caller
    begins while the project is switched to its disaster flow. `exclusive_seats`: its seats serve nobody else.
    `degraded`: what callers get while the engine is away.
    """

    project: Name
    name: str
    version: int = Field(default=1, ge=1)
    timezone: TimeZone = "Asia/Tokyo"
    language: str = "ja"
    languages: tuple[str, ...] = ()
    numbers: list[Number] = Field(min_length=1)
    lines: int | None = Field(default=None, ge=1)
    hours: ProjectHours
    hours_sets: dict[Name, ProjectHours] = Field(default_factory=dict)
    guidance: dict[Name, GuidanceEntry] = Field(default_factory=dict)
    approval: Literal["none", "required"] = "none"
    flow: Flow
    subflows: dict[Name, Flow] = Field(default_factory=dict)
    number_lists: dict[Name, tuple[NumberPattern, ...]] = Field(default_factory=dict)
    disaster: Name | None = None
    service_number: ServiceNumber | None = None
    queues: dict[Name, QueueSettings] = Field(default_factory=dict)
    exclusive_seats: bool = False
    recording: Recording = Recording()
    degraded: Degraded = Degraded()
    promise: Promise = Promise()
    inquiry_classes: list[str] = Field(default_factory=list)

    @model_validator(mode="after")
    def _joined(self) -> Project:
        """Each part gets what it needs of the others."""
        inner = {name: (flow.start, flow.nodes) for name, flow in self.subflows.items()}
        object.__setattr__(self.flow, "table", flow_table(self.flow.nodes, inner))
        object.__setattr__(self, "languages", self.languages or (self.language,))
        used = [text for node in self.flow.table.nodes.values() for text in node.texts().values()]
        used += [text for queue in self.queues.values() if queue.notices for text in texts_of(queue.notices)]
        object.__setattr__(
            self, "guidance", with_builtin_texts(self.guidance, used, (self.language, *self.languages))
        )
        return self

    def listed(self, name: str, number: str) -> bool:
        """Whether a number is in a list of the project, by itself or by how it begins; a withheld one is in none."""
        listed = self._patterns[name]
        beginnings = (f"{number[:length]}*" for length in range(1, len(number) + 1))
        return number in listed or any(beginning in listed for beginning in beginnings)

    @cached_property
    def _patterns(self) -> dict[str, frozenset[str]]:
        return {name: frozenset(numbers) for name, numbers in self.number_lists.items()}

    def opening_hours(self, name: str = "") -> OpeningHours:
        """The hours with their calendars (the loader has put them in); those of a set by its name."""
        return (self.hours_sets[name] if name else self.hours).opening_hours()

    def said(self, guidance: str, language: str, day: dt.date) -> Said:
        """What is said on a (local) day for a text of the flow; in the project's own language where it is not
        offered in the one asked for. LookupError where there is no such text."""
        return self.facts.days_texts.said(guidance, language, day)

    @cached_property
    def facts(self) -> ProjectFacts:
        """The same for who reads it at every step."""
        return ProjectFacts(self)

    def texts(self) -> list[Spoken]:
        """Everything that a caller may hear, each once, in the order of the file; the built-in texts come last."""
        return list(dict.fromkeys(spoken for text in self.guidance.values() for spoken in text.all_spoken()))

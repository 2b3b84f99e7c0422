"""What is sent to the monitor, and what it answers."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from supervisor.monitor.problems import Code
from supervisor.users.roles import Act, Role

Reason = Annotated[
    str,
    StringConstraints(
        min_length=1, max_length=200, strip_whitespace=True, pattern=r"^[^\x00-\x1f\x7f-\x9f\u2028\u2029]+$"
    ),
    Field(description="why, one line; it stands in the audit log"),
]
Id = Annotated[str, StringConstraints(min_length=1, max_length=80)]


class Sent(BaseModel):
    """Base of all bodies: nothing but what is named."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class LogIn(Sent):
    """Who wants to look on."""

    user: Annotated[str, StringConstraints(min_length=1, max_length=80)]
    password: Annotated[str, StringConstraints(min_length=1, max_length=400)]


class SeatState(Sent):
    """What a seat is to be; `reason` is that of a break too."""

    state: Literal["ready", "break", "logged_out"]
    reason: Reason


class Ear(Sent):
    """How to take part in a call, and at which seat the supervisor's telephone stands."""

    mode: Literal["listen", "whisper", "barge", "take_over"]
    seat: Id
    reason: Reason


class Switch(Sent):
    """An order for a project. `until`: its local time as 2026-05-07T17:15; only `none`, which takes an order back,
    needs none."""

    kind: Literal["closed", "open", "disaster", "none"]
    until: Annotated[str, StringConstraints(max_length=40)] = ""
    reason: Reason


class GrantTold(BaseModel):
    """A role in a project, or in all (`*`)."""

    project: str
    role: Role


class Marks(BaseModel):
    """From how many seconds on a wait is marked, and marked as too long."""

    wait_s: float
    service_level_s: float


class SessionTold(BaseModel):
    """Who is logged in, until when (seconds since 1970 UTC) and what he may do in which project.

    `csrf` has to come with every request that changes something, as `X-Denwaban-CSRF`.
    """

    user: str
    name: str
    csrf: str
    ends_at: float
    grants: list[GrantTold]
    may: dict[str, list[Act]]
    marks: Marks


class Done(BaseModel):
    """It was done; `subject` is the seat or call that it was about."""

    subject: str


class Switched(BaseModel):
    """The order holds. `stored`: it outlives a restart of the service."""

    project: str
    stored: bool


class AuditEntry(BaseModel):
    """Who did what, when (ISO 8601, UTC) and why; further fields say to what."""

    model_config = ConfigDict(extra="allow")

    at: str
    by: str
    what: str
    why: str

    __pydantic_extra__: dict[str, Any] = Field(init=False)


class Audit(BaseModel):
    """The newest first."""

    entries: list[AuditEntry]


class Problem(BaseModel):
    """Why something was not done: for people, for programs, and the state that stands against it."""

    error: str
    code: Code
    state: str = ""

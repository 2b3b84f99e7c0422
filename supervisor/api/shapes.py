"""What the API answers. Times are seconds since 1970 UTC; `seconds`, `wait` and the like are durations in seconds."""

from __future__ import annotations

import msgspec

from calls.lifecycle import SeatState, State
from calls.notes import CallbackState, Direction, EarState
from supervisor.board import Party
from telephony.alarms import AlarmName, Severity


class Refusal(msgspec.Struct, frozen=True, omit_defaults=True):
    """Why something was not done; `state`: what the seat or call is doing that stands against it (409)."""

    error: str
    state: str = ""


class Done(msgspec.Struct, frozen=True):
    """It was done; `subject` is the call, seat or callback that it was about."""

    subject: str


class Me(msgspec.Struct, frozen=True):
    """Who has this token; `seats`: where he sits now."""

    person: str
    name: str
    role: str
    projects: list[str]
    supervises: list[str]
    seats: list[str]


class SeatView(msgspec.Struct, frozen=True):
    """One seat: its state, since when and for how long. `call` is empty to whom that call is no business of."""

    seat: str
    number: str
    state: SeatState
    since: float
    seconds: float
    operator: str
    operator_name: str
    reason: str
    call: str
    projects: list[str]
    queues: list[str]


class CallView(msgspec.Struct, frozen=True):
    """One call. `caller`: whom we talk with (the last four digits are * to whom they are no business of).

    `seconds`: in its state; `wait`: how long it has waited for an operator so far or in all, null if never.
    """

    call: str
    project: str
    direction: Direction
    state: State
    since: float
    seconds: float
    number: str
    caller: str
    queue: str
    seat: str
    arrived_at: float
    queued_at: float | None
    answered_at: float | None
    wait: float | None
    inquiry_class: str
    parties: list[Party]


class QueueView(msgspec.Struct, frozen=True):
    """One queue: how many wait, how long the first of them has, how long a new caller would (null: not known).

    `seats`: how many of the seats that serve it are in which state.
    """

    queue: str
    project: str
    waiting: int
    longest_since: float | None
    longest_wait: float | None
    expected_wait: float | None
    seats: dict[str, int]


class CallbackView(msgspec.Struct, frozen=True):
    """Somebody whom we owe a call."""

    callback: str
    project: str
    queue: str
    number: str
    place: int
    asked_at: float
    state: CallbackState
    call: str
    tries: int
    due: float | None


class EarView(msgspec.Struct, frozen=True):
    """A supervisor who takes part in a call."""

    seat: str
    call: str
    project: str
    heard: str
    mode: EarState
    by: str
    since: float
    seconds: float


class ProjectView(msgspec.Struct, frozen=True):
    """One project: open or not, and why; the order by hand that holds (`override`), until when and by whom."""

    project: str
    name: str
    open: bool
    reason: str
    override: str | None
    until: str | None
    by: str | None
    numbers: list[str]
    queues: list[str]
    inquiry_classes: list[str]
    version: int


class AlarmView(msgspec.Struct, frozen=True):
    """An alarm that stands: since when, for how long, how soon somebody has to come."""

    alarm: AlarmName
    severity: Severity
    since: float
    seconds: float
    text: str


class PersonView(msgspec.Struct, frozen=True):
    """Somebody who works here, and where he sits now (empty: nowhere)."""

    person: str
    number: str
    name: str
    role: str
    projects: list[str]
    supervises: list[str]
    seat: str


class ShiftView(msgspec.Struct, frozen=True):
    """Somebody who should be here now (`who`: a person, or a seat for whoever), whether he is, and where.

    `on_break`: by the plan he has a break now, and is not missed.
    """

    who: str
    name: str
    begins: float
    ends: float
    on_break: bool
    present: bool
    seat: str
    state: SeatState


class SeatList(msgspec.Struct, frozen=True):
    """The seats at one moment."""

    at: float
    seats: list[SeatView]


class CallList(msgspec.Struct, frozen=True):
    """The calls at one moment, in the order of their arrival."""

    at: float
    calls: list[CallView]


class QueueList(msgspec.Struct, frozen=True):
    """The queues at one moment."""

    at: float
    queues: list[QueueView]


class CallbackList(msgspec.Struct, frozen=True):
    """The callbacks at one moment, in the order in which they were asked for."""

    at: float
    callbacks: list[CallbackView]


class EarList(msgspec.Struct, frozen=True):
    """Who listens to whom at one moment."""

    at: float
    ears: list[EarView]


class ProjectList(msgspec.Struct, frozen=True):
    """The projects at one moment."""

    at: float
    projects: list[ProjectView]


class AlarmList(msgspec.Struct, frozen=True):
    """The alarms at one moment, the oldest first."""

    at: float
    alarms: list[AlarmView]


class PeopleList(msgspec.Struct, frozen=True):
    """The people."""

    people: list[PersonView]


class ShiftList(msgspec.Struct, frozen=True):
    """Who should be here at this moment; `missing`: the ids of those who are not."""

    at: float
    shifts: list[ShiftView]
    missing: list[str]


class OverrideDone(msgspec.Struct, frozen=True):
    """The order holds. `stored`: it is in the database too, so that it outlives a restart of the service."""

    project: ProjectView
    stored: bool

"""What the API answers. Times are seconds since 1970 UTC; `seconds`, `wait` and the like are durations in seconds."""

from __future__ import annotations

from typing import Literal

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
    """One seat: its state, since when and for how long. `call` is empty to whom that call is no business of.

    `supervises`: the projects whose conversations may be heard from there, by who sits there or, where nobody in
    particular does, by the seat's own configuration. Of `projects`, `queues` and `supervises` those are told that are
    the person's business.
    """

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
    supervises: list[str]


class CallView(msgspec.Struct, frozen=True):
    """One call. `caller`: whom we talk with (the last four digits are * to whom they are no business of).

    `seconds`: in its state; `wait`: how long it has waited for an operator so far or in all, null if never.
    `priority`: of its place in the line while it waits there, its own and that of its queue together (0 otherwise); who
    has a higher one comes first, and of those with the same one who has waited longest. `seat` and the seats among the
    `parties` are told without their names (empty, `seat:`) to whom they are no business of.
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
    priority: int


class QueueView(msgspec.Struct, frozen=True):
    """One queue: how many wait, how long the first of them has, how long a new caller would (null: not known).

    `pace`: seconds per answer of late (null: not steady); who has n others before him waits about (n + 1) times that.
    `seats`: how many of the seats that serve it are in which state.
    """

    queue: str
    project: str
    waiting: int
    longest_since: float | None
    longest_wait: float | None
    expected_wait: float | None
    pace: float | None
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
    """A supervisor who takes part in a call; `heard`: the seat of the operator in charge (see CallView.seat)."""

    seat: str
    call: str
    project: str
    heard: str
    mode: EarState
    by: str
    since: float
    seconds: float


class PromiseView(msgspec.Struct, frozen=True):
    """The answer rate that a project has promised, and how it is counted: the outcomes that count as answered
    (`numerator`), and those that count at all (`denominator`).

    Who gave up the line within `short_abandon_s` seconds does not count. `value` holds this month: that of the month
    (1-12) in `months`, or else `base`.
    """

    version: int
    numerator: list[str]
    denominator: list[str]
    short_abandon_s: float
    period: Literal["month", "year"]
    value: float
    base: float
    months: dict[int, float]


class ProjectView(msgspec.Struct, frozen=True):
    """One project: open or not, and why; the order by hand that holds (`override`), until when and by whom.

    `timezone`: of its clock; `hours_today`: from when to when it is open today by its calendar, whatever orders hold.
    """

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
    timezone: str
    promise: PromiseView
    hours_today: list[tuple[float, float]]


class CountView(msgspec.Struct, frozen=True):
    """So many calls of callers are alike: of one project, arrived in the half-hour that began at `start` (a multiple of
    1800), ended with `outcome` after `waited` whole seconds in the line (-1: never in it).

    `outcome` empty: all that arrived, whatever becomes of them; `waited` is -1 then.
    """

    project: str
    start: float
    outcome: str
    waited: int
    calls: int


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

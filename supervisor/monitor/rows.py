"""The rows of the page's tables, and how they are made of what the engine's API tells.

No number of a caller stands in a row, or anywhere else in this process, otherwise than masked. Times are seconds since
1970 UTC. `id` is the key of the row in its table.
"""

from __future__ import annotations

from typing import Literal

import msgspec

from supervisor.api.shapes import AlarmView, CallView, EarView, ProjectView, QueueView, SeatView
from supervisor.api.sight import masked
from supervisor.board.alarm_parts import Part, part_of

PACE_DIGITS = 2
"""So many digits of a pace are told: with more it would change at every look at the clock."""


class CallRow(msgspec.Struct, frozen=True):
    """A call that is not over. `priority`: of its place in the line, 0 where it has none."""

    id: str
    project: str
    direction: str
    state: str
    number: str
    caller: str
    queue: str
    seat: str
    since: float
    arrived_at: float
    queued_at: float | None
    answered_at: float | None
    priority: int


class SeatRow(msgspec.Struct, frozen=True):
    """A seat. `call` is empty for whom that call is no business of; `supervises`: what may be heard from here."""

    id: str
    number: str
    state: str
    since: float
    operator: str
    name: str
    reason: str
    call: str
    projects: tuple[str, ...]
    supervises: tuple[str, ...]


class QueueRow(msgspec.Struct, frozen=True):
    """A queue. `pace`: seconds per answer, null where it is not steady; `free`: seats that serve it and are ready."""

    id: str
    project: str
    waiting: int
    pace: float | None
    free: int


class PromiseRow(msgspec.Struct, frozen=True):
    """What was promised, and by which definition; `value` holds this month."""

    value: float
    version: int
    period: str
    numerator: tuple[str, ...]
    denominator: tuple[str, ...]
    short_abandon_s: float


class ProjectRow(msgspec.Struct, frozen=True):
    """A project: open or not and why, and the order by hand that holds."""

    id: str
    name: str
    timezone: str
    open: bool
    reason: str
    override: str | None
    until: str | None
    by: str | None
    promise: PromiseRow


class EarRow(msgspec.Struct, frozen=True):
    """A supervisor (`id`: his seat) who takes part in a call; `heard`: the seat of the operator in charge."""

    id: str
    call: str
    project: str
    heard: str
    mode: str
    by: str
    since: float


class AlarmRow(msgspec.Struct, frozen=True):
    """An alarm that stands, and which part of the whole it is about."""

    id: str
    part: Part
    severity: Literal["critical", "warning"]
    since: float
    text: str


class PeriodFigures(msgspec.Struct, frozen=True):
    """The month, or year, of the promise so far; `state` as in `calls.budget`."""

    name: str
    answered: int
    counted: int
    rate: float | None
    promise: float
    version: int
    may_lose: int
    catch_up: int | None
    state: str


class FiguresRow(msgspec.Struct, frozen=True):
    """A project's day and period. `answered`, `counted` and `rate` are those of its own promise.

    `outcomes`: its calls of today by how they ended; `service_level`: of those who were in the line, the share that was
    answered before the marked seconds were over; `longest_wait`: of the calls that have ended, whole seconds.
    `may_lose_today`, `breaks_at` as in `calls.pace`. `period` is null while the store does not answer.
    """

    id: str
    date: str
    received: int
    outcomes: dict[str, int]
    answered: int
    counted: int
    rate: float | None
    service_level: float | None
    longest_wait: int
    may_lose_today: int | None
    breaks_at: float | None
    period: PeriodFigures | None


class HalfRow(msgspec.Struct, frozen=True):
    """The calls of a project that arrived in the half-hour from `start` on."""

    id: str
    project: str
    start: float
    received: int
    answered: int
    counted: int
    rate: float | None


Row = CallRow | SeatRow | QueueRow | ProjectRow | EarRow | AlarmRow | FiguresRow | HalfRow
Table = Literal["calls", "seats", "queues", "projects", "figures", "halves", "ears", "alarms"]
TABLES: tuple[Table, ...] = ("calls", "seats", "queues", "projects", "figures", "halves", "ears", "alarms")
Key = tuple[Table, str]
"""A row's place: its table and its id."""


def call_row(view: CallView) -> CallRow:
    """A call."""
    return CallRow(
        view.call, view.project, view.direction, str(view.state), view.number, masked(view.caller), view.queue,
        view.seat, view.since, view.arrived_at, view.queued_at, view.answered_at, view.priority,
    )  # fmt: skip


def seat_row(view: SeatView) -> SeatRow:
    """A seat."""
    return SeatRow(
        view.seat, view.number, str(view.state), view.since, view.operator, view.operator_name, view.reason,
        view.call, tuple(view.projects), tuple(view.supervises),
    )  # fmt: skip


def queue_row(view: QueueView) -> QueueRow:
    """A queue."""
    pace = None if view.pace is None else float(f"{view.pace:.{PACE_DIGITS}g}")
    return QueueRow(view.queue, view.project, view.waiting, pace, view.seats.get("READY", 0))


def project_row(view: ProjectView) -> ProjectRow:
    """A project."""
    told = view.promise
    promise = PromiseRow(
        told.value,
        told.version,
        told.period,
        tuple(told.numerator),
        tuple(told.denominator),
        told.short_abandon_s,
    )
    return ProjectRow(
        view.project,
        view.name,
        view.timezone,
        view.open,
        view.reason,
        view.override,
        view.until,
        view.by,
        promise,
    )


def ear_row(view: EarView) -> EarRow:
    """Who takes part in a call."""
    return EarRow(view.seat, view.call, view.project, view.heard, view.mode, view.by, view.since)


def alarm_row(view: AlarmView) -> AlarmRow:
    """An alarm."""
    return AlarmRow(str(view.alarm), part_of(view.alarm), view.severity.value, view.since, view.text)

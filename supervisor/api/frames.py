"""The frames of the live stream."""

from __future__ import annotations

from typing import Literal

import msgspec

from supervisor.api.shapes import (
    AlarmView,
    CallbackView,
    CallView,
    CountView,
    EarView,
    Me,
    ProjectView,
    QueueView,
    SeatView,
)


class Snapshot(msgspec.Struct, frozen=True, tag="snapshot"):
    """The first frame of a stream, and again whenever the person has changed seats: everything that he may see.

    `seq` is the number of the last change that is in it. `counts`: the calls of today by each project's own clock.
    """

    seq: int
    at: float
    me: Me
    seats: list[SeatView]
    calls: list[CallView]
    queues: list[QueueView]
    callbacks: list[CallbackView]
    ears: list[EarView]
    projects: list[ProjectView]
    counts: list[CountView]


class SeatChanged(msgspec.Struct, frozen=True, tag="seat"):
    """A seat is now like this."""

    seq: int
    at: float
    seat: SeatView


class CallChanged(msgspec.Struct, frozen=True, tag="call"):
    """A call is now like this, or has come."""

    seq: int
    at: float
    call: CallView


class QueueChanged(msgspec.Struct, frozen=True, tag="queue"):
    """A queue is now like this."""

    seq: int
    at: float
    queue: QueueView


class CallbackChanged(msgspec.Struct, frozen=True, tag="callback"):
    """A callback is now like this, or was asked for."""

    seq: int
    at: float
    callback: CallbackView


class EarChanged(msgspec.Struct, frozen=True, tag="ear"):
    """A supervisor takes part in a call like this."""

    seq: int
    at: float
    ear: EarView


class ProjectChanged(msgspec.Struct, frozen=True, tag="project"):
    """A project was closed, opened or published by hand. (Its hours open and close it without a word.)"""

    seq: int
    at: float
    project: ProjectView


class CountChanged(msgspec.Struct, frozen=True, tag="count"):
    """So many calls are alike now, instead of what was told before (0: none any more)."""

    seq: int
    at: float
    count: CountView


class Gone(msgspec.Struct, frozen=True, tag="gone"):
    """It is over, or is not for this person's eyes any more. The id of an ear is the seat of the supervisor."""

    seq: int
    at: float
    kind: Literal["seat", "call", "callback", "ear", "queue", "project"]
    id: str


AnyChange = (
    SeatChanged
    | CallChanged
    | QueueChanged
    | CallbackChanged
    | EarChanged
    | ProjectChanged
    | CountChanged
    | Gone
)


class Changes(msgspec.Struct, frozen=True, tag="changes"):
    """Every other frame of a stream: changes, the earliest first. `seq` grows, with gaps where others see more."""

    changes: list[AnyChange]


class Tick(msgspec.Struct, frozen=True, tag="tick"):
    """What goes on without a change, once a second for who has asked for it (`ticks=1`), and right after a snapshot.

    All changes up to `seq` were told before. Each list is everything of its kind that the person may see.
    """

    seq: int
    at: float
    alarms: list[AlarmView]
    queues: list[QueueView]
    projects: list[ProjectView]


Frame = Snapshot | Changes | Tick

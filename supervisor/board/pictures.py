"""What is known of a call, a seat, a callback and a monitored conversation at one moment.

Immutable, so that whoever still sends an older one to a screen sends it as it was. Times are seconds since 1970 UTC.
"""

from __future__ import annotations

import msgspec

from calls.lifecycle import SeatState, State
from calls.notes import CallbackState, Direction, EarState, TalkRole


class Party(msgspec.Struct, frozen=True):
    """Somebody besides the operator in charge who talks in a call; `who` as in `calls.notes.NoteTalk`."""

    who: str
    role: TalkRole


class CallPicture(msgspec.Struct, frozen=True):
    """One call that is not over. `since`: when it came into its state; `seat`: the operator in charge, or rung.

    `priority`: its own, with which it took its place in the line; that of the queue comes on top.
    """

    call: str
    project: str
    direction: Direction
    number: str
    caller: str
    arrived_at: float
    since: float
    state: State = State.ARRIVED
    queue: str = ""
    seat: str = ""
    queued_at: float | None = None
    answered_at: float | None = None
    inquiry_class: str = ""
    parties: tuple[Party, ...] = ()
    priority: int = 0


class SeatPicture(msgspec.Struct, frozen=True):
    """One seat. `since`: when it came into its state; `reason`: of a break or of not answering."""

    seat: str
    state: SeatState = SeatState.LOGGED_OUT
    since: float = 0.0
    operator: str = ""
    reason: str = ""
    call: str = ""


class CallbackPicture(msgspec.Struct, frozen=True):
    """Somebody whom we still owe a call. `call`: the one that serves it now; `due`: when it is tried again."""

    callback: str
    project: str
    queue: str
    number: str
    place: int
    asked_at: float
    state: CallbackState = "waiting"
    call: str = ""
    tries: int = 0
    due: float | None = None


class EarPicture(msgspec.Struct, frozen=True):
    """A supervisor at `seat` who takes part in a call; `heard` is the seat of the operator in charge."""

    seat: str
    call: str
    project: str
    heard: str
    mode: EarState
    by: str
    since: float


class CountPicture(msgspec.Struct, frozen=True):
    """So many callers' calls (`calls`; 0: no more) are alike, as `supervisor.board.counts.CountKey` has it."""

    project: str
    start: float
    outcome: str
    waited: int
    calls: int


Picture = CallPicture | SeatPicture | CallbackPicture | EarPicture | CountPicture

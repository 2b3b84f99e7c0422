"""What the engine decided. A note does nothing to a telephone: records, the board and the reports are folds of
the notes in the journal and repeat no rule.
"""

from __future__ import annotations

from typing import Literal

from calls.command import Command
from calls.lifecycle import Move, Outcome, SeatState, State

Direction = Literal["in", "out", "callback", "internal"]
TalkRole = Literal["operator", "transferred", "consulted", "joined", "supervisor"]
CallbackState = Literal["waiting", "ringing", "reached", "retry", "failed", "cancelled"]
EarState = Literal["listen", "whisper", "barge", "take_over", "ended"]
Refusal = Literal["conflict", "unknown", "forbidden"]


class NoteArrived(Command, frozen=True):
    """A call was given its id and its project (empty: nobody's number).

    `direction`: `in` for a caller; `out` for an operator's own call, `callback` for one that a caller had asked
    for, `internal` from one telephone of ours to another. Of all but `in`, `caller` is the number that is dialled.
    """

    call: str
    leg: str
    project: str
    number: str
    caller: str
    direction: Direction = "in"


class NoteMoved(Command, frozen=True, omit_defaults=True):
    """A call made a move of the lifecycle table; `seat` and `queue` are empty where none is concerned.

    `priority`, of the move `queued` alone: with which it takes its place, that of its queue not counted in. The most
    frequent of all notes: what is empty is not written.
    """

    call: str
    move: Move
    state: State
    queue: str = ""
    seat: str = ""
    priority: int = 0


class NoteOutcome(Command, frozen=True):
    """The one outcome of a call is decided."""

    call: str
    outcome: Outcome


class NoteSeat(Command, frozen=True):
    """A seat changed its state; `call` is the call that it is about, if any.

    `operator`: the person who sits there, empty where nobody said. `reason`: of a break (as it was given), or of
    not answering (`no_answer`, `busy`, `rejected`, `unreachable`).
    """

    seat: str
    state: SeatState
    call: str = ""
    operator: str = ""
    reason: str = ""


class NoteTalk(Command, frozen=True):
    """Somebody besides the operator in charge began (or, `talking` off, ended) to talk in a call.

    `who`: `seat:ID`, `extension:NUMBER` or `outside:NUMBER`. The operator in charge, and whoever takes his place by a
    transfer, are told by the moves of the call.
    """

    call: str
    who: str
    role: TalkRole
    talking: bool


class NoteClass(Command, frozen=True):
    """A call was given its inquiry class (one of its project's)."""

    call: str
    seat: str
    inquiry_class: str


class NoteCallback(Command, frozen=True):
    """A caller asked to be called back. `place`: how many would have been before him in the line, and himself."""

    callback: str
    call: str
    project: str
    queue: str
    number: str
    place: int


class NoteCallbackState(Command, frozen=True):
    """What has become of a callback. `call`: the call that serves it now; `tries`: how often it was dialled;
    `due`: when it is tried again (seconds since 1970 UTC), with `retry` only."""

    callback: str
    state: CallbackState
    call: str = ""
    tries: int = 0
    due: float = 0.0


class NoteEar(Command, frozen=True):
    """A supervisor began to take part in a call, changed how, or ended it: an entry of the audit log.

    `seat` is his own; `by` who he is; `heard` the seat of the operator in charge, empty where there is none.
    """

    call: str
    project: str
    seat: str
    heard: str
    state: EarState
    by: str


class NoteAnswered(Command, frozen=True):
    """The answer to the request `ask`.

    Where it was done, `refusal` is empty and `subject` the call (or seat) that it was about. Where not, `why` says
    what stood against it, for people, and `state` the state of the seat or call that did.
    """

    ask: str
    subject: str = ""
    refusal: Refusal | Literal[""] = ""
    why: str = ""
    state: str = ""


AnyNote = (
    NoteArrived
    | NoteMoved
    | NoteOutcome
    | NoteSeat
    | NoteTalk
    | NoteClass
    | NoteCallback
    | NoteCallbackState
    | NoteEar
    | NoteAnswered
)

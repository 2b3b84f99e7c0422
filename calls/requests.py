"""What somebody in the centre asked for: an operator, a supervisor or a screen, in the past tense like every event.

`seat` is the seat of the one who asks. `by` is who that is (a person's id, or `seat:ID` for a telephone), for the
audit log. `ask` is the id of the request; where it is not empty, the engine answers it with a `NoteAnswered` in the
same step. A star code and a button of a telephone become the same requests inside the engine.
"""

from __future__ import annotations

from typing import Literal

from calls.command import TargetKind
from calls.event import Event

EarMode = Literal["listen", "whisper", "barge", "take_over"]


class Request(Event, frozen=True, kw_only=True):
    """Base of all requests."""

    by: str = ""
    ask: str = ""


# ---- the seat


class SeatLoggedIn(Request, frozen=True):
    """Somebody took the seat and takes calls from now on; `operator`: the person's id, empty where nobody says."""

    seat: str
    operator: str = ""


class SeatLoggedOut(Request, frozen=True):
    """The seat takes no further call; a conversation in progress is not touched."""

    seat: str


class SeatPaused(Request, frozen=True):
    """The operator takes a break after what he is doing."""

    seat: str
    reason: str


class SeatReadied(Request, frozen=True):
    """The operator takes calls again: the end of a break, of not answering and of wrap-up."""

    seat: str


class WrapUpFinished(Request, frozen=True):
    """The operator at this seat has finished the record of the last call."""

    seat: str


class CallClassified(Request, frozen=True):
    """The operator gave the call that he has, or had last, its inquiry class (its name, or its number from 1)."""

    seat: str
    inquiry_class: str


# ---- the conversation


class HoldAsked(Request, frozen=True):
    """The caller is to hear music for a while."""

    seat: str


class RetrieveAsked(Request, frozen=True):
    """Back to the caller; a consultation in progress ends."""

    seat: str


class TransferAsked(Request, frozen=True):
    """The caller is to go to another telephone; the operator is done with him (blind transfer)."""

    seat: str
    kind: TargetKind
    target: str


class ConsultAsked(Request, frozen=True):
    """The operator wants to talk to another telephone while the caller hears music."""

    seat: str
    kind: TargetKind
    target: str


class CompleteAsked(Request, frozen=True):
    """Caller and consulted party are to go on without the operator (attended transfer)."""

    seat: str


class SwapAsked(Request, frozen=True):
    """From the consulted party to the caller, or back; the other one hears music."""

    seat: str


class ConferenceAsked(Request, frozen=True):
    """Caller, operator and consulted party are to talk together."""

    seat: str


class HangUpAsked(Request, frozen=True):
    """The operator is done with the caller."""

    seat: str


class DialAsked(Request, frozen=True):
    """The operator calls a number on behalf of a project; empty: the first one that he serves."""

    seat: str
    number: str
    project: str = ""


class CallbackOrdered(Request, frozen=True):
    """A caller of `project` whose call the system lost is to be called back at `number`.

    `call`: the one that was lost; `queue`: the id of the queue in which he waited, empty for the first one of the
    project; `since`: when his wait had begun (seconds since 1970 UTC), which is where his place in the line is.
    """

    call: str
    project: str
    number: str
    queue: str = ""
    since: float = 0.0


class CallbackWithdrawn(Request, frozen=True):
    """Nobody is to be called back any more for this one."""

    callback: str


# ---- the supervisor's ear


class EarAsked(Request, frozen=True):
    """The supervisor at `seat` wants to hear a conversation, or changes how he takes part in it.

    `target`: a seat's id or a call's; empty: the one that he hears already. `take_over`: it becomes his.
    """

    seat: str
    mode: EarMode
    target: str = ""


class EarClosed(Request, frozen=True):
    """The supervisor at `seat` has heard enough."""

    seat: str


AnyRequest = (
    SeatLoggedIn
    | SeatLoggedOut
    | SeatPaused
    | SeatReadied
    | WrapUpFinished
    | CallClassified
    | HoldAsked
    | RetrieveAsked
    | TransferAsked
    | ConsultAsked
    | CompleteAsked
    | SwapAsked
    | ConferenceAsked
    | HangUpAsked
    | DialAsked
    | CallbackOrdered
    | CallbackWithdrawn
    | EarAsked
    | EarClosed
)

"""The life of a call and of a seat, each as one table. Nothing else changes a state.

`docs/lifecycle.svg` and the picture in the README are drawn from these tables.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TypeVar, cast


class State(StrEnum):
    """Where a call is. ARRIVED is the only beginning and CLOSED the only end."""

    ARRIVED = "ARRIVED"
    IVR = "IVR"
    QUEUED = "QUEUED"
    RINGING = "RINGING"
    TALKING = "TALKING"
    HELD = "HELD"
    CONSULTING = "CONSULTING"
    TRANSFERRED = "TRANSFERRED"
    WRAP_UP = "WRAP_UP"
    CLOSED = "CLOSED"


class Move(StrEnum):
    """What happened to a call, as far as its state is concerned."""

    ENTERED = "entered"  # the flow of its project took it
    BLOCKED = "blocked"  # no line free, or nobody's number
    QUEUED = "queued"  # took its place in the waiting line
    REFUSED = (
        "refused"  # back to the flow: out of the line (full, too long, a key), or the transfer reached nobody
    )
    OFFERED = "offered"  # a seat's telephone is being rung
    DIALLED = "dialled"  # an operator's own call: its party is being rung
    RETURNED = "returned"  # that seat did not take it: back to the head of the line
    ANSWERED = "answered"  # caller and operator hear each other
    HELD = "held"
    RETRIEVED = "retrieved"
    CONSULTED = "consulted"
    TRANSFERRED = "transferred"
    FINISHED = "finished"  # the conversation is over, the operator writes the record
    WRAPPED_UP = "wrapped_up"
    ENDED = "ended"  # the flow came to its end, or a call of ours did not reach its party
    HUNG_UP = "hung_up"  # the caller gave up before a conversation
    LOST = "lost"  # the system failed the call


LIFECYCLE: dict[State, dict[Move, State]] = {
    State.ARRIVED: {
        Move.ENTERED: State.IVR,
        Move.QUEUED: State.QUEUED,
        Move.DIALLED: State.RINGING,
        Move.BLOCKED: State.CLOSED,
        Move.HUNG_UP: State.CLOSED,
        Move.LOST: State.CLOSED,
    },
    State.IVR: {
        Move.QUEUED: State.QUEUED,
        Move.TRANSFERRED: State.TRANSFERRED,
        Move.ENDED: State.CLOSED,
        Move.HUNG_UP: State.CLOSED,
        Move.LOST: State.CLOSED,
    },
    State.QUEUED: {
        Move.OFFERED: State.RINGING,
        Move.REFUSED: State.IVR,
        Move.ENDED: State.CLOSED,
        Move.HUNG_UP: State.CLOSED,
        Move.LOST: State.CLOSED,
    },
    State.RINGING: {
        Move.ANSWERED: State.TALKING,
        Move.RETURNED: State.QUEUED,
        Move.ENDED: State.CLOSED,
        Move.HUNG_UP: State.CLOSED,
        Move.LOST: State.CLOSED,
    },
    State.TALKING: {
        Move.HELD: State.HELD,
        Move.CONSULTED: State.CONSULTING,
        Move.TRANSFERRED: State.TRANSFERRED,
        Move.FINISHED: State.WRAP_UP,
        Move.LOST: State.CLOSED,
    },
    State.HELD: {
        Move.RETRIEVED: State.TALKING,
        Move.CONSULTED: State.CONSULTING,
        Move.TRANSFERRED: State.TRANSFERRED,
        Move.FINISHED: State.WRAP_UP,
        Move.LOST: State.CLOSED,
    },
    State.CONSULTING: {
        Move.RETRIEVED: State.TALKING,
        Move.HELD: State.HELD,
        Move.TRANSFERRED: State.TRANSFERRED,
        Move.FINISHED: State.WRAP_UP,
        Move.LOST: State.CLOSED,
    },
    State.TRANSFERRED: {
        Move.ANSWERED: State.TALKING,
        Move.RETURNED: State.QUEUED,
        Move.REFUSED: State.IVR,
        Move.HUNG_UP: State.CLOSED,
        Move.LOST: State.CLOSED,
    },
    State.WRAP_UP: {Move.WRAPPED_UP: State.CLOSED, Move.LOST: State.CLOSED},
    State.CLOSED: {},
}


class Outcome(StrEnum):
    """How a call ended; each call has exactly one."""

    ANSWERED = "answered"
    ABANDONED_IVR = "abandoned_ivr"
    ABANDONED_QUEUE = "abandoned_queue"
    OVERFLOWED = "overflowed"
    TIMED_OUT = "timed_out"
    SELF_SERVED = "self_served"
    CLOSED = "closed"
    BLOCKED = "blocked"
    DEGRADED_ANSWERED = "degraded_answered"
    DEGRADED_UNANSWERED = "degraded_unanswered"
    LOST_SYSTEM = "lost_system"
    NOT_REACHED = "not_reached"  # calls of ours only: whom we dialled did not answer
    CANCELLED = "cancelled"  # calls of ours only: not needed any more, before its party was reached


class SeatState(StrEnum):
    """What a seat is doing."""

    LOGGED_OUT = "LOGGED_OUT"
    READY = "READY"
    RINGING = "RINGING"
    TALKING = "TALKING"
    HOLDING = "HOLDING"
    CONSULTING = "CONSULTING"
    WRAP_UP = "WRAP_UP"
    BREAK = "BREAK"
    NOT_ANSWERING = "NOT_ANSWERING"


_Kind = TypeVar("_Kind", bound=StrEnum)


def _plain(kind: type[_Kind]) -> type[_Kind]:
    return cast(type[_Kind], type(kind.__name__, (), dict(kind.__members__)))


# The same members once more, for code that runs at every step: Python 3.11 takes 80 ns to find a member of an
# enumeration by its name, and 10 ns to find the attribute of a plain class.
MOVE, OUTCOME, SEAT, STATE = _plain(Move), _plain(Outcome), _plain(SeatState), _plain(State)


class IllegalMoveError(Exception):
    """A move that the table does not know in this state: a fault in the engine, never the caller's."""


def next_state(state: State, move: Move) -> State:
    """The state that `move` leads to; raises IllegalMoveError where the table has no such arrow."""
    try:
        return LIFECYCLE[state][move]
    except KeyError:
        allowed = ", ".join(LIFECYCLE[state]) or "nothing: the call is over"
        raise IllegalMoveError(
            f"a call that is {state} cannot be '{move}'; the table allows: {allowed}"
        ) from None

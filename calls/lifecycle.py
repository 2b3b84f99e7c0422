"""The life of a call and of a seat, each as one table. Nothing else changes a state.

`docs/lifecycle.svg` and the picture in the README are drawn from these tables.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Final


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


# The same members once more, for code that runs at every step: Python 3.11 takes 80 ns to find a member of an
# enumeration by its name and 10 ns to find the attribute of an object, and a compiler (`sim.native`) finds it at once.


class _Moves:
    __slots__ = tuple(Move.__members__)

    def __init__(self) -> None:
        self.ENTERED: Final = Move.ENTERED
        self.BLOCKED: Final = Move.BLOCKED
        self.QUEUED: Final = Move.QUEUED
        self.REFUSED: Final = Move.REFUSED
        self.OFFERED: Final = Move.OFFERED
        self.DIALLED: Final = Move.DIALLED
        self.RETURNED: Final = Move.RETURNED
        self.ANSWERED: Final = Move.ANSWERED
        self.HELD: Final = Move.HELD
        self.RETRIEVED: Final = Move.RETRIEVED
        self.CONSULTED: Final = Move.CONSULTED
        self.TRANSFERRED: Final = Move.TRANSFERRED
        self.FINISHED: Final = Move.FINISHED
        self.WRAPPED_UP: Final = Move.WRAPPED_UP
        self.ENDED: Final = Move.ENDED
        self.HUNG_UP: Final = Move.HUNG_UP
        self.LOST: Final = Move.LOST


class _Outcomes:
    __slots__ = tuple(Outcome.__members__)

    def __init__(self) -> None:
        self.ANSWERED: Final = Outcome.ANSWERED
        self.ABANDONED_IVR: Final = Outcome.ABANDONED_IVR
        self.ABANDONED_QUEUE: Final = Outcome.ABANDONED_QUEUE
        self.OVERFLOWED: Final = Outcome.OVERFLOWED
        self.TIMED_OUT: Final = Outcome.TIMED_OUT
        self.SELF_SERVED: Final = Outcome.SELF_SERVED
        self.CLOSED: Final = Outcome.CLOSED
        self.BLOCKED: Final = Outcome.BLOCKED
        self.DEGRADED_ANSWERED: Final = Outcome.DEGRADED_ANSWERED
        self.DEGRADED_UNANSWERED: Final = Outcome.DEGRADED_UNANSWERED
        self.LOST_SYSTEM: Final = Outcome.LOST_SYSTEM
        self.NOT_REACHED: Final = Outcome.NOT_REACHED
        self.CANCELLED: Final = Outcome.CANCELLED


class _SeatStates:
    __slots__ = tuple(SeatState.__members__)

    def __init__(self) -> None:
        self.LOGGED_OUT: Final = SeatState.LOGGED_OUT
        self.READY: Final = SeatState.READY
        self.RINGING: Final = SeatState.RINGING
        self.TALKING: Final = SeatState.TALKING
        self.HOLDING: Final = SeatState.HOLDING
        self.CONSULTING: Final = SeatState.CONSULTING
        self.WRAP_UP: Final = SeatState.WRAP_UP
        self.BREAK: Final = SeatState.BREAK
        self.NOT_ANSWERING: Final = SeatState.NOT_ANSWERING


class _States:
    __slots__ = tuple(State.__members__)

    def __init__(self) -> None:
        self.ARRIVED: Final = State.ARRIVED
        self.IVR: Final = State.IVR
        self.QUEUED: Final = State.QUEUED
        self.RINGING: Final = State.RINGING
        self.TALKING: Final = State.TALKING
        self.HELD: Final = State.HELD
        self.CONSULTING: Final = State.CONSULTING
        self.TRANSFERRED: Final = State.TRANSFERRED
        self.WRAP_UP: Final = State.WRAP_UP
        self.CLOSED: Final = State.CLOSED


MOVE: Final = _Moves()
OUTCOME: Final = _Outcomes()
SEAT: Final = _SeatStates()
STATE: Final = _States()


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

"""What happens when a part of the system is away, and when it is back: events like all others."""

from __future__ import annotations

from typing import Literal

from calls.event import Event

AdoptedState = Literal["flow", "waiting", "talking"]
DegradedWay = Literal["closed", "rang", "backup"]


class EngineResumed(Event, frozen=True):
    """The engine goes on where it was cut off `away_s` seconds ago, with everything that it knew then.

    It had died, or heard nothing of Asterisk; in that case it is the longest time that this may have been.
    """

    away_s: float


class AsteriskEnded(Event, frozen=True):
    """Asterisk is gone, and every leg and bridge with it; `reason` is for the records (crashed, hung, restarted)."""

    reason: str


class ClockStepped(Event, frozen=True):
    """The clock on the wall now shows `seconds` more than the engine's own, which never jumps.

    Opening hours go by the wall; deadlines go by the engine's own.
    """

    seconds: float


class PhoneTaken(Event, frozen=True):
    """A telephone is in a call that is none of the engine's: Asterisk brought it there while the engine was away."""

    phone: str


class PhoneGivenBack(Event, frozen=True):
    """That call is over."""

    phone: str


class CallAdopted(Event, frozen=True):
    """Asterisk has a call of which the engine knows nothing any more; the marks on its legs say what it was.

    `since`: when it began to wait (or to talk, or arrived), `until`: when its wait ends (seconds since 1970 UTC; 0:
    never). `queue` is a queue's id. `seat`, `seat_leg` and `bridge` are those of a conversation.
    """

    leg: str
    call: str
    project: str
    number: str
    caller: str
    state: AdoptedState
    version: int = 0
    queue: str = ""
    since: float = 0.0
    until: float = 0.0
    seat: str = ""
    seat_leg: str = ""
    bridge: str = ""


class CallForgotten(Event, frozen=True):
    """A call of an earlier run is over, and nobody can say any more what became of it: its records are closed."""

    call: str


class DegradedCallEnded(Event, frozen=True):
    """A call that Asterisk dealt with by itself while the engine was away; times in seconds since 1970 UTC.

    `answered_at` is 0 where nobody talked to the caller; `how`: what he was given (closed, rang, backup). `seat`:
    whose telephone took it. `recording`: whether there is one, under the id of the call.
    """

    call: str
    project: str
    number: str
    caller: str
    arrived_at: float
    answered_at: float
    ended_at: float
    how: DegradedWay
    seat: str = ""
    recording: bool = False


AnyOutage = (
    EngineResumed
    | AsteriskEnded
    | ClockStepped
    | PhoneTaken
    | PhoneGivenBack
    | CallAdopted
    | CallForgotten
    | DegradedCallEnded
)

"""A supervisor who takes part in a conversation: what he wants, and what there is of it."""

from __future__ import annotations

import msgspec

from acd.seat import Seat
from calls.requests import EarMode
from engine.call import Call
from engine.talk import CONVERSATION
from engine.timers import Timer


class Snoop(msgspec.Struct, eq=False):
    """A leg of our own that hears (and, when whispering, speaks to) `leg`; `up` once it is there."""

    id: str
    leg: str
    up: bool = False


class Listener(msgspec.Struct, eq=False):
    """One supervisor at one conversation, which he follows wherever it goes.

    `mode` is what he asked for last, `by` who asked. `leg`: his telephone's, `up` once he is there to listen; `timer`:
    how long it is rung. `bridge`: his own, empty until it is there; `inside`: the one in which his leg is (his own, the
    call's, or none); `heard`: the snoop that is in his own, never more than one: two of them hear each other.
    `at_caller` and `at_operator` are his snoops. `deaf`: an operator's leg at which no snoop could be. `told`: the
    mode, and the seat heard, that were noted last.
    """

    seat: Seat
    call: Call
    mode: EarMode
    by: str
    leg: str
    up: bool = False
    timer: Timer | None = None
    bridge: str = ""
    inside: str = ""
    heard: str = ""
    at_caller: Snoop | None = None
    at_operator: Snoop | None = None
    deaf: str = ""
    told: tuple[str, str] = ("", "")

    @property
    def in_conversation(self) -> bool:
        """Whether the caller has somebody to talk to at this moment."""
        return self.call.state in CONVERSATION

    @property
    def operator(self) -> str:
        """The seat in charge of the conversation, empty where there is none."""
        seat = self.call.seat
        return seat.id if seat is not None and self.in_conversation else ""

    @property
    def operator_leg(self) -> str:
        """Its leg, empty where there is none."""
        seat = self.call.seat
        return seat.leg if seat is not None and self.in_conversation else ""

    @property
    def possible(self) -> EarMode:
        """What he asked for, as far as it can be at this moment; listening can be always."""
        if self.mode == "barge" and self.in_conversation and self.call.bridge:
            return "barge"
        if self.mode == "whisper" and self.operator_leg not in ("", self.deaf):
            return "whisper"
        return "listen"

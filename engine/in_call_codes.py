"""Keys pressed in a conversation: after a star they are for us, all others go to whoever listens.

A refusal is not said: the words would take the operator out of the conversation for as long as they last.
"""

from __future__ import annotations

from typing import NamedTuple

from acd.seat import Seat
from calls.events import DigitPressed
from calls.lifecycle import STATE
from calls.requests import (
    CompleteAsked,
    ConferenceAsked,
    ConsultAsked,
    EarAsked,
    HoldAsked,
    Request,
    RetrieveAsked,
    SwapAsked,
    TransferAsked,
)
from engine.call import Call
from engine.cannot import CannotError
from engine.ear import Ear
from engine.floor import Floor
from engine.requests import Requests
from engine.second_lines import SecondLines
from engine.star_codes import MODES, by
from engine.talk import CONVERSATION

PAUSE_S = 5.0
"""Keys that are further apart than this do not belong together."""

MOST_KEYS = 20
"""No number that can be dialled is longer."""

_SIMPLE: dict[str, type[CompleteAsked | RetrieveAsked | ConferenceAsked | SwapAsked]] = {
    "*4": CompleteAsked,
    "*5": RetrieveAsked,
    "*6": ConferenceAsked,
    "*7": SwapAsked,
}
_WITH_NUMBER: dict[str, type[TransferAsked | ConsultAsked]] = {"*2": TransferAsked, "*3": ConsultAsked}
_HOLD = "*1"


class Typed(NamedTuple):
    """What was typed on a leg so far, beginning with a star, and when the last key was."""

    keys: str
    at: float


class InCallCodes:
    """`*1` hold and retrieve, `*2NUMBER#` transfer, `*3NUMBER#` consult, `*4` complete, `*5` back to the caller, `*6`
    conference, `*7` swap; for a supervisor `*1` listen, `*2` whisper, `*3` barge, `*4` take over."""

    remembers = ("typed",)

    def __init__(self, floor: Floor, requests: Requests, ear: Ear, second_lines: SecondLines) -> None:
        self._floor = floor
        self._requests = requests
        self._ear = ear
        self._second_lines = second_lines
        self.typed: dict[str, Typed] = {}

    def pressed(self, event: DigitPressed, now: float) -> None:
        """One key on any leg."""
        seat = self._floor.seat_legs.get(event.leg) or self._second_lines.seat_at(event.leg)
        if seat is None:
            return
        keys = self._keys(event, now)
        if not keys:
            return
        call = self._floor.calls.get(seat.call)
        if self._ear.listener_at(event.leg) is not None:
            request, more = self._of_supervisor(seat, keys), len(keys) == 1
        elif call is not None and call.seat is seat and call.state in CONVERSATION:
            request, more = self._of_operator(seat, call, keys), _goes_on(keys)
        else:
            return
        if request is not None:
            self._ask(request, now)
        elif more:
            self.typed[event.leg] = Typed(keys, now)

    def hung_up(self, leg: str) -> None:
        """Nobody types here any more."""
        self.typed.pop(leg, None)

    def _keys(self, event: DigitPressed, now: float) -> str:
        """What stands there with this key; a star begins anew, and without one there is nothing of ours."""
        before = self.typed.pop(event.leg, None)
        if event.digit == "*":
            return "*"
        if before is None or now - before.at > PAUSE_S:
            return ""
        return before.keys + event.digit

    @staticmethod
    def _of_supervisor(seat: Seat, keys: str) -> Request | None:
        mode = MODES.get(keys[1:])
        return EarAsked(seat.id, mode, by=by(seat)) if mode is not None else None

    def _of_operator(self, seat: Seat, call: Call, keys: str) -> Request | None:
        if keys == _HOLD:
            kind = HoldAsked if call.state is STATE.TALKING else RetrieveAsked
            return kind(seat.id, by=by(seat)) if call.state is not STATE.CONSULTING else None
        if keys in _SIMPLE:
            return _SIMPLE[keys](seat.id, by=by(seat))
        if not keys.endswith("#"):
            return None
        to = self._floor.centre.telephone(keys[2:-1])
        return _WITH_NUMBER[keys[:2]](seat.id, *to, by=by(seat)) if to is not None else None

    def _ask(self, request: Request, now: float) -> None:
        try:
            self._requests.table[type(request)](request, now)
        except CannotError:
            return


def _goes_on(keys: str) -> bool:
    """Whether more keys are to be waited for."""
    if len(keys) == 1:
        return True
    return keys[:2] in _WITH_NUMBER and len(keys) <= MOST_KEYS and not keys[2:].strip("0123456789")

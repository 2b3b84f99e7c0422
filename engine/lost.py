"""Asterisk is gone, and with it every leg, bridge and recording: what is lost, and what is kept.

Kept: who sits where, breaks, records that are being written, and whom we owe a call. A telephone cannot be reached
until it is told anew that it can.
"""

from __future__ import annotations

from acd.seat import Seat
from calls.commands import OverrideHours, SendNotice
from calls.lifecycle import MOVE, OUTCOME, STATE
from calls.notes import AnyNote
from calls.outages import AsteriskEnded
from engine.call import Call
from engine.floor import Floor
from engine.phones import Phones
from engine.seats import Seats
from engine.talk import CONVERSATION
from engine.telephones import Telephones

NOT_FOR_ASTERISK = AnyNote | OverrideHours | SendNotice
"""Whatever else the engine says is said to Asterisk."""


class Lost:
    """The end of every call that was in Asterisk, all in one step."""

    def __init__(self, floor: Floor, seats: Seats, telephones: Telephones, phones: Phones) -> None:
        self._floor = floor
        self._seats = seats
        self._telephones = telephones
        self._phones = phones

    def asterisk_ended(self, event: AsteriskEnded, now: float) -> None:
        """Forget all that was there, and say nothing to somebody who hears nothing."""
        floor = self._floor
        for seat in floor.seats.values():
            seat.reachable = seat.taken = False  # first: nobody is to be offered a caller who is lost next
        for call in [*floor.calls.values()]:
            if not _outlives(call):
                self._lose(call, now)
        self._phones.gone(floor.seat_legs)
        floor.seat_legs.clear()
        floor.parties.clear()
        for seat in floor.seats.values():
            self._off_the_telephone(seat, now)
        floor.out[:] = [command for command in floor.out if isinstance(command, NOT_FOR_ASTERISK)]

    def _off_the_telephone(self, seat: Seat, now: float) -> None:
        seat.leg = ""
        self._seats.settle(seat, now)

    def _lose(self, call: Call, now: float) -> None:
        floor, seat = self._floor, call.seat
        talked = call.state in CONVERSATION
        if call.queue:
            floor.router.leave(call.id, call.queue)
        for party in (*call.parties, *([call.transfer] if call.transfer else [])):
            self._telephones.forgotten(party)
        floor.bridges.pop(call.bridge, None)
        floor.caller_gone(call)
        floor.decide(call, OUTCOME.LOST_SYSTEM)
        floor.move(call, MOVE.LOST, seat.id if seat is not None else "")
        call.seat = None
        call.rings, call.late = [], []
        floor.close(call)
        if talked and seat is not None:
            seat.leg = ""
            self._seats.wrap_up(seat, call, now)


def _outlives(call: Call) -> bool:
    """Whose conversation is over already, or who waits at home to be called back, has nothing in Asterisk."""
    if call.state is STATE.WRAP_UP:
        return True
    return call.direction == "callback" and call.state is STATE.QUEUED and not call.leg

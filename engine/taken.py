"""Telephones of seats that are in a call that is none of ours: Asterisk brought it there while the engine was away."""

from __future__ import annotations

from acd.seat import Seat
from calls.commands import HangUp
from calls.lifecycle import SEAT
from calls.outages import PhoneGivenBack, PhoneTaken
from engine.floor import Floor
from engine.ringing import BUSY, Ringing
from engine.seats import Seats


class Taken:
    """Such a seat talks, with nobody of ours: it is not rung, and what it was before goes on afterwards."""

    def __init__(self, floor: Floor, seats: Seats, ringing: Ringing) -> None:
        self._floor = floor
        self._seats = seats
        self._ringing = ringing

    def taken(self, event: PhoneTaken, now: float) -> None:
        """Not ours from now on. A caller for whom it rings is offered to somebody else; nobody has missed him."""
        seat = self._floor.seats.get(event.phone)
        if seat is None or seat.taken:
            return
        seat.taken = True
        if seat.leg:
            self._ring_no_more(seat, now)
        else:
            self._seats.settle(seat, now)

    def given_back(self, event: PhoneGivenBack, now: float) -> None:
        """Free again, as far as its user is."""
        seat = self._floor.seats.get(event.phone)
        if seat is not None and seat.taken:
            seat.taken = False
            self._seats.settle(seat, now)

    def _ring_no_more(self, seat: Seat, now: float) -> None:
        call = self._floor.calls.get(seat.call)
        if call is not None and seat in call.rings and seat.state is SEAT.RINGING:
            self._floor.out.append(HangUp(seat.leg, "busy"))
            self._ringing.seat_leg_ended(seat, call, BUSY, now)

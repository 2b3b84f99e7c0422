"""Calls of ours on their way to their party: an operator is there first, then the party is rung."""

from __future__ import annotations

from typing import Protocol

from acd.seat import Seat
from calls.commands import HangUp, StartRinging, StopRinging
from calls.lifecycle import MOVE, Move, Outcome
from calls.notes import Direction, NoteArrived
from engine.call import Call, Party
from engine.floor import Floor
from engine.ringing import Ringing
from engine.telephones import Telephones


class Owner(Protocol):
    """Who makes the calls of one direction, and knows what is to follow. Nobody has talked in them yet."""

    def operator_there(self, call: Call, seat: Seat, now: float) -> None:
        """An operator has picked up; the party is to be rung."""

    def operator_left(self, call: Call, seat: Seat, cause: int, now: float) -> None:
        """The operator's telephone is on the hook before he and the party talked."""

    def gives_up(self, call: Call, now: float) -> None:
        """He asked for that himself: his telephone is to be hung up."""

    def not_reached(self, call: Call, now: float) -> None:
        """The party did not pick up, or could not be rung; its leg is done with."""

    def connection_failed(self, call: Call, now: float) -> None:
        """Both are there, and could not be brought together."""

    def connected(self, call: Call) -> None:
        """Both talk; said of every time that a call comes into a bridge of a seat."""


class Dialling:
    """What calls back and an operator's own calls have in common. `owners` are put in by whoever makes them.

    The party's leg is `call.leg`, as a caller's would be: whatever is done in a conversation is done with it. It is
    a party of the floor's besides, so that a telephone of ours that is rung by this is known to be in use.
    """

    def __init__(self, floor: Floor, telephones: Telephones, ringing: Ringing) -> None:
        self._floor = floor
        self._telephones = telephones
        self._ringing = ringing
        self.owners: dict[Direction, Owner] = {}
        ringing.picked_up = self.operator_there

    @staticmethod
    def pending(call: Call) -> bool:
        """Whether this is a call of ours in which operator and party have not talked yet."""
        return call.direction != "in" and call.outcome is None

    # ---- its course

    def begin(self, call: Call) -> None:
        """A call of ours is there; nobody is dialled yet."""
        self._floor.calls[call.id] = call
        self._floor.out.append(
            NoteArrived(call.id, "", call.project.project, call.number, call.caller, call.direction)
        )

    def operator_there(self, call: Call, seat: Seat, now: float) -> None:
        """Somebody has picked up for a call whose party is still to be dialled."""
        if self.pending(call):
            self.owners[call.direction].operator_there(call, seat, now)

    def dial(self, to: Party, shown: str, title: str, ring_s: float, now: float) -> None:
        """Ring the party, with a number and a name to be shown there; the operator hears that it rings."""
        floor, call = self._floor, to.call
        assert call.seat is not None  # who has picked up
        floor.out.append(StartRinging(call.seat.leg))
        self._telephones.ring(to, shown, title)
        call.leg = to.id
        floor.callers[call.leg] = call
        call.timer = floor.timers.set(now + ring_s, "dial", call.id)

    def answered(self, call: Call, now: float) -> None:
        """The party has picked up."""
        if not self.pending(call) or call.answered or call.seat is None:
            return
        call.answered = True
        self._floor.timers.cancel(call.timer)
        self._floor.out.append(StopRinging(call.seat.leg))
        self._ringing.connect(call, now)

    def connected(self, call: Call) -> None:
        """A call of ours came into a bridge with a seat."""
        self.owners[call.direction].connected(call)

    # ---- what may go wrong

    def rang_long_enough(self, call: Call, now: float) -> None:
        """The party did not pick up; or the operator did not, who wanted to call it."""
        call.timer = None
        if call.leg:
            self._floor.hang_up_caller(call, "no_answer")
            self.owners[call.direction].not_reached(call, now)
        else:
            self.over(call, Outcome.CANCELLED, MOVE.HUNG_UP)

    def party_left(self, call: Call, now: float) -> None:
        """The party's leg is gone before anybody talked to it."""
        self._floor.caller_gone(call)
        self.owners[call.direction].not_reached(call, now)

    def operator_left(self, call: Call, seat: Seat, cause: int, now: float) -> None:
        """So is the operator's."""
        self.owners[call.direction].operator_left(call, seat, cause, now)

    def connection_failed(self, call: Call, now: float) -> None:
        """The two could not be brought together."""
        self.owners[call.direction].connection_failed(call, now)

    def give_up(self, seat: Seat, now: float) -> Call | None:
        """The operator at a seat does not want to wait for the party any more; None: he waits for none."""
        call = self._floor.calls.get(seat.call)
        if call is None or call.seat is not seat or not self.pending(call):
            return None
        self.owners[call.direction].gives_up(call, now)
        return call

    def over(self, call: Call, outcome: Outcome, move: Move = MOVE.ENDED) -> None:
        """It came to nothing: the party is not rung any more, and the operator is free without a wrap-up."""
        floor, seat = self._floor, call.seat
        floor.drop_bridge(call)
        if floor.callers.get(call.leg) is call:
            floor.hang_up_caller(call)
        floor.timers.cancel(call.timer)
        call.timer = call.seat = None
        if seat is not None:
            seat.call = ""
            floor.out.append(HangUp(seat.leg))
        floor.decide(call, outcome)
        floor.move(call, move)
        floor.close(call)

"""What happens to single legs, brought to whoever has to do with them."""

from __future__ import annotations

from acd.seat import Seat
from calls.commands import HangUp
from calls.events import CommandFailed, GuidanceFinished, LegAnswered, LegEnded, LegsConnected
from calls.lifecycle import MOVE, OUTCOME, STATE
from engine.call import Call, Party
from engine.desk import Desk
from engine.dialling import Dialling
from engine.errands import Errands
from engine.floor import Floor
from engine.guide import Guide
from engine.ringing import Ringing
from engine.seats import Seats
from engine.talk import CONVERSATION, Talk
from engine.telephones import Telephones
from engine.transfers import Transfers
from engine.waiting import Waiting

UNREACHABLE = 20
"""The Q.850 cause of a telephone that is not there."""

GONE = 404
"""What Asterisk answers where the leg, bridge or playback of a command is no more."""


class Legs:
    """Whose leg is it, and what is he doing: that decides who is told."""

    def __init__(
        self,
        floor: Floor,
        seats: Seats,
        guide: Guide,
        waiting: Waiting,
        errands: Errands,
        telephones: Telephones,
        ringing: Ringing,
        desk: Desk,
        transfers: Transfers,
        talk: Talk,
        dialling: Dialling,
    ) -> None:
        self._floor = floor
        self._seats = seats
        self._guide = guide
        self._waiting = waiting
        self._errands = errands
        self._telephones = telephones
        self._ringing = ringing
        self._desk = desk
        self._transfers = transfers
        self._talk = talk
        self._dialling = dialling

    def played(self, event: GuidanceFinished, now: float) -> None:
        """A guidance is over, or could not be played."""
        call = self._floor.calls.get(event.playback.partition(".")[0])
        if call is not None:
            listens = self._guide if call.state is STATE.IVR else self._waiting.notices
            listens.played(call, event.playback, now, ok=event.ok)

    def answered(self, event: LegAnswered, now: float) -> None:
        """A telephone that we rang was picked up."""
        floor, leg = self._floor, event.leg
        if (call := floor.callers.get(leg)) is not None:
            self._dialling.answered(call, now)
        elif (seat := floor.seat_legs.get(leg)) is not None:
            self._seat_answered(seat, now)
        elif (party := floor.parties.get(leg)) is not None:
            if party.call.transfer is party:
                self._transfers.answered(party, now)
            else:
                self._talk.answered(party)

    def _seat_answered(self, seat: Seat, now: float) -> None:
        call = self._floor.calls.get(seat.call)
        if call is not None and call.state is STATE.ARRIVED:  # his own call, that he wants to make
            self._dialling.operator_there(call, seat, now)
        else:
            self._ringing.seat_answered(seat, now)

    def connected(self, event: LegsConnected, now: float) -> None:
        """Two legs are in a bridge."""
        call = self._floor.bridges.get(event.bridge)
        if call is None:
            return
        if call.state is STATE.TRANSFERRED:
            self._transfers.connected(call)
        else:
            self._ringing.connected(call, now)
            if call.direction != "in" and call.state is STATE.TALKING:
                self._dialling.connected(call)

    def connection_failed(self, bridge: str, now: float) -> None:
        """Two legs could not be brought into a bridge, or nothing was heard of it for too long."""
        call = self._floor.bridges.get(bridge)
        if call is None:
            return
        if call.state is STATE.TRANSFERRED:
            self._transfers.connection_failed(call, now)
        elif self._dialling.pending(call):
            self._dialling.connection_failed(call, now)
        else:
            self._ringing.connection_failed(call, now)

    def ended(self, event: LegEnded, now: float) -> None:
        """A leg is gone, whoever ended it."""
        floor, leg = self._floor, event.leg
        if (call := floor.callers.get(leg)) is not None:
            self._caller_left(call, now)
        seat = floor.seat_legs.pop(leg, None)
        if seat is not None:
            if seat.leg == leg:  # else its user has dialled again before we were told of this end
                self._seat_ended(seat, event.cause, now)
        elif (party := floor.parties.pop(leg, None)) is not None:
            self._party_left(party, now)

    def _seat_ended(self, seat: Seat, cause: int, now: float) -> None:
        seat.leg = ""
        call = self._floor.calls.get(seat.call)
        if call is None:
            self._seats.settle(seat, now)
        elif call.direction != "in" and call.seat is seat and self._dialling.pending(call):
            self._dialling.operator_left(call, seat, cause, now)
        elif call.state is STATE.RINGING:
            self._ringing.seat_leg_ended(seat, call, cause, now)
        elif call.seat is seat and call.state in CONVERSATION:
            self._talk.operator_left(call, seat, now)
        else:
            self._seats.settle(seat, now)

    def _party_left(self, party: Party, now: float) -> None:
        call, seat = party.call, party.seat
        if seat is not None and seat.leg == party.id:
            seat.leg = ""
        if call.rings_at(party.id):
            self._transfers.not_picked_up(party, now)
        elif call.transfer is party:
            self._telephones.forgotten(party)
            self._floor.hang_up_caller(call)
            self._talk.finish(call, now)
        elif party in call.parties:
            self._talk.party_left(party)
        if seat is not None:
            self._seats.settle(seat, now)

    def _caller_left(self, call: Call, now: float) -> None:
        if call.direction != "in" and self._dialling.pending(call):
            self._dialling.party_left(call, now)
        elif call.state is STATE.IVR:
            self._left_flow(call, now)
        elif call.state in CONVERSATION:
            self._talk.caller_left(call, now)
        elif call.state is STATE.TRANSFERRED:
            self._transfers.caller_left(call)
        else:
            self._desk.caller_left(call, now)

    def _left_flow(self, call: Call, now: float) -> None:
        floor = self._floor
        got = self._errands.left_behind(call, now) or call.position.outcome
        floor.decide(call, got or OUTCOME.ABANDONED_IVR)
        floor.move(call, MOVE.HUNG_UP)
        floor.caller_gone(call)
        floor.close(call)

    def command_failed(self, event: CommandFailed, now: float) -> None:
        """What was asked of a telephone was refused, or never got there."""
        match event.name:
            case "RingSeat" | "RingTelephone":
                self.ended(LegEnded(event.subject, UNREACHABLE), now)
            case "PlayGuidance":
                self.played(GuidanceFinished(event.subject, ok=False), now)
            case "ConnectLegs":
                self.connection_failed(event.subject, now)
            case "StartMessage":
                self._errands.message_finished(event.subject, 0.0, now)
            case "AddToBridge" if event.status != GONE:
                # Its end is told then: nobody stays where nobody hears him.
                self._floor.out.append(HangUp(event.subject))
            case "HangUp" | "AnswerLeg" | "AddToBridge" | "StartEarlyMedia" if event.status == GONE:
                self.ended(LegEnded(event.subject), now)

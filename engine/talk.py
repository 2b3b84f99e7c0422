"""The conversation and what an operator may do with it: hold, consult, confer, transfer, and its end."""

from __future__ import annotations

from acd.seat import Seat
from calls.command import TargetKind
from calls.commands import AddToBridge, HangUp, RemoveFromBridge, StartMusic, StopMusic
from calls.lifecycle import MOVE, SEAT, STATE, State
from calls.notes import NoteTalk
from engine.call import Call, Party
from engine.cannot import conflict
from engine.desk import Desk
from engine.floor import Floor
from engine.seats import Seats
from engine.telephones import RING_S, Telephones
from engine.transfers import Transfers

CONVERSATION = frozenset({State.TALKING, State.HELD, State.CONSULTING})


class Talk:
    """One bridge holds whoever hears each other; whoever waits is outside of it and hears music.

    Beside the caller and the operator in charge there is at most one third party: consulted, or joined to both.
    Every request raises CannotError, and changes nothing, where the call is in no state for it.
    """

    def __init__(
        self, floor: Floor, seats: Seats, telephones: Telephones, desk: Desk, transfers: Transfers
    ) -> None:
        self._floor = floor
        self._seats = seats
        self._telephones = telephones
        self._desk = desk
        self._transfers = transfers

    # ---- whose call

    def call_of(self, seat: Seat, *states: State) -> Call:
        """The conversation of which a seat is in charge; `states`: those that it has to be in."""
        call = self._floor.calls.get(seat.call)
        if call is None or call.seat is not seat or call.state not in CONVERSATION:
            raise conflict(f"{seat.id} is in no conversation of its own", seat.state)
        if states and call.state not in states:
            raise conflict(f"the conversation at {seat.id} is in no state for that", call.state)
        return call

    @staticmethod
    def third(call: Call) -> Party | None:
        """The third party, be it rung, talking or waiting."""
        return call.parties[0] if call.parties else None

    def _third_talking(self, call: Call) -> Party:
        party = self.third(call)
        if party is None or not party.talking:
            raise conflict("nobody else is in this conversation", call.state)
        return party

    # ---- hold

    def hold(self, seat: Seat) -> Call:
        """The caller hears music."""
        call = self.call_of(seat, STATE.TALKING)
        self._out(call)
        self._floor.move(call, MOVE.HELD, seat.id)
        self._floor.note_seat(seat, SEAT.HOLDING)
        return call

    def retrieve(self, seat: Seat) -> Call:
        """Back to the caller; a consulted party is let go."""
        call = self.call_of(seat, STATE.HELD, STATE.CONSULTING)
        party = self.third(call)
        if party is not None and party.role == "consulted":
            self._telephones.let_go(party)
        self._back_in(call, seat)
        return call

    def _out(self, call: Call) -> None:
        self._floor.out.append(RemoveFromBridge(call.bridge, call.leg))
        self._floor.start_music(call)

    def _in(self, call: Call) -> None:
        if call.music:
            self._floor.stop_music(call)
            self._floor.out.append(AddToBridge(call.bridge, call.leg))

    def _back_in(self, call: Call, seat: Seat) -> None:
        self._in(call)
        self._floor.move(call, MOVE.RETRIEVED, seat.id)
        self._floor.note_seat(seat, SEAT.TALKING)

    # ---- a third party

    def consult(self, seat: Seat, kind: TargetKind, target: str, now: float) -> Call:
        """Ring somebody while the caller hears music."""
        call = self.call_of(seat, STATE.TALKING, STATE.HELD)
        if self.third(call) is not None:
            raise conflict("there is a third party in this conversation already", call.state)
        party = self._telephones.found(call, kind, target)
        party.role = "consulted"
        if call.state is STATE.TALKING:
            self._out(call)
        self._floor.move(call, MOVE.CONSULTED, seat.id)
        self._floor.note_seat(seat, SEAT.CONSULTING)
        call.parties.append(party)
        self._telephones.ring(party)
        party.timer = self._floor.timers.set(now + RING_S, "party", party.id)
        return call

    def answered(self, party: Party) -> None:
        """The consulted party has picked up."""
        if party.talking or party not in party.call.parties:
            return
        self._floor.timers.cancel(party.timer)
        party.timer = None
        self._floor.out.append(AddToBridge(party.call.bridge, party.id))
        self._telephones.talks(party)

    def rang_long_enough(self, leg: str) -> None:
        """The consulted party did not pick up."""
        party = self._floor.parties.get(leg)
        if party is not None and party in party.call.parties and not party.talking:
            self._telephones.let_go(party, "no_answer")
            self._alone_again(party.call)

    def party_left(self, party: Party) -> None:
        """A third party is on the hook again, picked up or not."""
        self._telephones.forgotten(party)
        if party.role == "consulted":
            self._alone_again(party.call)

    def _alone_again(self, call: Call) -> None:
        if call.state is STATE.CONSULTING:
            assert call.seat is not None  # who consults
            self._floor.move(call, MOVE.HELD, call.seat.id)
            self._floor.note_seat(call.seat, SEAT.HOLDING)

    def swap(self, seat: Seat) -> Call:
        """From the consulted party to the caller, or back; the other one hears music."""
        call = self.call_of(seat, STATE.CONSULTING, STATE.TALKING)
        party = self._third_talking(call)
        if party.role != "consulted":
            raise conflict("all of you talk together", call.state)
        if call.state is STATE.CONSULTING:
            party.held = True
            self._floor.out += (RemoveFromBridge(call.bridge, party.id), StartMusic(party.id))
            self._back_in(call, seat)
        else:
            self._out(call)
            self._party_in(party)
            self._floor.move(call, MOVE.CONSULTED, seat.id)
            self._floor.note_seat(seat, SEAT.CONSULTING)
        return call

    def _party_in(self, party: Party) -> None:
        if party.held:
            party.held = False
            self._floor.out += (StopMusic(party.id), AddToBridge(party.call.bridge, party.id))

    def conference(self, seat: Seat) -> Call:
        """Caller, operator and consulted party talk together."""
        call = self.call_of(seat)
        party = self._third_talking(call)
        if party.role == "joined":
            raise conflict("all of you talk together already", call.state)
        self._floor.out.append(NoteTalk(call.id, party.who, "consulted", talking=False))
        party.role = "joined"
        self._party_in(party)
        self._telephones.talks(party)
        if call.state is STATE.TALKING:
            self._in(call)
        else:
            self._back_in(call, seat)
        return call

    # ---- transfer

    def transfer(self, seat: Seat, kind: TargetKind, target: str, now: float) -> Call:
        """Send the caller on without a word; if nobody is reached, he comes back."""
        call = self.call_of(seat)
        if kind == "seat" and target == seat.id:
            raise conflict("the caller is here already", seat.state)
        to = self._telephones.found(call, kind, target)
        self._alone(call)
        call.sender = seat
        self._gone(call, seat, now)
        self._transfers.ring(to, now, RING_S)
        return call

    def complete(self, seat: Seat, now: float) -> Call:
        """Caller and third party go on without the operator; one who is still rung gets the caller when he picks up."""
        call = self.call_of(seat)
        party = self.third(call)
        if party is None:
            raise conflict("nobody was asked yet to whom the caller could go", call.state)
        if party.talking:
            self._hand_over(call, seat, party, now)
        else:
            self._alone(call, but=party)
            call.sender = seat
            self._gone(call, seat, now)
            self._transfers.rings_already(party)
        return call

    def _hand_over(self, call: Call, seat: Seat, party: Party, now: float) -> None:
        floor = self._floor
        self._party_in(party)
        self._in(call)
        floor.move(call, MOVE.TRANSFERRED, party.seat_id)
        self._gone(call, seat, now)
        floor.move(call, MOVE.ANSWERED, party.seat_id)
        self._telephones.takes_charge(party)

    def _alone(self, call: Call, but: Party | None = None) -> None:
        """Nobody hears the caller any more: whoever else is in the conversation is let go."""
        for party in [*call.parties]:
            if party is not but:
                self._telephones.let_go(party)
        self._floor.drop_bridge(call)

    def _gone(self, call: Call, seat: Seat, now: float) -> None:
        call.seat = None
        if seat.leg:
            self._floor.out.append(HangUp(seat.leg))
        self._seats.wrap_up(seat, call, now)

    # ---- the end

    def hang_up(self, seat: Seat, now: float) -> Call:
        """The operator is done with the caller."""
        call = self.call_of(seat)
        self._floor.hang_up_caller(call)
        self.finish(call, now)
        return call

    def operator_left(self, call: Call, seat: Seat, now: float) -> None:
        """The operator's telephone is on the hook, or gone.

        Who consults somebody hands the caller over by that; a caller on hold is not lost by it.
        """
        party = self.third(call)
        if call.state is STATE.CONSULTING and party is not None:
            self.complete(seat, now)
        elif call.state is STATE.TALKING:
            self._floor.hang_up_caller(call)
            self.finish(call, now)
        else:
            self._alone(call)
            call.seat = None
            self._floor.move(call, MOVE.TRANSFERRED, seat.id)
            self._desk.find_line(call)
            self._floor.move(call, MOVE.RETURNED, seat.id)
            self._desk.take_back(call, seat, now)
            self._seats.settle(seat, now)

    def caller_left(self, call: Call, now: float) -> None:
        """The caller has hung up in the conversation."""
        self._floor.caller_gone(call)
        self.finish(call, now)

    def finish(self, call: Call, now: float) -> None:
        """The conversation is over: the caller's leg is done with, everybody else's is ended."""
        floor, seat, to = self._floor, call.seat, call.transfer
        floor.drop_bridge(call)
        for party in [*call.parties]:
            self._telephones.let_go(party)
        if to is not None:
            self._telephones.let_go(to)
        floor.move(call, MOVE.FINISHED, seat.id if seat is not None else "")
        if seat is None:
            floor.move(call, MOVE.WRAPPED_UP)
            floor.close(call)
            return
        if seat.leg:
            floor.out.append(HangUp(seat.leg))
        self._seats.wrap_up(seat, call, now)

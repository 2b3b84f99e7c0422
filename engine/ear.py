"""The supervisor's ear: he hears a conversation, whispers to its operator, joins it, or takes it over.

A conversation changes its bridges and its operator without asking who listens; `sync`, after every step, brings each
listener after it.
"""

from __future__ import annotations

from acd.seat import Seat
from calls.command import HangUpReason
from calls.commands import AddToBridge, HangUp, RingTelephone
from calls.events import CommandFailed
from calls.lifecycle import MOVE, SEAT
from calls.notes import EarState, NoteEar
from calls.requests import EarAsked, EarClosed
from engine.call import Call
from engine.cannot import conflict, forbidden, unknown
from engine.floor import Floor
from engine.listener import Listener
from engine.monitor import Monitor
from engine.seats import Seats
from engine.talk import CONVERSATION
from engine.telephones import RING_S, Telephones

BY_SEAT = "seat:"
"""How the `by` of a request begins that came from a telephone: nobody has checked yet whether it may."""


class Ear:
    """Everybody who listens; one conversation at a time for each of them. `listening`: by the seat's id."""

    remembers = ("listening",)

    def __init__(self, floor: Floor, seats: Seats, telephones: Telephones) -> None:
        self._floor = floor
        self._seats = seats
        self._telephones = telephones
        self._monitor = Monitor(floor)
        self.listening: dict[str, Listener] = {}

    def legs(self) -> set[str]:
        """The legs that are there for nothing but listening; the supervisors' own are their seats'."""
        return set(self._monitor.snoops)

    # ---- what somebody asks for

    def asked(self, event: EarAsked, now: float) -> str:
        """Begin, or take part in another way; the supervisor's telephone is rung where it is not up already."""
        seat = self._seats.named(event.seat)
        one = self.listening.get(seat.id)
        if one is not None:
            self._change(one, event, now)
            return one.call.id
        call = self._wanted(seat, event, "")
        self._ring(self._begin(seat, call, event, f"{call.id}.e{call.asks + 1}"), now)
        return call.id

    def dialled(self, event: EarAsked, leg: str) -> str:
        """The same from a leg that the supervisor's telephone has dialled; he begins to hear at `picked_up`."""
        seat = self._seats.named(event.seat)
        call = self._wanted(seat, event, leg)
        self._begin(seat, call, event, leg)
        self._floor.note_seat(seat, SEAT.TALKING)
        return call.id

    def closed(self, event: EarClosed, now: float) -> str:
        """Enough."""
        one = self.listening.get(self._seats.named(event.seat).id)
        if one is None:
            raise conflict(f"{event.seat} hears no conversation", self._seats.named(event.seat).state)
        one.by = event.by or one.by
        self._end(one)
        return one.call.id

    def _wanted(self, seat: Seat, event: EarAsked, leg: str) -> Call:
        """The call to be heard; raises CannotError where it cannot be. `leg`: of his that is up already."""
        if not event.target:
            raise conflict(f"{seat.id} hears no conversation", seat.state)
        call = self._conversation(event.target)
        if event.by.startswith(BY_SEAT) and not self._may(seat, call):
            raise forbidden(f"{seat.id} supervises no conversations of {call.project.project}")
        if seat.wrapping or seat.taken or seat.leg != leg:
            raise conflict(f"{seat.id} is in use", seat.state)
        if not (leg or seat.reachable):
            raise conflict(f"the telephone of {seat.id} cannot be reached", seat.state)
        return call

    def _conversation(self, target: str) -> Call:
        seat = self._floor.seats.get(target)
        if seat is None:
            call = self._floor.calls.get(target)
            if call is None:
                raise unknown(f"there is no seat and no call '{target}'")
            if call.state not in CONVERSATION:
                raise conflict(f"{call.id} is no conversation", call.state)
            return call
        call = self._floor.calls.get(seat.call)
        if call is None or call.seat is not seat or call.state not in CONVERSATION:
            raise conflict(f"{target} is in no conversation", seat.state)
        return call

    def _may(self, seat: Seat, call: Call) -> bool:
        centre = self._floor.centre
        person = centre.people.get(seat.operator)
        return centre.may_supervise(centre.plans[seat.id], person, call.project.project)

    def _begin(self, seat: Seat, call: Call, event: EarAsked, leg: str) -> Listener:
        floor = self._floor
        call.asks += 1
        one = self.listening[seat.id] = Listener(seat, call, event.mode, event.by, leg)
        floor.router.seat_gone(seat)
        seat.call, seat.leg = call.id, leg
        floor.seat_legs[leg] = seat
        self._tell(one)
        return one

    def _ring(self, one: Listener, now: float) -> None:
        floor, seat, call = self._floor, one.seat, one.call
        floor.note_seat(seat, SEAT.RINGING)
        # It does not name the call, of which it is no party: records would take it for one to whom it is transferred.
        floor.out.append(
            RingTelephone("seat", seat.id, seat.id, one.leg, "", "", call.caller, call.project.name)
        )
        one.timer = floor.timers.set(now + RING_S, "ear", seat.id)

    def _change(self, one: Listener, event: EarAsked, now: float) -> None:
        if event.target not in ("", one.call.id, one.operator):
            raise conflict(f"{one.seat.id} hears another conversation", one.seat.state)
        if event.mode == "take_over" and not one.in_conversation:
            raise conflict(f"nobody has {one.call.id} at this moment", one.call.state)
        one.by, one.mode, one.deaf = event.by or one.by, event.mode, ""
        if event.mode == "take_over" and one.up:
            self._take_over(one, now)

    # ---- his telephone

    def picked_up(self, leg: str, now: float) -> None:
        """The supervisor is there."""
        one = self._at(leg)
        if one is None or one.up:
            return
        one.up = True
        self._floor.timers.cancel(one.timer)
        self._floor.note_seat(one.seat, SEAT.TALKING)
        if one.mode == "take_over" and one.in_conversation:
            self._take_over(one, now)
        elif one.mode == "take_over":  # it has got away in the meantime: he sees where it goes
            one.mode = "listen"

    def rang_long_enough(self, seat: str) -> None:
        """He did not pick up."""
        one = self.listening.get(seat)
        if one is not None and not one.up:
            self._end(one, "no_answer")

    def hung_up(self, leg: str) -> None:
        """A leg is gone, be it his or one of his snoops; what becomes of his seat is not decided here."""
        one = self._at(leg)
        if one is not None:
            self._forget(one)
        elif (deaf := self._monitor.snoop_is_gone(leg)) is not None:
            self._end(deaf)

    def snoop_is_there(self, leg: str) -> None:
        """A snoop can be heard."""
        self._monitor.snoop_is_there(leg)

    def failed(self, event: CommandFailed) -> None:
        """Whose snoop or bridge could not be had hears no more; a leg that got nowhere is hung up by others."""
        if event.name in ("SnoopLeg", "AddToBridge"):
            self.hung_up(event.subject)
        elif event.name == "ConnectLegs":
            for one in [one for one in self.listening.values() if one.bridge == event.subject]:
                self._end(one)

    def _at(self, leg: str) -> Listener | None:
        seat = self._floor.seat_legs.get(leg)
        one = self.listening.get(seat.id) if seat is not None else None
        return one if one is not None and one.leg == leg else None

    def listener_at(self, leg: str) -> Listener | None:
        """Who listens with this leg, if anybody does."""
        one = self._at(leg)
        return one if one is not None and one.up else None

    # ---- after every step

    def sync(self) -> None:
        """Bring everybody after his conversation; it is over when its caller is gone."""
        for one in [*self.listening.values()]:
            if self._floor.callers.get(one.call.leg) is not one.call:
                self._end(one)
                continue
            if one.up:
                self._monitor.place(one)
            self._tell(one)

    def _tell(self, one: Listener) -> None:
        told = one.possible, one.operator
        if told != one.told:
            one.told = told
            self._note(one, one.possible)

    def _note(self, one: Listener, state: EarState) -> None:
        call, seat = one.call, one.seat.id
        self._floor.out.append(NoteEar(call.id, call.project.project, seat, one.operator, state, one.by))

    # ---- the end

    def _end(self, one: Listener, reason: HangUpReason = "normal") -> None:
        self._forget(one)
        self._floor.out.append(HangUp(one.leg, reason))

    def _forget(self, one: Listener) -> None:
        del self.listening[one.seat.id]
        self._floor.timers.cancel(one.timer)
        self._monitor.take_down(one)
        self._note(one, "ended")
        one.seat.call = ""

    def _take_over(self, one: Listener, now: float) -> None:
        """The supervisor is the operator in charge from now on; who was that writes his record."""
        floor, call, seat = self._floor, one.call, one.seat
        del self.listening[seat.id]
        self._note(one, "take_over")
        self._monitor.take_over(one)
        for party in [*call.parties]:
            if party.role == "consulted":
                self._telephones.let_go(party)
        if call.music:
            floor.stop_music(call)
            floor.out.append(AddToBridge(call.bridge, call.leg))
        floor.move(call, MOVE.TRANSFERRED, seat.id)
        self._relieve(call, now)
        floor.move(call, MOVE.ANSWERED, seat.id)
        call.seat = seat

    def _relieve(self, call: Call, now: float) -> None:
        before, call.seat = call.seat, None
        if call.transfer is not None:
            self._telephones.let_go(call.transfer)
        if before is not None:
            if before.leg:
                self._floor.out.append(HangUp(before.leg))
            self._seats.wrap_up(before, call, now)

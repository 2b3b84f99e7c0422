"""An operator's own calls: to the outside on behalf of a project, or to a colleague."""

from __future__ import annotations

import re

from acd.seat import Seat
from calls.commands import AnswerLeg, RingSeat
from calls.lifecycle import MOVE, OUTCOME, SEAT
from calls.notes import Direction
from calls.requests import DialAsked
from engine.call import NO_QUEUE, Call
from engine.cannot import CannotError, conflict, forbidden, unknown
from engine.centre import Person, SeatPlan
from engine.dialling import Dialling
from engine.floor import Floor
from engine.seats import Seats
from engine.telephones import Telephones
from ivr.project import Project

OPERATOR_RING_S = 30.0
"""So long the operator's own telephone rings who wants to call somebody."""

PARTY_RING_S = 60.0
"""So long it rings at the other end: the operator hears it, and gives up sooner if he wants."""


class Outbound:
    """Beginning such a call, and its end where nobody is reached.

    `out`: to a number outside, with the project's own number shown; recorded like any conversation of the project,
    with the wrap-up of its first queue. `internal`: to a seat or an extension; never recorded, and no record is to be
    written of it. A break goes on after either; a record that was being written is finished by it.
    """

    def __init__(self, floor: Floor, seats: Seats, telephones: Telephones, dialling: Dialling) -> None:
        self._floor = floor
        self._seats = seats
        self._telephones = telephones
        self._dialling = dialling
        dialling.owners |= {"out": self, "internal": self}

    # ---- asked for

    def dial(self, event: DialAsked, now: float) -> str:
        """Ring the operator's own telephone, and then the number; answers with the call's id."""
        seat = self._seats.named(event.seat)
        call = self._new(seat, event.number, event.project)
        self._begin(call, seat, "", now)
        self._floor.out.append(
            RingSeat(seat.id, seat.leg, call.id, "", call.caller, call.project.name, auto_answer=True)
        )
        call.timer = self._floor.timers.set(now + OPERATOR_RING_S, "dial", call.id)
        return call.id

    def dialled(self, seat: Seat, leg: str, number: str, now: float) -> str:
        """The operator has dialled at his telephone, and `leg` is his; answers with the call's id.

        Raises CannotError, and leaves the leg alone, where he cannot call now, or cannot call there.
        """
        call = self._new(seat, number, "", leg)
        self._floor.out.append(AnswerLeg(leg))
        self._begin(call, seat, leg, now)
        self.operator_there(call, seat, now)
        return call.id

    def _new(self, seat: Seat, number: str, project: str, leg: str = "") -> Call:
        floor, number = self._floor, re.sub(r"[-() ]", "", number)
        if not (seat.logged_in and seat.reachable):
            raise conflict(f"nobody is logged in at {seat.id}", seat.state)
        if seat.leg not in ("", leg) or seat.taken:
            raise conflict(f"{seat.id} is in use", seat.state)
        found = floor.centre.telephone(number)
        if found is None:
            raise unknown("nobody has that number: dial a seat's, an extension's, or 0 and a number outside")
        if found == ("seat", seat.id):
            raise conflict(f"that is the number of {seat.id} itself", seat.state)
        direction: Direction = "out" if found[0] == "outside" else "internal"
        of = self._project(seat, project, internal=direction == "internal")
        call = Call(
            "", "", of, of.numbers[0].number, number, floor.hours[of.project],
            floor.centre.version_of(of.project), direction,
        )  # fmt: skip
        if direction == "out":
            call.settings = next((queue.terms for queue in of.queues.values()), NO_QUEUE)
        self._telephones.found(call, *found)
        return call

    def _project(self, seat: Seat, name: str, *, internal: bool) -> Project:
        centre = self._floor.centre
        plan, person = self._who(seat)
        served = [each for each in centre.projects_at(plan, person) if each in centre.projects]
        if name and name not in centre.projects:
            raise unknown(f"there is no project '{name}'")
        if name and name not in served:
            raise forbidden(f"who sits at {seat.id} does not serve {name}")
        if internal:  # whoever looks after a project may call his colleagues
            served += [each for each in (person or plan).supervises if each in centre.projects]
        if not served:
            raise forbidden(f"who sits at {seat.id} serves no project on behalf of which he could call")
        return centre.projects[name or served[0]]

    def _who(self, seat: Seat) -> tuple[SeatPlan, Person | None]:
        centre = self._floor.centre
        return centre.plans[seat.id], centre.people.get(seat.operator)

    def _begin(self, call: Call, seat: Seat, leg: str, now: float) -> None:
        floor = self._floor
        call.id = floor.new_id(now)
        self._dialling.begin(call)
        floor.router.seat_gone(seat)
        seat.leg = leg or f"{call.id}.s1"
        floor.seat_legs[seat.leg] = seat
        self._seats.wrapped_up(seat, now)  # if he was: with a leg he gets no call by that
        seat.call, call.seat = call.id, seat
        floor.note_seat(seat, SEAT.RINGING)

    def give_up(self, seat: Seat, now: float) -> Call | None:
        """The operator at a seat does not want to wait for whom he calls; None: he waits for nobody."""
        return self._dialling.give_up(seat, now)

    # ---- its course

    def operator_there(self, call: Call, seat: Seat, now: float) -> None:
        """Ring the number."""
        floor = self._floor
        floor.timers.cancel(call.timer)
        call.timer = None
        floor.move(call, MOVE.DIALLED, seat.id)
        plan, person = self._who(seat)
        try:
            to = self._telephones.found(call, *(floor.centre.telephone(call.caller) or ("outside", "")))
        except CannotError:  # it has become busy meanwhile
            self.not_reached(call, now)
            return
        if call.direction == "out":
            self._dialling.dial(to, call.number, call.project.name, PARTY_RING_S, now)
        else:
            name = person.name if person is not None else ""
            self._dialling.dial(to, plan.number or seat.id, name or seat.id, PARTY_RING_S, now)

    def connected(self, call: Call) -> None:
        """A colleague's seat talks, too."""
        party = self._floor.parties.get(call.leg)
        if party is not None and party.seat is not None:
            self._floor.note_seat(party.seat, SEAT.TALKING)

    # ---- not reached

    def operator_left(self, call: Call, seat: Seat, cause: int, now: float) -> None:
        """He has given up."""
        call.seat = None
        self._dialling.over(call, OUTCOME.CANCELLED, MOVE.HUNG_UP)
        self._seats.settle(seat, now)

    def gives_up(self, call: Call, now: float) -> None:
        """So has he on the screen."""
        self._dialling.over(call, OUTCOME.CANCELLED, MOVE.HUNG_UP)

    def not_reached(self, call: Call, now: float) -> None:
        """Nobody is there."""
        self._dialling.over(call, OUTCOME.NOT_REACHED)

    def connection_failed(self, call: Call, now: float) -> None:
        """The two were there, and it was our fault."""
        self._dialling.over(call, OUTCOME.LOST_SYSTEM, MOVE.LOST)

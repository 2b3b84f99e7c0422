"""Calls that Asterisk has, and of which the engine knows nothing any more: it goes on with what their marks say.

Whatever cannot be as it was is made as good as it can be for the caller: who cannot talk on with his operator waits on
his old place, who waited for a queue that is no more waits for the first one of the project.
"""

from __future__ import annotations

from msgspec import structs

from acd.seat import Seat
from calls.commands import CloseBridge, HangUp, StopMusic
from calls.lifecycle import MOVE, OUTCOME, SEAT, STATE
from calls.notes import NoteArrived, NoteMoved, NoteOutcome
from calls.outages import CallAdopted
from engine.call import Call, Party
from engine.centre import queue_id
from engine.desk import Desk
from engine.floor import Floor
from engine.guide import Guide
from engine.seats import Seats
from engine.telephones import Telephones
from ivr.nodes.enqueue import Enqueue
from ivr.project import Project
from ivr.steps import Position


class Adoption:
    """Makes a call of what is known of one; `calls.adopted` gives its record the times at which things were so.

    `_nobodys`: the ids of those that were of no project any more.
    """

    remembers = ("_nobodys",)

    def __init__(self, floor: Floor, seats: Seats, telephones: Telephones, desk: Desk, guide: Guide) -> None:
        self._floor = floor
        self._seats = seats
        self._telephones = telephones
        self._desk = desk
        self._guide = guide
        self._nobodys: dict[str, None] = {}  # in their order, so that the same memory is the same bytes

    def adopted(self, event: CallAdopted, now: float) -> None:
        """A call, which goes on; one that is known means nothing."""
        floor = self._floor
        if event.call in floor.calls or event.call in self._nobodys or self._known(event.leg):
            return
        if not event.call:
            event = structs.replace(event, call=floor.new_id(now))
        project = self._project(event)
        name = project.project if project is not None else ""
        floor.out.append(NoteArrived(event.call, event.leg, name, event.number, event.caller))
        if project is None:
            self._let_go(event)
            return
        call = self._call(event, project, now)
        if event.state == "talking" and self._can_talk(event):
            self._talks(call, event, now)
            return
        self._nobody_talks(event)
        if call.queue:
            self._waits(call, event, now)
        else:
            self._begins(call, now)

    # ---- what it was

    def _known(self, leg: str) -> bool:
        floor = self._floor
        return leg in floor.callers or leg in floor.seat_legs or leg in floor.parties

    def _project(self, event: CallAdopted) -> Project | None:
        """As it is in service: of an earlier version nothing is known."""
        centre = self._floor.centre
        return centre.answering().get(event.project) or centre.by_number.get(event.number)

    def _let_go(self, event: CallAdopted) -> None:
        self._nobodys[event.call] = None
        self._floor.out += (
            NoteOutcome(event.call, OUTCOME.LOST_SYSTEM),
            NoteMoved(event.call, MOVE.LOST, STATE.CLOSED),
            HangUp(event.leg, "congestion"),
        )
        self._nobody_talks(event)

    def _nobody_talks(self, event: CallAdopted) -> None:
        """Whoever was to talk to the caller is let go."""
        floor = self._floor
        if event.bridge and event.bridge not in floor.bridges:
            floor.out.append(CloseBridge(event.bridge))
        if event.seat_leg not in ("", event.leg) and not self._known(event.seat_leg):
            floor.out.append(HangUp(event.seat_leg))

    def _begins(self, call: Call, now: float) -> None:
        """He may hear music still, and is to hear a text."""
        self._floor.out.append(StopMusic(call.leg))
        self._guide.begin(call, now)

    def _call(self, event: CallAdopted, project: Project, now: float) -> Call:
        floor, name = self._floor, project.project
        version = floor.centre.version_of(name)
        call = Call(
            event.call, event.leg, project, event.number, event.caller, floor.hours[name], version
        )  # fmt: skip
        # Its next leg, bridge and playback must not have the name of one that is still there.
        call.plays = call.offers = call.connects = call.asks = call.messages = int(now)
        call.answered = event.state != "flow"
        floor.calls[call.id] = floor.callers[call.leg] = call
        floor.lines[name] += 1
        if event.state != "flow":
            _line_of(call, event.queue)
        floor.move(call, MOVE.ENTERED)
        return call

    # ---- in the line

    def _waits(self, call: Call, event: CallAdopted, now: float) -> None:
        call.wait_until = event.until or None
        self._floor.router.adopt(call.id, event.since or now)
        if call.awaited:
            self._desk.take_in(call, call.queue, now)
            self._desk.seat_left(now)  # where nobody can be reached yet, it is not waited for ever
        else:  # there is no way on from the line but through the flow, in which his place is kept for him
            self._begins(call, now)

    # ---- in a conversation

    def _can_talk(self, event: CallAdopted) -> bool:
        leg, bridge = event.seat_leg, event.bridge
        if not (leg and bridge) or leg == event.leg:
            return False
        return not self._known(leg) and bridge not in self._floor.bridges

    def _talks(self, call: Call, event: CallAdopted, now: float) -> None:
        floor, seat = self._floor, self._floor.seats.get(event.seat)
        call.bridge = event.bridge
        floor.bridges[call.bridge] = call
        floor.out.append(
            StopMusic(call.leg)
        )  # he may have been on hold: back in the bridge he would hear nobody
        call.recorded = True
        if seat is not None and not seat.leg:
            self._at_seat(call, seat, event.seat_leg, now)
        else:
            self._with_somebody(call, event.seat_leg)

    def _at_seat(self, call: Call, seat: Seat, leg: str, now: float) -> None:
        floor = self._floor
        floor.router.seat_gone(seat)
        seat.leg = leg
        floor.seat_legs[leg] = seat
        self._seats.wrapped_up(seat, now)  # if he was: with a leg he gets no call by that
        seat.call, call.seat = call.id, seat
        seat.misses = 0
        seat.answered += 1
        if call.queue:
            floor.move(call, MOVE.QUEUED)
            floor.move(call, MOVE.OFFERED, seat.id)
        else:
            floor.move(call, MOVE.TRANSFERRED, seat.id)
        floor.decide(call, OUTCOME.ANSWERED)
        floor.move(call, MOVE.ANSWERED, seat.id)
        floor.note_seat(seat, SEAT.TALKING)
        if call.settings.sticky:
            floor.talked(call, seat)

    def _with_somebody(self, call: Call, leg: str) -> None:
        """At a telephone that is no seat's, or of a seat that has somebody else."""
        party = Party(call, "outside", "", leg=leg)
        floor = self._floor
        floor.parties[leg] = call.transfer = party
        floor.move(call, MOVE.TRANSFERRED)
        floor.decide(call, OUTCOME.ANSWERED)
        floor.move(call, MOVE.ANSWERED)
        self._telephones.talks(party)


def _line_of(call: Call, wanted: str) -> None:
    """The queue in which it waited, or the first one; and where the flow goes on from there.

    A sub-flow does not say where it returns to: what leads into the line there is no place to go on from.
    """
    queues, name = call.project.queues, wanted.partition("/")[2]
    name = name if name in queues else next(iter(queues), "")
    if name:
        call.queue, call.settings = queue_id(call.project.project, name), queues[name].terms
    for node, what in call.project.flow.table.nodes.items():
        if isinstance(what, Enqueue) and what.queue == name and "." not in node:
            call.position = Position(node, language=call.project.language)
            call.priority, call.keys = what.priority, tuple(what.keys)
            return

"""Telephones that are rung for a call without a queue: a colleague's seat, an extension, a number outside."""

from __future__ import annotations

from calls.command import HangUpReason, TargetKind
from calls.commands import HangUp, RingTelephone
from calls.lifecycle import SEAT
from calls.notes import NoteTalk
from engine.call import Call, Party
from engine.cannot import conflict, unknown
from engine.floor import Floor

RING_S = 30.0
"""So long a telephone rings to which an operator transfers, or whom he consults."""


class Telephones:
    """Finds them, rings them and lets go of them."""

    def __init__(self, floor: Floor) -> None:
        self._floor = floor

    def found(self, call: Call, kind: TargetKind, target: str) -> Party:
        """The telephone, not rung yet.

        Raises CannotError: `unknown` where there is none, `conflict` where it is in use or nobody is there.
        """
        match kind:
            case "seat":
                return self._seat(call, target)
            case "extension":
                return self._extension(call, target)
            case _:
                return Party(call, kind, target)

    def _seat(self, call: Call, name: str) -> Party:
        seat = self._floor.seats.get(name)
        if seat is None:
            raise unknown(f"there is no seat '{name}'")
        if seat.busy or seat.resting_state() is SEAT.LOGGED_OUT:
            raise conflict(f"{name} cannot be rung now", seat.state)
        return Party(call, "seat", name, seat.id, seat)

    def _extension(self, call: Call, number: str) -> Party:
        extension = self._floor.centre.extensions.get(number)
        if extension is None:
            raise unknown(f"there is no extension '{number}'")
        phone = extension.id if extension.via == "phone" else ""
        if phone and any(party.phone == phone for party in self._floor.parties.values()):
            # One call at a time: no second one beeps into a conversation.
            raise conflict(f"the extension {number} is in use", "TALKING")
        return Party(call, "extension", number, phone)

    def ring(self, party: Party, shown: str = "", title: str = "") -> None:
        """Ring it; the call that it is for has to know it already.

        `shown`, `title`: the number and the name that it shows, where they are not those of the call.
        """
        floor, call, seat = self._floor, party.call, party.seat
        call.asks += 1
        party.id = f"{call.id}.t{call.asks}"
        floor.parties[party.id] = party
        if seat is not None:
            floor.router.seat_gone(seat)
            seat.call, seat.leg = call.id, party.id
            floor.note_seat(seat, SEAT.RINGING)
        floor.out.append(
            RingTelephone(
                party.kind, party.target, party.phone, party.id, call.id, call.leg, shown or self._shown(party),
                title or call.project.name,
            )
        )  # fmt: skip

    @staticmethod
    def _shown(party: Party) -> str:
        # Inside the house the caller's number is shown; a carrier lets nobody call from a number that is not his.
        call = party.call
        if party.kind != "outside":
            return call.caller
        return call.project.numbers[0].number if call.direction == "in" else call.number

    def let_go(self, party: Party, reason: HangUpReason = "normal") -> None:
        """Whatever it still does, it is no part of its call any more."""
        self._floor.timers.cancel(party.timer)
        party.timer = None
        self._floor.out.append(HangUp(party.id, reason))
        self.forgotten(party)

    def forgotten(self, party: Party) -> None:
        """The same for a telephone that is on the hook already."""
        floor, call = self._floor, party.call
        floor.timers.cancel(party.timer)
        party.timer = None
        if party.talking:
            party.talking = False
            floor.out.append(NoteTalk(call.id, party.who, party.role, talking=False))
        if party in call.parties:
            call.parties.remove(party)
        if call.transfer is party:
            call.transfer = None

    def talks(self, party: Party) -> None:
        """It was picked up, and whoever is there takes part in the call."""
        party.talking = True
        self._floor.out.append(NoteTalk(party.call.id, party.who, party.role, talking=True))
        if party.seat is not None:
            self._floor.note_seat(party.seat, SEAT.TALKING)

    def takes_charge(self, party: Party) -> None:
        """The call is the affair of this telephone from now on."""
        floor, call = self._floor, party.call
        if party in call.parties:
            call.parties.remove(party)
        if party.talking:
            floor.out.append(NoteTalk(call.id, party.who, party.role, talking=False))
        party.talking, party.held, party.role = False, False, "transferred"
        if party.seat is None:
            call.transfer = party
            self.talks(party)
            return
        call.transfer, call.seat = None, party.seat
        floor.seat_legs[party.id] = party.seat
        del floor.parties[party.id]
        floor.note_seat(party.seat, SEAT.TALKING)

"""The second line of an operator's telephone: with the first one on hold, he dials whom he wants to consult.

The call knows nothing of it: it has a consulted party like any other. Only one of the operator's two legs is in its
bridge at a time, the one on which he talks.
"""

from __future__ import annotations

from acd.seat import Seat
from calls.commands import AddToBridge, AnswerLeg, HangUp, RemoveFromBridge, StartRinging, StopRinging
from calls.lifecycle import STATE
from calls.requests import ConsultAsked, RetrieveAsked, SwapAsked
from engine.cannot import CannotError, unknown
from engine.floor import Floor
from engine.requests import Requests
from engine.second_line import SecondLine
from engine.star_codes import by
from engine.talk import CONVERSATION, Talk
from engine.telephones import Telephones


class SecondLines:
    """All of them, by their legs."""

    remembers = ("lines",)

    def __init__(self, floor: Floor, requests: Requests, talk: Talk, telephones: Telephones) -> None:
        self._floor = floor
        self._requests = requests
        self._talk = talk
        self._telephones = telephones
        self.lines: dict[str, SecondLine] = {}

    def legs(self) -> set[str]:
        """The second legs that are there."""
        return set(self.lines)

    def seat_at(self, leg: str) -> Seat | None:
        """The seat whose second leg this is."""
        line = self.lines.get(leg)
        return line.seat if line is not None else None

    def of(self, seat: Seat) -> SecondLine | None:
        """The second line of a seat."""
        return next((line for line in self.lines.values() if line.seat is seat), None)

    def consult(self, seat: Seat, leg: str, number: str, now: float) -> None:
        """Ask somebody, on this leg; raises CannotError, and has not touched it, where he cannot be asked."""
        to = self._floor.centre.telephone(number)
        if to is None:
            raise unknown(f"nobody has the number that {seat.id} dialled")
        self._requests.table[ConsultAsked](ConsultAsked(seat.id, *to, by=by(seat)), now)
        call = self._talk.call_of(seat)
        party = self._talk.third(call)
        assert party is not None  # who is rung just now
        self.lines[leg] = SecondLine(leg, seat.leg, seat, call, party)
        self._floor.out += (AnswerLeg(leg), StartRinging(leg))

    # ---- the buttons of the telephone

    def first_retrieved(self, line: SecondLine, now: float) -> None:
        """Back to the caller on the first line; whom he consulted waits, or is not rung any more."""
        if line.call.state is STATE.CONSULTING:
            kind = SwapAsked if line.party.talking else RetrieveAsked
            self._ask(kind(line.seat.id, by=by(line.seat)), now)
        self._talk_on(line, second=False)

    def second_retrieved(self, line: SecondLine, now: float) -> None:
        """And again to whom he consults."""
        if not line.party.talking or line.talks:
            return
        if line.party.held:
            self._ask(SwapAsked(line.seat.id, by=by(line.seat)), now)
        self._talk_on(line, second=True)

    def _ask(self, request: SwapAsked | RetrieveAsked, now: float) -> None:
        try:
            self._requests.table[type(request)](request, now)
        except CannotError:
            return

    # ---- what becomes of it

    def hung_up(self, leg: str) -> None:
        """The operator has ended the second call: the consultation is over, and the caller waits on the first one."""
        line = self.lines.pop(leg, None)
        if line is None:
            return
        self._back_to_first(line, there=False)
        if line.party.role == "consulted" and line.party in line.call.parties:
            self._telephones.let_go(line.party)
            self._talk.party_left(line.party)

    def sync(self) -> None:
        """After every step: let the operator hear whom he consults, and end the line when there is nobody."""
        for line in [*self.lines.values()]:
            if not self._lives(line):
                del self.lines[line.leg]
                self._back_to_first(line, there=True)
                self._floor.out.append(HangUp(line.leg))
            elif line.rings and line.party.talking:
                line.rings = False
                self._floor.out.append(StopRinging(line.leg))
                self._talk_on(line, second=True)

    @staticmethod
    def _lives(line: SecondLine) -> bool:
        """As long as there is who was consulted, or the operator has come to talk to the caller on this line."""
        call = line.call
        if call.seat is not line.seat or call.state not in CONVERSATION:
            return False
        return line.party in call.parties or (line.talks and call.state is STATE.TALKING)

    def _talk_on(self, line: SecondLine, *, second: bool) -> None:
        if line.talks is second:
            return
        line.talks = second
        out, into = (line.first, line.leg) if second else (line.leg, line.first)
        self._floor.out += (RemoveFromBridge(line.call.bridge, out), AddToBridge(line.call.bridge, into))

    def _back_to_first(self, line: SecondLine, *, there: bool) -> None:
        """The operator's first leg is in the bridge again, if both are still to be there."""
        call = line.call
        if not line.talks or call.seat is not line.seat or not call.bridge or line.seat.leg != line.first:
            return
        if there:
            self._floor.out.append(RemoveFromBridge(call.bridge, line.leg))
        self._floor.out.append(AddToBridge(call.bridge, line.first))

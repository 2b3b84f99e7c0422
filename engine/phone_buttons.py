"""What an operator's telephone does by itself in a conversation: hold, retrieve, transfer by REFER."""

from __future__ import annotations

from calls.events import LegHeld, LegReferred, LegRetrieved
from calls.lifecycle import STATE
from calls.requests import CompleteAsked, HoldAsked, Request, RetrieveAsked, TransferAsked
from engine.call import Call
from engine.cannot import CannotError
from engine.floor import Floor
from engine.requests import Requests
from engine.second_lines import SecondLines
from engine.star_codes import by


class PhoneButtons:
    """Buttons are requests of the seat. One that makes no sense at the moment leads to nothing at all."""

    def __init__(self, floor: Floor, requests: Requests, second_lines: SecondLines) -> None:
        self._floor = floor
        self._requests = requests
        self._second_lines = second_lines

    def held(self, event: LegHeld, now: float) -> None:
        """The telephone put its other party on hold. Between two lines of one telephone, the other one tells more."""
        call = self._call_at(event.leg)
        if call is None or call.seat is None or self._second_lines.of(call.seat) is not None:
            return
        if call.state is STATE.TALKING:
            self._ask(HoldAsked(call.seat.id, by=by(call.seat)), now)

    def retrieved(self, event: LegRetrieved, now: float) -> None:
        """And took it back."""
        line = self._second_lines.lines.get(event.leg)
        if line is not None:
            self._second_lines.second_retrieved(line, now)
            return
        call = self._call_at(event.leg)
        if call is None or call.seat is None:
            return
        line = self._second_lines.of(call.seat)
        if line is not None:
            self._second_lines.first_retrieved(line, now)
        elif call.state is STATE.HELD:
            self._ask(RetrieveAsked(call.seat.id, by=by(call.seat)), now)

    def referred(self, event: LegReferred, now: float) -> None:
        """The telephone asks for a transfer. Where nothing is done in this step, it is told that it failed."""
        if event.replaces:
            self._attended(event.leg, event.replaces, now)
            return
        call = self._call_at(event.leg)
        to = self._floor.centre.telephone(event.target)
        if call is not None and call.seat is not None and to is not None:
            self._ask(TransferAsked(call.seat.id, *to, by=by(call.seat)), now)

    def _attended(self, leg: str, other: str, now: float) -> None:
        """Caller and consulted party are to go on alone: it is the same, whichever of his two lines he names first."""
        line = self._second_lines.lines.get(leg) or self._second_lines.lines.get(other)
        if line is not None and {leg, other} == {line.leg, line.first}:
            self._ask(CompleteAsked(line.seat.id, by=by(line.seat)), now)

    def _call_at(self, leg: str) -> Call | None:
        """The call of which the seat at this leg is in charge."""
        seat = self._floor.seat_legs.get(leg)
        call = self._floor.calls.get(seat.call) if seat is not None else None
        return call if call is not None and call.seat is seat else None

    def _ask(self, request: Request, now: float) -> None:
        try:
            self._requests.table[type(request)](request, now)
        except CannotError:
            return

"""A telephone of ours dials: a star code is done and said, a number is handed on, nothing stays without an answer."""

from __future__ import annotations

from acd.seat import Seat
from calls.command import HangUpReason
from calls.commands import AnswerLeg, HangUp, PlayGuidance
from calls.events import PhoneDialled
from calls.lifecycle import SEAT
from calls.requests import EarAsked, Request
from engine.cannot import CannotError
from engine.desk_texts import DESK, LANGUAGE, DeskText
from engine.ear import Ear
from engine.floor import Floor
from engine.outbound import Outbound
from engine.phone_call import PhoneCall, Then
from engine.requests import Requests
from engine.second_lines import SecondLines
from engine.star_codes import Wish, read, refusal

LONGEST_TEXT_S = 15.0
"""A text whose end has not been told by then has ended: no telephone is kept busy by one lost event."""

ON_THE_PHONE = frozenset({SEAT.TALKING, SEAT.HOLDING, SEAT.CONSULTING})


class PhoneCalls:
    """Star codes and numbers. A leg of a seat that has no other one is the seat's, and keeps it from being rung."""

    remembers = ("open", "_by_playback")

    def __init__(
        self, floor: Floor, requests: Requests, ear: Ear, outbound: Outbound, second_lines: SecondLines
    ) -> None:
        self._floor = floor
        self._requests = requests
        self._ear = ear
        self._outbound = outbound
        self._second_lines = second_lines
        self.open: dict[str, PhoneCall] = {}
        self._by_playback: dict[str, PhoneCall] = {}

    def legs(self) -> set[str]:
        """The legs on which something is said."""
        return set(self.open)

    def dialled(self, event: PhoneDialled, now: float) -> None:
        """Do what was dialled, or say why not."""
        floor, leg = self._floor, event.leg
        if leg in self.open or leg in floor.seat_legs or leg in self._second_lines.legs():
            return
        seat = floor.seats.get(event.phone)
        if seat is None:
            self._no_seat(event, now)
        elif seat.leg and seat.state is SEAT.RINGING:
            self._refuse(leg, "busy")
        elif seat.leg and seat.state in ON_THE_PHONE:
            self._second_line(seat, event, now)
        else:  # a leg that is there all the same is being hung up: its end is not told yet
            self._first_line(seat, event, now)

    def _refuse(self, leg: str, reason: HangUpReason) -> None:
        self._floor.out.append(HangUp(leg, reason))

    def _no_seat(self, event: PhoneDialled, now: float) -> None:
        """Extensions are called from the desk, and call nobody through it."""
        known = {extension.id for extension in self._floor.centre.extensions.values()}
        if event.phone in known:
            self._say(event.leg, "forbidden", now)
        else:
            self._refuse(event.leg, "unknown_number")

    def _first_line(self, seat: Seat, event: PhoneDialled, now: float) -> None:
        if event.number.startswith("*"):
            self._take(seat, event.leg)
            self._code(seat, event.leg, event.number, now)
        else:
            self._number(seat, event.leg, event.number, now)
        if seat.state is SEAT.READY:
            self._floor.note_seat(seat, SEAT.TALKING)  # with nobody but us, and not free for a caller

    def _take(self, seat: Seat, leg: str) -> None:
        """The leg is the seat's, which is not rung as long as it is there."""
        self._floor.router.seat_gone(seat)
        seat.leg = leg
        self._floor.seat_legs[leg] = seat

    def _second_line(self, seat: Seat, event: PhoneDialled, now: float) -> None:
        leg, number = event.leg, event.number
        if number.startswith("*"):
            self._code(seat, leg, number, now)
        elif seat.state is not SEAT.HOLDING:
            self._say(leg, "not_now", now)
        else:
            try:
                self._second_lines.consult(seat, leg, number, now)
            except CannotError as no:
                self._say(leg, self._not_reached(no, number), now)

    # ---- codes

    def _code(self, seat: Seat, leg: str, number: str, now: float) -> None:
        wish = read(number, seat, self._floor.centre)
        if isinstance(wish, Wish):
            self._do(wish, seat, leg, now)
        else:
            self._say(leg, wish, now)

    def _do(self, wish: Wish, seat: Seat, leg: str, now: float) -> None:
        first, *others = wish.requests
        try:
            self._ask(first, leg, now)
        except CannotError as no:
            self._say(leg, refusal(first, no, seat, self._floor.centre), now)
            return
        for request in others:
            self._if_possible(request, now)
        if isinstance(first, EarAsked):
            self._say(leg, wish.said, now, self._ear.picked_up)
        else:
            self._say(leg, wish.said, now)

    def _ask(self, request: Request, leg: str, now: float) -> None:
        if isinstance(request, EarAsked):
            self._ear.dialled(request, leg)
        else:
            self._requests.table[type(request)](request, now)

    def _if_possible(self, request: Request, now: float) -> None:
        try:
            self._requests.table[type(request)](request, now)
        except CannotError:
            return

    # ---- numbers

    def _number(self, seat: Seat, leg: str, number: str, now: float) -> None:
        try:
            self._outbound.dialled(seat, leg, number, now)
        except CannotError as no:
            self._take(seat, leg)
            self._say(leg, self._not_reached(no, number) if seat.logged_in else "not_logged_in", now)

    def _not_reached(self, error: CannotError, number: str) -> DeskText:
        if error.refusal == "unknown":
            return "unknown_number"
        if error.refusal == "forbidden":
            return "forbidden"
        to = self._floor.centre.telephone(number)
        return "busy" if to is not None and to[0] != "outside" else "not_now"

    # ---- saying

    def _say(self, leg: str, text: DeskText, now: float, then: Then | None = None) -> None:
        floor = self._floor
        timer = floor.timers.set(now + LONGEST_TEXT_S, "desk", leg)
        call = PhoneCall(leg, f"{leg}.said", timer, then or self._hang_up)
        self.open[leg] = self._by_playback[call.playback] = call
        floor.out += (AnswerLeg(leg), PlayGuidance(leg, call.playback, DESK, text, LANGUAGE))

    def _hang_up(self, leg: str, now: float) -> None:
        self._floor.out.append(HangUp(leg))

    def played(self, playback: str, now: float) -> None:
        """A text is over, or could not be said."""
        call = self._by_playback.get(playback)
        if call is not None:
            self.said(call.leg, now)

    def said(self, leg: str, now: float) -> None:
        """The time for a text is over."""
        call = self._forget(leg)
        if call is not None:
            call.then(leg, now)

    def hung_up(self, leg: str) -> None:
        """Whoever dialled has heard enough; what becomes of his seat is not decided here."""
        self._forget(leg)

    def _forget(self, leg: str) -> PhoneCall | None:
        call = self.open.pop(leg, None)
        if call is not None:
            del self._by_playback[call.playback]
            self._floor.timers.cancel(call.timer)
        return call

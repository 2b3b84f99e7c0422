"""The telephones that ring for a waiting caller: one, some or all, and who of them gets him."""

from __future__ import annotations

from collections.abc import Callable

from acd.seat import Seat
from calls.commands import ConnectLegs, HangUp, RingSeat, StartRecording
from calls.lifecycle import MOVE, OUTCOME, SEAT, STATE
from engine.call import Call
from engine.floor import Floor
from engine.seats import Seats
from engine.waiting import Waiting

PickedUp = Callable[[Call, Seat, float], None]
"""An operator has picked up for a call whose party is still to be dialled."""

Returned = Callable[[Call, Seat, float], None]
"""Nobody took the caller; the last one to be asked was this seat."""

SILENT_RING_S = 1.0
"""A telephone may ring so long before the caller hears music: most are picked up before."""

CONNECT_S = 5.0
"""Asterisk has so long to bring two legs into a bridge: no caller may hang on one lost event."""

_ROUNDING_S = 0.001
NORMAL, BUSY, NO_ANSWER, REJECTED = 16, 17, 19, 21
_WHY = {BUSY: "busy", NO_ANSWER: "no_answer", REJECTED: "rejected"}


class Ringing:
    """Offering, answering, missing. The first to pick up, in our order of receipt, gets the caller."""

    def __init__(self, floor: Floor, seats: Seats, waiting: Waiting) -> None:
        self._floor = floor
        self._seats = seats
        self._waiting = waiting
        seats.offer = self.offer
        self.picked_up: PickedUp = lambda call, seat, now: None
        self.returned: Returned = lambda call, seat, now: None

    # ---- offering

    def offer(self, call: Call, seats: list[Seat], now: float) -> None:
        """Ring seats for a call; others may ring for it already."""
        floor, first = self._floor, not call.rings
        auto, title = floor.centre.plans, call.facts.title
        for seat in seats:
            call.offers += 1
            call.rings.append(seat)
            seat.call, seat.leg, seat.rang_at = call.id, f"{call.id}.s{call.offers}", now
            floor.seat_legs[seat.leg] = seat
            if call.state is not STATE.RINGING:
                floor.move(call, MOVE.OFFERED, seat.id)
            floor.note_seat(seat, SEAT.RINGING)
            floor.out.append(
                RingSeat(seat.id, seat.leg, call.id, call.leg, call.caller, title, auto[seat.id].auto_answer)
            )
        if first and call.seat is None:
            self._ring_on(call, now)

    def _ring_on(self, call: Call, now: float) -> None:
        ring_s = call.settings.ring_timeout_s
        call.ring_until = now + ring_s
        if call.music or call.playback or ring_s <= SILENT_RING_S or not call.leg:
            call.timer = self._floor.timers.set(call.ring_until, "ring", call.id)
        else:
            call.timer = self._floor.timers.set(now + SILENT_RING_S, "silent_ring", call.id)

    def rings_on(self, call: Call, now: float) -> None:
        """Nobody has picked up at once: the caller hears music meanwhile, and not a dead line."""
        self._waiting.entertain(call, now)
        call.timer = self._floor.timers.set(call.ring_until, "ring", call.id)

    def ring_timed_out(self, call: Call, now: float) -> None:
        """Some telephones were not picked up in time; those that began later ring on."""
        call.timer = None
        over = now - call.settings.ring_timeout_s + _ROUNDING_S
        given_up = [seat for seat in call.rings if seat.rang_at <= over]
        for seat in given_up:
            self._floor.out.append(HangUp(seat.leg, "no_answer"))
        self._missed(call, given_up, "no_answer", now)

    # ---- answering

    def seat_answered(self, seat: Seat, now: float) -> None:
        """An operator has picked up: the first one, in our order of receipt, gets the caller.

        The other telephones ring on until the two are connected: the first one may be on the hook again by then.
        """
        call = self._floor.calls.get(seat.call)
        if call is None or call.state is not STATE.RINGING or seat not in call.rings:
            return
        if call.seat is not None:
            if seat not in call.late:
                call.late.append(seat)
            return
        self._take(call, seat, now)

    def _take(self, call: Call, seat: Seat, now: float) -> None:
        call.rings.remove(seat)
        call.seat = seat
        self._floor.timers.cancel(call.timer)
        call.timer = None
        if call.leg:
            self.connect(call, now)
        else:
            self.picked_up(call, seat, now)

    def connect(self, call: Call, now: float) -> None:
        """Bring the caller and the seat that has picked up together."""
        floor, seat = self._floor, call.seat
        assert seat is not None  # the one that has picked up
        self._waiting.hush(call)
        call.connects += 1
        call.bridge = f"{call.id}.b{call.connects}"
        floor.bridges[call.bridge] = call
        call.timer = floor.timers.set(now + CONNECT_S, "connect", call.bridge)
        floor.out.append(ConnectLegs(call.bridge, call.leg, seat.leg))

    def connected(self, call: Call, now: float) -> None:
        """Both are in the bridge: the conversation begins, and with it the recording."""
        floor, seat = self._floor, call.seat
        if seat is None or call.state is not STATE.RINGING:
            return
        seat.misses = 0
        seat.answered += 1
        floor.timers.cancel(call.timer)
        call.timer = None
        self._waiting.answered(call, now)
        floor.decide(call, OUTCOME.ANSWERED)
        floor.move(call, MOVE.ANSWERED, seat.id)
        floor.note_seat(seat, SEAT.TALKING)
        if call.settings.sticky:
            floor.talked(call, seat)
        self.record(call)
        if call.many:
            self.answered_elsewhere(call)

    def answered_elsewhere(self, call: Call) -> None:
        """Nobody else is to be rung for a call: the telephones that still ring have missed nothing."""
        self._floor.router.leave(call.id, call.queue)
        rung, call.rings, call.late = call.rings, [], []
        for seat in rung:
            self.release(seat)

    def record(self, call: Call) -> None:
        """Once, for all that follows: it hangs on the caller's leg. Colleagues among themselves are not recorded."""
        if call.facts.records and not call.recorded and call.direction != "internal":
            call.recorded = True
            self._floor.out.append(StartRecording(call.id, call.leg, call.facts.project))

    # ---- not answering

    def connection_failed(self, call: Call, now: float) -> None:
        """The two could not be brought together. The operator did answer and missed nothing."""
        seat = call.seat
        if seat is not None and call.state is STATE.RINGING:
            self._floor.out.append(HangUp(seat.leg))
            self._lost_winner(call, [seat], now)

    def seat_leg_ended(self, seat: Seat, call: Call, cause: int, now: float) -> None:
        """A telephone that rings for a call, or was picked up for it, is on the hook again."""
        if call.seat is seat:
            self._seats.missed(seat, call, "no_answer", now)
            self._lost_winner(call, [seat], now)
        elif seat in call.rings:
            self._missed(
                call, [seat], _WHY.get(cause, "no_answer" if cause == NORMAL else "unreachable"), now
            )
        else:
            self._seats.settle(seat, now)

    def _lost_winner(self, call: Call, freed: list[Seat], now: float) -> None:
        """Who had picked up is gone before he was connected: the next one who has, or the others ring on."""
        floor = self._floor
        floor.drop_bridge(call)
        floor.timers.cancel(call.timer)
        call.timer = call.seat = None
        if call.late:
            self._take(call, call.late.pop(0), now)
        elif call.rings:
            self._ring_on(call, now)
        else:
            self.returned(call, freed[0], now)
        for seat in freed:
            self._seats.settle(seat, now)

    def _missed(self, call: Call, seats: list[Seat], reason: str, now: float) -> None:
        for seat in seats:
            call.rings.remove(seat)
            if seat in call.late:
                call.late.remove(seat)
            self._seats.missed(seat, call, reason, now)
        if call.many:
            if not call.rings and call.seat is None:
                self._floor.timers.cancel(call.timer)  # whoever rings instead rings from now on
                call.timer = None
            self._ring_instead(call, len(seats), now)
        if call.seat is None:
            if call.rings:
                self._keep_ringing(call, now)
            elif seats:
                self.returned(call, seats[0], now)
        for seat in seats:
            self._seats.settle(seat, now)

    def _ring_instead(self, call: Call, gone: int, now: float) -> None:
        """Of a call that rings several telephones at once, others take the place of those that fell silent."""
        for _ in range(gone):
            seats = self._floor.router.dropped(call.id, call.queue, now)
            if seats:
                self.offer(call, seats, now)

    def _keep_ringing(self, call: Call, now: float) -> None:
        if call.timer is None:
            until = min(seat.rang_at for seat in call.rings) + call.settings.ring_timeout_s
            call.timer = self._floor.timers.set(until, "ring", call.id)

    def release(self, seat: Seat) -> None:
        """Somebody else has the caller, or he has gone: not a missed call."""
        seat.call = ""
        self._floor.out.append(HangUp(seat.leg, "answered_elsewhere"))

"""The queue side of the engine: a caller's place in the line, and what becomes of him there."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from acd.seat import Seat
from calls.lifecycle import MOVE, OUTCOME, STATE
from calls.queue_terms import QueueTerms
from engine.call import Call
from engine.centre import queue_id
from engine.closing import IN_LINE
from engine.floor import Floor
from engine.ringing import Ringing
from engine.seats import Seats
from engine.timers import Timer
from engine.waiting import Waiting

GiveBack = Callable[[Call, str, float], None]
"""Gives a caller back to the flow at a time, with the reason."""

Entering = Callable[[Call, float], None]
"""A caller is about to take his place in the line of `call.queue`."""

DESERTED_S = 30.0
"""So long somebody may wait in a line where nobody is logged in any more."""


class Desk:
    """Into the line, out of it, and back. `waiting` is what the caller knows of it, `ringing` what the seats do."""

    remembers = ("_deserted",)

    def __init__(self, floor: Floor, seats: Seats, waiting: Waiting, ringing: Ringing) -> None:
        self._floor = floor
        self._seats = seats
        self._waiting = waiting
        self._ringing = ringing
        self._deserted: Timer | None = None
        ringing.returned = self._returned
        waiting.closing.leave = self.leave_line
        self.give_back: GiveBack = lambda call, reason, now: None
        self.entering: Entering = lambda call, now: None

    # ---- the caller

    def enqueue(self, call: Call, queue: str, now: float) -> str:
        """Take a caller into a queue of the project; answers with why not ("" if it did)."""
        name = queue_id(call.facts.project, queue)
        settings = call.facts.terms[queue]
        reason = self._waiting.refusal(call, name, settings, now)
        if reason:
            return reason
        self._enter(call, name, settings, now)
        return ""

    def take_in(self, call: Call, queue: str, now: float) -> None:
        """Into the line of a queue (its id), without a question."""
        self._enter(call, queue, call.project.queues[queue.partition("/")[2]].terms, now)

    def _enter(self, call: Call, queue: str, settings: QueueTerms, now: float) -> None:
        if queue != call.queue:
            call.wait_until = None
        call.queue, call.settings = queue, settings
        if self._floor.callbacks and call.direction == "in":
            self.entering(call, now)
        self._floor.move(call, MOVE.QUEUED)
        self._waiting.begin(call, now)
        self._wait(call, now)

    def leave_line(self, call: Call, reason: str, now: float) -> None:
        """A waiting caller goes back to the flow; one whose seat is being rung is only asked once that has failed."""
        if call.state is STATE.QUEUED:
            self._floor.router.leave(call.id, call.queue)
            self._back_to_flow(call, reason, now)

    def seat_left(self, now: float) -> None:
        """A seat is empty. Where it was the last one of a line, somebody may be back in a moment: a telephone that
        restarts, a change of shift."""
        if self._deserted is None and self._floor.router.deserted():
            self._deserted = self._floor.timers.set(now + DESERTED_S, "deserted", "")

    def nobody_came(self, now: float) -> None:
        """Whoever waits where nobody is any more is told so by the flow, and does not wait in vain.

        Who has talked already and came back to the line has no flow to go back to. Callbacks wait for another day.
        """
        self._deserted = None
        for name in self._floor.router.deserted():
            call = self._floor.calls.get(name)
            if call is None or call.direction != "in":
                continue
            if call.awaited:
                self.leave_line(call, "no_seats", now)
            else:
                self._floor.router.leave(call.id, call.queue)
                self._waiting.end(call)
                self._let_go(call)

    def step_out(self, call: Call, digit: str, now: float) -> bool:
        """Whether a key leads a caller out of the line; if so he is out, and keeps his place.

        Who is rung for him has missed nothing; once somebody has picked up, keys mean nothing any more.
        """
        if call.state not in IN_LINE or call.seat is not None or digit not in call.keys or not call.awaited:
            return False
        rung = call.rings[0].id if call.rings else ""
        self.call_off(call, now)
        if call.state is STATE.RINGING:
            self._floor.move(call, MOVE.RETURNED, rung)
        self._floor.move(call, MOVE.REFUSED)
        return True

    def caller_left(self, call: Call, now: float) -> None:
        """The caller hung up in the line, or while a seat was rung."""
        floor = self._floor
        floor.caller_gone(call)
        floor.decide(call, OUTCOME.ABANDONED_QUEUE)
        self.call_off(call, now)
        floor.move(call, MOVE.HUNG_UP)
        floor.close(call)

    def call_off(self, call: Call, now: float) -> None:
        """Nobody is to be rung for a call any more: out of the line, and whoever rings or has picked up is free."""
        floor = self._floor
        floor.router.leave(call.id, call.queue)
        self._waiting.end(call)
        floor.drop_bridge(call)
        floor.timers.cancel(call.timer)
        rung = [*call.rings] if call.seat is None else [call.seat, *call.rings]
        call.timer = call.seat = None
        call.rings, call.late = [], []
        for seat in rung:
            self._ringing.release(seat)

    def _wait(self, call: Call, now: float) -> None:
        floor = self._floor
        settings = call.settings
        call.many = settings.rings_many
        last = floor.last_seat(call) if settings.sticky else ""
        seats = floor.router.join(call.id, call.queue, now, call.priority, last)
        if seats:
            self._ringing.offer(call, seats, now)
        else:
            self._waiting.stand(call, now)

    def widen_anew(self, names: Iterable[str], now: float) -> None:
        """Which seats may take these waiting calls later on has changed."""
        for name in names:
            call = self._floor.calls[name]
            self._floor.timers.cancel(call.widen_timer)
            call.widen_timer = None
            self._waiting.widen_later(call, now)

    def widen(self, call: Call, now: float) -> None:
        """The caller has waited so long that more seats may take him."""
        call.widen_timer = None
        if call.state is not STATE.QUEUED:
            return
        seats = self._floor.router.widen(call.id, call.queue, now)
        if seats:
            self._ringing.offer(call, seats, now)
        else:
            self._waiting.widen_later(call, now)

    def _back_to_flow(self, call: Call, reason: str, now: float) -> None:
        self._waiting.end(call)
        call.wait_until = None  # who goes on waiting may do so as long again
        self._floor.move(call, MOVE.REFUSED)
        self.give_back(call, reason, now)

    def _returned(self, call: Call, seat: Seat, now: float) -> None:
        """The caller goes back to the head of the line, or on in the flow if he has waited too long."""
        floor = self._floor
        floor.timers.cancel(call.timer)
        call.timer = None
        floor.router.leave(call.id, call.queue)
        floor.move(call, MOVE.RETURNED, seat.id)
        reason = self._waiting.overdue(call, now)
        if reason:
            self._back_to_flow(call, reason, now)
        else:
            self._wait(call, now)

    def take_back(self, call: Call, seat: Seat, now: float) -> None:
        """A caller on whom nobody else took over: to the operator who had him, or to the head of the line.

        Where the project has no line at all and the operator is busy, there is nobody who could take him. Nor is there
        for a colleague, who is no caller.
        """
        floor = self._floor
        if call.direction == "internal":
            self._let_go(call)
            return
        call.wait_until = None
        self._waiting.begin(call, now)
        mine = not (seat.leg or seat.taken) and (seat.call == call.id or not seat.busy)
        if mine and seat.logged_in and seat.reachable:
            self._seats.stop_wrapping(seat)
            floor.router.seat_gone(seat)
            call.many = False  # nobody but him is asked
            self._ringing.offer(call, [seat], now)
        elif call.queue:
            self._wait(call, now)
        else:
            self._waiting.end(call)
            self._let_go(call)

    def _let_go(self, call: Call) -> None:
        self._floor.move(call, MOVE.ENDED)
        self._floor.hang_up_caller(call)
        self._floor.close(call)

    @staticmethod
    def find_line(call: Call) -> None:
        """Who comes back to the line, and was in none before, waits in the first one of the project."""
        if call.queue or call.direction == "internal":
            return
        for name, settings in call.project.queues.items():
            call.queue, call.settings = queue_id(call.project.project, name), settings.terms
            return

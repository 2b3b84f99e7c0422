"""Brings callers and operators together: offering, answering, missing, talking, wrapping up."""

from __future__ import annotations

from collections.abc import Callable

from acd.seat import Seat
from calls.commands import ConnectLegs, HangUp, RingSeat, StartRecording
from calls.lifecycle import MOVE, OUTCOME, SEAT, STATE
from calls.queue_settings import QueueSettings
from engine.centre import queue_id
from engine.floor import Call, Floor

GiveBack = Callable[[Call, str, float], None]
"""Gives a caller back to the flow at a time, with the reason."""


SILENT_RING_S = 1.0
"""A telephone may ring so long before the caller hears music: most are picked up before."""

CONNECT_S = 5.0
"""Asterisk has so long to bring two legs into a bridge: no caller may hang on one lost event."""


class Desk:
    """The queue side of the engine."""

    def __init__(self, floor: Floor) -> None:
        self._floor = floor
        self.give_back: GiveBack = lambda call, reason, now: None

    # ---- the caller

    def enqueue(self, call: Call, queue: str, now: float) -> str:
        """Take a caller into a queue of the project; answers with why not ("" if it did)."""
        floor, router = self._floor, self._floor.router
        name = queue_id(call.project.project, queue)
        settings = call.project.queues[queue]
        if not router.staffed(name):
            return "no_seats"
        if not len(router.free[name]) and _full(settings, len(router.lines[name])):
            return "full"
        call.queue, call.settings = name, settings
        floor.move(call, MOVE.QUEUED)
        if settings.max_wait_s is not None and call.wait_timer is None:
            call.wait_timer = floor.timers.set(now + settings.max_wait_s, "wait", call.id)
        self._wait(call, now)
        return ""

    def waited_too_long(self, call: Call, now: float) -> None:
        """The longest wait is over; a caller whose seat is being rung is only asked once that has failed."""
        call.wait_timer = None
        if call.state is STATE.QUEUED:
            self._floor.router.leave(call.id, call.queue)
            self._floor.stop_music(call)
            self._floor.move(call, MOVE.REFUSED)
            self.give_back(call, "timeout", now)

    def caller_left(self, call: Call, now: float) -> None:
        """The caller hung up in the line, while a seat was rung, or at the end of the conversation."""
        floor = self._floor
        floor.caller_gone(call)
        if call.state is STATE.TALKING:
            self._finish(call, now)
            return
        floor.router.leave(call.id, call.queue)
        seat, call.seat = call.seat, None
        floor.decide(call, OUTCOME.ABANDONED_QUEUE)
        floor.move(call, MOVE.HUNG_UP)
        self._floor.drop_bridge(call)
        floor.close(call)
        if seat is not None:
            self._release(seat, now)

    def _wait(self, call: Call, now: float) -> None:
        seat = self._floor.router.join(call.id, call.queue)
        if seat is not None:
            self._offer(call, seat, now)
        else:
            self._floor.start_music(call)

    # ---- offering

    def _offer(self, call: Call, seat: Seat, now: float) -> None:
        floor = self._floor
        call.offers += 1
        call.seat, seat.call = seat, call.id
        seat.leg = f"{call.id}.s{call.offers}"
        floor.seat_legs[seat.leg] = seat
        floor.move(call, MOVE.OFFERED, seat.id)
        floor.note_seat(seat, SEAT.RINGING)
        floor.out.append(RingSeat(seat.id, seat.leg, call.id, call.leg, call.caller))
        ring_s = call.settings.ring_timeout_s
        call.ring_until = now + ring_s
        if call.music or ring_s <= SILENT_RING_S:
            call.timer = floor.timers.set(call.ring_until, "ring", call.id)
        else:
            call.timer = floor.timers.set(now + SILENT_RING_S, "silent_ring", call.id)

    def rings_on(self, call: Call, now: float) -> None:
        """Nobody has picked up at once: the caller hears music meanwhile, and not a dead line."""
        self._floor.start_music(call)
        call.timer = self._floor.timers.set(call.ring_until, "ring", call.id)

    def seat_answered(self, seat: Seat, now: float) -> None:
        """The operator has picked up: bring the two together."""
        floor = self._floor
        call = floor.calls.get(seat.call)
        if call is None or call.seat is not seat or call.state is not STATE.RINGING or call.bridge:
            return
        floor.timers.cancel(call.timer)
        self._floor.stop_music(call)
        call.bridge = f"{call.id}.b{call.offers}"
        floor.bridges[call.bridge] = call
        call.timer = floor.timers.set(now + CONNECT_S, "connect", call.bridge)
        floor.out.append(ConnectLegs(call.bridge, call.leg, seat.leg))

    def connected(self, bridge: str, now: float) -> None:
        """Both are in the bridge: the conversation begins, and with it the recording."""
        floor = self._floor
        call = floor.bridges.get(bridge)
        if call is None or call.seat is None or call.state is not STATE.RINGING:
            return
        call.seat.misses = 0
        floor.timers.cancel(call.timer)
        floor.timers.cancel(call.wait_timer)
        call.timer = call.wait_timer = None
        floor.answers.answered(call.queue, now)
        floor.decide(call, OUTCOME.ANSWERED)
        floor.move(call, MOVE.ANSWERED, call.seat.id)
        floor.note_seat(call.seat, SEAT.TALKING)
        if call.project.recording.enabled:
            floor.out.append(StartRecording(call.id, call.leg, call.project.project))

    def ring_timed_out(self, call: Call, now: float) -> None:
        """The telephone was not picked up in time."""
        call.timer = None
        if call.seat is not None and call.state is STATE.RINGING and not call.bridge:
            self._floor.out.append(HangUp(call.seat.leg, "no_answer"))
            self._missed(call, call.seat, now)

    def connection_failed(self, bridge: str, now: float) -> None:
        """The two could not be brought together: try another seat. The operator did answer and missed nothing."""
        call = self._floor.bridges.get(bridge)
        if call is not None and call.seat is not None and call.state is STATE.RINGING:
            self._floor.out.append(HangUp(call.seat.leg))
            self._returned(call, call.seat, now)

    def _missed(self, call: Call, seat: Seat, now: float) -> None:
        settings = call.settings
        seat.misses += 1
        if seat.misses >= settings.misses:
            seat.resting, seat.rest_until = True, now + settings.rest_s
            self._floor.timers.set(seat.rest_until, "rest", seat.id)
        self._returned(call, seat, now)

    def _returned(self, call: Call, seat: Seat, now: float) -> None:
        """The caller goes back to the head of the line, or on in the flow if he has waited too long."""
        floor = self._floor
        self._floor.drop_bridge(call)
        floor.timers.cancel(call.timer)
        call.timer = call.seat = None
        floor.move(call, MOVE.RETURNED, seat.id)
        if call.settings.max_wait_s is not None and call.wait_timer is None:
            floor.move(call, MOVE.REFUSED)
            self._floor.stop_music(call)
            self.give_back(call, "timeout", now)
        else:
            self._wait(call, now)
        self.settle(seat, now)

    # ---- the conversation and after

    def seat_leg_ended(self, seat: Seat, now: float) -> None:
        """The seat's telephone is on the hook again, whoever put it there."""
        floor = self._floor
        floor.seat_legs.pop(seat.leg, None)
        seat.leg = ""
        call = floor.calls.get(seat.call)
        if call is not None and call.seat is seat:
            if call.state is STATE.RINGING:
                self._missed(call, seat, now)
                return
            if call.state is STATE.TALKING:
                floor.hang_up_caller(call)
                self._finish(call, now)
                return
        self.settle(seat, now)

    def _finish(self, call: Call, now: float) -> None:
        floor, seat = self._floor, call.seat
        assert seat is not None  # TALKING is only reached with a seat
        self._floor.drop_bridge(call)
        if seat.leg:
            floor.out.append(HangUp(seat.leg))
        floor.move(call, MOVE.FINISHED, seat.id)
        wrapup = call.settings.wrapup_s
        if wrapup == 0:
            self.wrapped_up(seat, now)
            return
        seat.wrapping = True
        floor.note_seat(seat, SEAT.WRAP_UP)
        if wrapup is not None:
            call.timer = floor.timers.set(now + wrapup, "wrapup", seat.id)

    def wrapped_up(self, seat: Seat, now: float) -> None:
        """The record is written (or the time for it over): the call is closed and the seat is free."""
        floor = self._floor
        call = floor.calls.get(seat.call)
        if call is None or call.seat is not seat or call.state is not STATE.WRAP_UP:
            return
        floor.timers.cancel(call.timer)
        floor.move(call, MOVE.WRAPPED_UP, seat.id)
        floor.close(call)
        seat.wrapping = False
        self.settle(seat, now)

    def _release(self, seat: Seat, now: float) -> None:
        if seat.leg:
            self._floor.out.append(HangUp(seat.leg, "answered_elsewhere"))
        self.settle(seat, now)

    # ---- the seat

    def settle(self, seat: Seat, now: float) -> None:
        """A seat that has nothing to do with a call any more takes the next one, or its place among the free."""
        floor = self._floor
        if seat.busy:
            return
        seat.call = ""
        state = seat.resting_state()
        floor.router.seat_gone(seat)
        if state is not SEAT.READY:
            floor.note_seat(seat, state)
            return
        waiting = floor.router.seat_free(seat)
        if waiting is None:
            floor.note_seat(seat, SEAT.READY)
        else:
            self._offer(floor.calls[waiting], seat, now)

    def rested(self, seat: Seat, now: float) -> None:
        """A seat that did not answer is tried again, unless this is the end of an earlier rest."""
        if seat.resting and now >= seat.rest_until:
            seat.begin_anew()
            self.settle(seat, now)


def _full(settings: QueueSettings, waiting: int) -> bool:
    return settings.max_waiting is not None and waiting >= settings.max_waiting

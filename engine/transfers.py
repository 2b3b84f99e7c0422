"""Brings a caller to a telephone without a queue: a seat's, an extension's or one outside."""

from __future__ import annotations

from collections.abc import Callable

from acd.seat import Seat
from calls.commands import ConnectLegs, HangUp, RingTelephone, StartRecording
from calls.lifecycle import MOVE, OUTCOME, SEAT, STATE
from engine.desk import CONNECT_S
from engine.floor import Call, Floor, TransferLeg
from ivr.steps import NotReached, Transfer

Give = Callable[[Call, NotReached, float], None]
Settle = Callable[[Seat, float], None]
"""What a seat does that has nothing to do with a call any more."""

UNANSWERED, UNKNOWN = NotReached("unanswered"), NotReached("unknown")


class Transfers:
    """The transfers that a flow makes. A seat that is rung so takes no call of a queue meanwhile, and has no wrap-up.

    The conversation counts as answered; its recording and its end are those of any other.
    """

    def __init__(self, floor: Floor, settle: Settle, give: Give) -> None:
        self._floor = floor
        self._settle = settle
        self._give = give

    # ---- ringing

    def begin(self, call: Call, wish: Transfer, now: float) -> NotReached | None:
        """Ring for a caller; answers with why not at once (None: it rings)."""
        to = self._found(call, wish)
        if isinstance(to, NotReached):
            return to
        self._ring(call, wish, to, now)
        return None

    def _found(self, call: Call, wish: Transfer) -> TransferLeg | NotReached:
        match wish.kind:
            case "seat":
                return self._seat(call, wish.target)
            case "extension":
                return self._extension(call, wish.target)
            case _:
                return TransferLeg(call)

    def _seat(self, call: Call, name: str) -> TransferLeg | NotReached:
        seat = self._floor.seats.get(name)
        if seat is None:
            return UNKNOWN
        if seat.busy or seat.resting_state() is SEAT.LOGGED_OUT:
            return UNANSWERED
        return TransferLeg(call, seat.id, seat)

    def _extension(self, call: Call, number: str) -> TransferLeg | NotReached:
        extension = self._floor.centre.extensions.get(number)
        if extension is None:
            return UNKNOWN
        phone = extension.id if extension.via == "phone" else ""
        if phone and any(leg.phone == phone for leg in self._floor.transfer_legs.values()):
            return UNANSWERED  # one call at a time: no second one beeps into a conversation
        return TransferLeg(call, phone)

    def _ring(self, call: Call, wish: Transfer, to: TransferLeg, now: float) -> None:
        floor, seat = self._floor, to.seat
        call.asks += 1
        to.id = f"{call.id}.t{call.asks}"
        floor.transfer_legs[to.id] = call.transfer = to
        floor.move(call, MOVE.TRANSFERRED, to.seat_id)
        if seat is not None:
            floor.router.seat_gone(seat)
            seat.call, seat.leg = call.id, to.id
            floor.note_seat(seat, SEAT.RINGING)
        # Inside the house the caller's number is shown; a carrier lets nobody call from a number that is not his.
        shown = call.project.numbers[0].number if wish.kind == "outside" else call.caller
        floor.out.append(RingTelephone(wish.kind, wish.target, to.phone, to.id, call.id, call.leg, shown))
        floor.start_music(call)
        call.timer = floor.timers.set(now + wish.ring_s, "transfer", call.id)

    def rang_long_enough(self, call: Call, now: float) -> None:
        """The telephone was not picked up in time."""
        call.timer = None
        if call.transfer is not None and call.state is STATE.TRANSFERRED:
            self._floor.out.append(HangUp(call.transfer.id, "no_answer"))
            self._not_reached(call, now)

    def answered(self, leg: str, now: float) -> None:
        """The telephone of a transfer was picked up: bring the two together."""
        floor = self._floor
        call = floor.transfer_legs[leg].call
        if not call.rings_at(leg) or call.bridge:
            return
        floor.timers.cancel(call.timer)
        floor.stop_music(call)
        call.bridge = f"{call.id}.x{call.asks}"
        floor.bridges[call.bridge] = call
        call.timer = floor.timers.set(now + CONNECT_S, "connect", call.bridge)
        floor.out.append(ConnectLegs(call.bridge, call.leg, leg))

    def connected(self, call: Call) -> None:
        """Both are in the bridge: the conversation begins, and with it the recording."""
        floor, to = self._floor, call.transfer
        assert to is not None  # no transferred call has a bridge without it
        floor.timers.cancel(call.timer)
        call.timer = None
        floor.decide(call, OUTCOME.ANSWERED)
        floor.move(call, MOVE.ANSWERED, to.seat_id)
        if to.seat is not None:
            floor.note_seat(to.seat, SEAT.TALKING)
        if call.project.recording.enabled:
            floor.out.append(StartRecording(call.id, call.leg, call.project.project))

    def connection_failed(self, call: Call, now: float) -> None:
        """The two could not be brought together."""
        assert call.transfer is not None  # no transferred call has a bridge without it
        self._floor.out.append(HangUp(call.transfer.id))
        self._not_reached(call, now)

    def _not_reached(self, call: Call, now: float) -> None:
        floor = self._floor
        self._part(call)
        floor.timers.cancel(call.timer)
        call.timer = None
        floor.stop_music(call)
        floor.move(call, MOVE.REFUSED)
        self._give(call, UNANSWERED, now)

    # ---- the end

    def leg_ended(self, leg: str, now: float) -> None:
        """The telephone is on the hook again, whoever put it there."""
        floor = self._floor
        to = floor.transfer_legs.pop(leg)
        if to.seat is not None:
            to.seat.leg = ""
        call = to.call
        if call.rings_at(leg):
            self._not_reached(call, now)
        elif call.transfer is to:
            floor.hang_up_caller(call)
            self._finish(call)
        if to.seat is not None:
            self._settle(to.seat, now)

    def caller_left(self, call: Call) -> None:
        """The caller hung up while it rang, or at the end of the conversation."""
        floor, to = self._floor, call.transfer
        assert to is not None  # else this is none of ours
        floor.caller_gone(call)
        floor.out.append(HangUp(to.id))
        if call.state is STATE.TALKING:
            self._finish(call)
            return
        floor.decide(call, call.position.outcome or OUTCOME.ABANDONED_IVR)
        floor.move(call, MOVE.HUNG_UP)
        self._part(call)
        floor.close(call)

    def _finish(self, call: Call) -> None:
        floor = self._floor
        seat = call.transfer.seat_id if call.transfer else ""
        self._part(call)
        floor.move(call, MOVE.FINISHED, seat)
        floor.move(call, MOVE.WRAPPED_UP, seat)
        floor.close(call)

    def _part(self, call: Call) -> None:
        self._floor.drop_bridge(call)
        call.transfer = None

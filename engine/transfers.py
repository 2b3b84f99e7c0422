"""Brings a caller to a telephone without a queue: because the flow says so, or because an operator does."""

from __future__ import annotations

from collections.abc import Callable

from acd.seat import Seat
from calls.commands import ConnectLegs
from calls.lifecycle import MOVE, OUTCOME, STATE
from engine.call import Call, Party
from engine.cannot import CannotError
from engine.desk import Desk
from engine.floor import Floor
from engine.ringing import CONNECT_S, Ringing
from engine.telephones import Telephones
from ivr.steps import NotReached, Transfer

Give = Callable[[Call, NotReached, float], None]

UNANSWERED, UNKNOWN = NotReached("unanswered"), NotReached("unknown")


class Transfers:
    """A caller on his way to a telephone. It rings as long as `call.timer` says, and he hears music.

    Where nobody is reached, he goes back: to the flow, or to the operator who sent him.
    """

    def __init__(
        self, floor: Floor, telephones: Telephones, ringing: Ringing, desk: Desk, give: Give
    ) -> None:
        self._floor = floor
        self._telephones = telephones
        self._ringing = ringing
        self._desk = desk
        self._give = give

    # ---- ringing

    def begin(self, call: Call, wish: Transfer, now: float) -> NotReached | None:
        """Ring for a caller in the flow; answers with why not at once (None: it rings)."""
        try:
            to = self._telephones.found(call, wish.kind, wish.target)
        except CannotError as no:
            return UNKNOWN if no.refusal == "unknown" else UNANSWERED
        self.ring(to, now, wish.ring_s)
        return None

    def ring(self, to: Party, now: float, ring_s: float) -> None:
        """Ring a telephone to which a call goes; its operator, if it had one, is out of it already."""
        call = to.call
        call.transfer = to
        self._floor.move(call, MOVE.TRANSFERRED, to.seat_id)
        self._telephones.ring(to)
        self._floor.start_music(call)
        call.timer = self._floor.timers.set(now + ring_s, "transfer", call.id)

    def rings_already(self, to: Party) -> None:
        """The same with a telephone that its operator was already ringing, to ask something first."""
        call, timer = to.call, to.timer
        assert timer is not None  # it rings
        call.parties.remove(to)
        call.transfer, to.role, to.timer = to, "transferred", None
        self._floor.timers.cancel(timer)
        self._floor.move(call, MOVE.TRANSFERRED, to.seat_id)
        call.timer = self._floor.timers.set(timer.at, "transfer", call.id)

    def rang_long_enough(self, call: Call, now: float) -> None:
        """The telephone was not picked up in time."""
        call.timer = None
        if call.transfer is not None and call.state is STATE.TRANSFERRED:
            self._telephones.let_go(call.transfer, "no_answer")
            self._not_reached(call, now)

    def answered(self, party: Party, now: float) -> None:
        """The telephone of a transfer was picked up: bring the two together."""
        floor, call = self._floor, party.call
        if not call.rings_at(party.id) or call.bridge:
            return
        floor.timers.cancel(call.timer)
        floor.stop_music(call)
        call.connects += 1
        call.bridge = f"{call.id}.b{call.connects}"
        floor.bridges[call.bridge] = call
        call.timer = floor.timers.set(now + CONNECT_S, "connect", call.bridge)
        floor.out.append(ConnectLegs(call.bridge, call.leg, party.id))

    def connected(self, call: Call) -> None:
        """Both are in the bridge: the conversation begins or goes on, and with it the recording."""
        floor, to = self._floor, call.transfer
        assert to is not None  # no transferred call has a bridge without it
        floor.timers.cancel(call.timer)
        call.timer = call.sender = None
        floor.decide(call, OUTCOME.ANSWERED)
        floor.move(call, MOVE.ANSWERED, to.seat_id)
        self._telephones.takes_charge(to)
        self._ringing.record(call)

    def connection_failed(self, call: Call, now: float) -> None:
        """The two could not be brought together."""
        assert call.transfer is not None  # no transferred call has a bridge without it
        self._telephones.let_go(call.transfer)
        self._not_reached(call, now)

    def not_picked_up(self, party: Party, now: float) -> None:
        """The telephone of a transfer is on the hook before anybody talked."""
        self._telephones.forgotten(party)
        self._not_reached(party.call, now)

    def _not_reached(self, call: Call, now: float) -> None:
        floor, sender = self._floor, call.sender
        floor.drop_bridge(call)
        floor.timers.cancel(call.timer)
        call.timer = call.sender = None
        if sender is not None:
            self._back_to(call, sender, now)
            return
        floor.stop_music(call)
        floor.move(call, MOVE.REFUSED)
        self._give(call, UNANSWERED, now)

    def _back_to(self, call: Call, sender: Seat, now: float) -> None:
        self._desk.find_line(call)
        self._floor.move(call, MOVE.RETURNED, sender.id)
        self._desk.take_back(call, sender, now)

    # ---- the caller hangs up

    def caller_left(self, call: Call) -> None:
        """While it rang."""
        floor = self._floor
        floor.caller_gone(call)
        floor.drop_bridge(call)
        if call.transfer is not None:
            self._telephones.let_go(call.transfer)
        floor.decide(call, call.position.outcome or OUTCOME.ABANDONED_IVR)
        floor.move(call, MOVE.HUNG_UP)
        floor.close(call)

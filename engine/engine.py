"""The engine: `handle(event, now) -> commands` is the only way in and out.

Pure: no I/O, no clock, no randomness, no locks. One task feeds it, live or simulated.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from calls.commands import Command, HangUp, NoteArrived, NoteMoved, NoteOutcome
from calls.events import (
    CallArrived,
    CommandFailed,
    DigitPressed,
    EngineStarted,
    Event,
    GuidanceFinished,
    HoursClockShifted,
    HoursOverridden,
    LegAnswered,
    LegEnded,
    LegRang,
    LegsConnected,
    MessageFinished,
    MessageStored,
    PhoneRegistered,
    PhoneUnregistered,
    PinEntered,
    ProjectPublished,
    ProjectWithdrawn,
    QualityMeasured,
    RecordingFinished,
    SeatLoggedIn,
    SeatLoggedOut,
    TimePassed,
    WrapUpFinished,
)
from calls.lifecycle import MOVE, OUTCOME, STATE
from engine.centre import Centre
from engine.desk import Desk
from engine.errands import Errands
from engine.floor import Call, Floor
from engine.guide import Guide
from engine.orders import Orders
from engine.publication import publish, withdraw
from engine.transfers import Transfers
from ivr import steps

GONE = 404
"""What Asterisk answers where the leg, bridge or playback of a command is no more."""


class Engine:
    """All calls and seats of a centre."""

    def __init__(self, centre: Centre) -> None:
        self.floor = Floor(centre)
        self._desk = Desk(self.floor)
        self._guide = Guide(self.floor, self._desk.enqueue)
        self._desk.give_back = self._guide.refused
        self._transfers = Transfers(self.floor, self._desk.settle, self._guide.give)
        self._errands = Errands(self.floor, self._guide.give)
        self._guide.others |= {
            steps.Transfer: self._transfers.begin,
            steps.TakeMessage: self._errands.take_message,
            steps.AskCallback: self._errands.note_callback,
            steps.SendNotice: self._errands.send_notice,
        }
        self._orders = Orders(self.floor)
        self._run = ""
        self._handlers = self._event_table()
        self._deadlines = self._deadline_table()

    def handle(self, event: Event, now: float) -> list[Command]:
        """Take one event in at `now` (seconds since 1970 UTC); return what is to be done, in order.

        Deadlines that are due come first, each in the order (deadline, number of setting). An event about a leg,
        playback, bridge or seat that means nothing any more (a second hang-up, say) leads to nothing.
        Raises KeyError for an object that is no event at all.
        """
        out: list[Command] = []
        self.floor.out = out
        while (due := self.floor.timers.pop_due(now)) is not None:
            kind, subject = due
            self._deadlines[kind](subject, now)
        self._handlers[type(event)](event, now)
        return out

    def next_deadline(self) -> float | None:
        """When `handle(TimePassed(), ...)` is due at the latest; None if nothing is waited for."""
        return self.floor.timers.next_at()

    def legs(self) -> set[str]:
        """The legs that are believed to be there: the callers', the seats' and those of transfers."""
        floor = self.floor
        return floor.callers.keys() | floor.seat_legs.keys() | floor.transfer_legs.keys()

    def _event_table(self) -> dict[type[Event], Callable[[Any, float], None]]:
        return {
            CallArrived: self._arrived,
            DigitPressed: self._pressed,
            GuidanceFinished: self._played,
            LegAnswered: self._leg_answered,
            LegEnded: self._leg_ended,
            LegsConnected: self._connected,
            CommandFailed: self._failed,
            SeatLoggedIn: lambda event, now: self._seat(event.seat, now, logged_in=True),
            SeatLoggedOut: lambda event, now: self._seat(event.seat, now, logged_in=False),
            PhoneRegistered: lambda event, now: self._seat(event.phone, now, reachable=True),
            PhoneUnregistered: lambda event, now: self._seat(event.phone, now, reachable=False),
            WrapUpFinished: lambda event, now: self._for_seat(event.seat, self._desk.wrapped_up, now),
            HoursClockShifted: self._shift_clock,
            ProjectPublished: lambda event, now: publish(self.floor, event),
            ProjectWithdrawn: lambda event, now: withdraw(self.floor, event),
            HoursOverridden: lambda event, now: self._orders.given(event, now),
            PinEntered: self._pin_entered,
            EngineStarted: self._started,
            TimePassed: _nothing,
            LegRang: _nothing,
            MessageFinished: lambda event, now: self._errands.message_finished(
                event.message, event.seconds, now
            ),
            RecordingFinished: _nothing,
            MessageStored: _nothing,
            QualityMeasured: _nothing,
        }

    def _deadline_table(self) -> dict[str, Callable[[str, float], None]]:
        return {
            "silence": lambda call, now: self._for_call(call, self._guide.silent, now),
            "guidance": lambda call, now: self._for_call(call, self._guidance_lost, now),
            "silent_ring": lambda call, now: self._for_call(call, self._desk.rings_on, now),
            "connect": self._connection_failed,
            "transfer": lambda call, now: self._for_call(call, self._transfers.rang_long_enough, now),
            "message": lambda call, now: self._for_call(call, self._errands.message_over, now),
            "ring": lambda call, now: self._for_call(call, self._desk.ring_timed_out, now),
            "wait": lambda call, now: self._for_call(call, self._desk.waited_too_long, now),
            "wrapup": lambda seat, now: self._for_seat(seat, self._desk.wrapped_up, now),
            "override": lambda project, now: self._orders.over(project),
            "rest": lambda seat, now: self._for_seat(seat, self._desk.rested, now),
        }

    def _started(self, event: EngineStarted, now: float) -> None:
        self._run = event.run

    def _arrived(self, event: CallArrived, now: float) -> None:
        floor = self.floor
        if event.leg in floor.callers:
            return
        floor.arrived += 1
        call_id = f"c{int(now)}{self._run}-{floor.arrived}"
        project = floor.centre.by_number.get(event.number)
        name = project.project if project else ""
        floor.out.append(NoteArrived(call_id, event.leg, name, event.number, event.caller))
        if project is None:
            self._block(call_id, event.leg)
            return
        if project.lines is not None and floor.lines[name] >= project.lines:
            self._block(call_id, event.leg, busy=True)
            return
        version = floor.centre.version_of(name)
        call = Call(call_id, event.leg, project, event.number, event.caller, floor.hours[name], version)
        floor.calls[call_id] = floor.callers[event.leg] = call
        floor.lines[name] += 1
        floor.move(call, MOVE.ENTERED)
        self._guide.begin(call, now)

    def _block(self, call: str, leg: str, *, busy: bool = False) -> None:
        self.floor.out += (
            NoteOutcome(call, OUTCOME.BLOCKED),
            NoteMoved(call, MOVE.BLOCKED, STATE.CLOSED),
            HangUp(leg, "busy" if busy else "unknown_number"),
        )

    def _pressed(self, event: DigitPressed, now: float) -> None:
        call = self.floor.callers.get(event.leg)
        if call is not None:
            self._guide.pressed(call, event.digit, now)

    def _pin_entered(self, event: PinEntered, now: float) -> None:
        call = self.floor.callers.get(event.leg)
        if call is not None:
            self._guide.pin_typed(call, event.ok, now)

    def _played(self, event: GuidanceFinished, now: float) -> None:
        call = self.floor.calls.get(event.playback.partition(".")[0])
        if call is not None:
            self._guide.played(call, event.playback, now, ok=event.ok)

    def _guidance_lost(self, call: Call, now: float) -> None:
        self._guide.played(call, call.playback, now)

    def _leg_answered(self, event: LegAnswered, now: float) -> None:
        seat = self.floor.seat_legs.get(event.leg)
        if seat is not None:
            self._desk.seat_answered(seat, now)
        elif event.leg in self.floor.transfer_legs:
            self._transfers.answered(event.leg, now)

    def _connected(self, event: LegsConnected, now: float) -> None:
        call = self.floor.bridges.get(event.bridge)
        if call is not None and call.state is STATE.TRANSFERRED:
            self._transfers.connected(call)
        else:
            self._desk.connected(event.bridge, now)

    def _connection_failed(self, bridge: str, now: float) -> None:
        call = self.floor.bridges.get(bridge)
        if call is not None and call.state is STATE.TRANSFERRED:
            self._transfers.connection_failed(call, now)
        else:
            self._desk.connection_failed(bridge, now)

    def _leg_ended(self, event: LegEnded, now: float) -> None:
        seat = self.floor.seat_legs.get(event.leg)
        if seat is not None:
            self._desk.seat_leg_ended(seat, now)
        elif event.leg in self.floor.transfer_legs:
            self._transfers.leg_ended(event.leg, now)
        elif (call := self.floor.callers.get(event.leg)) is not None:
            self._caller_left(call, now)

    def _caller_left(self, call: Call, now: float) -> None:
        if call.state is STATE.IVR:
            self._left_flow(call, now)
        elif call.transfer is not None:
            self._transfers.caller_left(call)
        else:
            self._desk.caller_left(call, now)

    def _left_flow(self, call: Call, now: float) -> None:
        floor = self.floor
        got = self._errands.left_behind(call, now) or call.position.outcome
        floor.decide(call, got or OUTCOME.ABANDONED_IVR)
        floor.move(call, MOVE.HUNG_UP)
        floor.caller_gone(call)
        floor.close(call)

    def _failed(self, event: CommandFailed, now: float) -> None:
        match event.name:
            case "RingSeat" | "RingTelephone":
                self._leg_ended(LegEnded(event.subject), now)
            case "PlayGuidance":
                self._played(GuidanceFinished(event.subject, ok=False), now)
            case "ConnectLegs":
                self._connection_failed(event.subject, now)
            case "StartMessage":
                self._errands.message_finished(event.subject, 0.0, now)
            case "HangUp" | "AnswerLeg" | "StartEarlyMedia" if event.status == GONE:
                self._leg_ended(LegEnded(event.subject), now)

    def _seat(
        self, name: str, now: float, *, logged_in: bool | None = None, reachable: bool | None = None
    ) -> None:
        seat = self.floor.seats.get(name)
        if seat is None:
            return
        before = seat.resting_state()
        if logged_in or (reachable and not seat.reachable):
            seat.begin_anew()
        seat.logged_in = seat.logged_in if logged_in is None else logged_in
        seat.reachable = seat.reachable if reachable is None else reachable
        if seat.resting_state() is not before:  # a free seat that is told twice keeps its turn
            self._desk.settle(seat, now)

    def _shift_clock(self, event: HoursClockShifted, now: float) -> None:
        for clock in self.floor.clocks(event.project):
            clock.shift = event.seconds

    def _for_call(self, name: str, do: Callable[[Call, float], None], now: float) -> None:
        call = self.floor.calls.get(name)
        if call is not None:
            do(call, now)

    def _for_seat(self, name: str, do: Callable[..., None], now: float) -> None:
        seat = self.floor.seats.get(name)
        if seat is not None:
            do(seat, now)


def _nothing(event: Event, now: float) -> None:
    """Events that are in the journal for the records, not for a decision."""

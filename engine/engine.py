"""The engine: `handle(event, now) -> commands` is the only way in and out.

Pure: no I/O, no clock, no randomness, no locks. One task feeds it, live or simulated.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from acd.router import Changes
from calls.command import Command
from calls.commands import HangUp
from calls.event import Event
from calls.events import (
    CallArrived,
    CommandFailed,
    DigitPressed,
    EngineStarted,
    GuidanceFinished,
    HoursClockShifted,
    HoursOverridden,
    LegAnswered,
    LegEnded,
    LegHeld,
    LegRang,
    LegReferred,
    LegRetrieved,
    LegsConnected,
    MessageFinished,
    MessageStored,
    PhoneDialled,
    PhoneRegistered,
    PhoneUnregistered,
    PinEntered,
    ProjectPublished,
    ProjectWithdrawn,
    QualityMeasured,
    RecordingFinished,
    TimePassed,
)
from calls.lifecycle import MOVE, OUTCOME, STATE
from calls.notes import NoteArrived, NoteMoved, NoteOutcome
from calls.outages import (
    AsteriskEnded,
    CallAdopted,
    CallForgotten,
    ClockStepped,
    DegradedCallEnded,
    EngineResumed,
    PhoneGivenBack,
    PhoneTaken,
)
from engine.adoption import Adoption
from engine.call import Call
from engine.callbacks import Callbacks
from engine.centre import Centre
from engine.desk import Desk
from engine.dialling import Dialling
from engine.ear import Ear
from engine.errands import Errands
from engine.floor import Floor
from engine.guide import Guide
from engine.legs import Legs
from engine.lost import Lost
from engine.machine import Machine
from engine.orders import Orders
from engine.outbound import Outbound
from engine.phones import Phones
from engine.publication import publish, withdraw
from engine.requests import Requests
from engine.ringing import Ringing
from engine.seats import Seats
from engine.taken import Taken
from engine.talk import Talk
from engine.telephones import Telephones
from engine.transfers import Transfers
from engine.waiting import Waiting
from ivr import steps


class Engine(Machine):
    """All calls and seats of a centre."""

    def __init__(self, centre: Centre) -> None:
        super().__init__(Floor(centre))
        self._seats = Seats(self.floor)
        self._waiting = Waiting(self.floor)
        self._ringing = Ringing(self.floor, self._seats, self._waiting)
        self._desk = Desk(self.floor, self._seats, self._waiting, self._ringing)
        self._seats.widen = self._desk.widen_anew
        self._seats.left = self._desk.seat_left
        self._guide = Guide(self.floor, self._desk.enqueue, self._desk.step_out)
        self._desk.give_back = self._guide.refused
        telephones = Telephones(self.floor)
        self._transfers = Transfers(self.floor, telephones, self._ringing, self._desk, self._guide.give)
        self._talk = Talk(self.floor, self._seats, telephones, self._desk, self._transfers)
        self._ear = Ear(self.floor, self._seats, telephones)
        self._dialling = Dialling(self.floor, telephones, self._ringing)
        self._outbound = Outbound(self.floor, self._seats, telephones, self._dialling)
        self._callbacks = Callbacks(self.floor, self._desk, self._ringing, self._dialling)
        self._requests = Requests(
            self.floor, self._seats, self._talk, self._ear, self._outbound, self._callbacks
        )
        self._phones = Phones(
            self.floor, self._requests, self._talk, telephones, self._ear, self._outbound
        )  # fmt: skip
        self._errands = Errands(self.floor, self._guide.give)
        self._guide.others |= {
            steps.Transfer: self._transfers.begin,
            steps.TakeMessage: self._errands.take_message,
            steps.AskCallback: self._callbacks.ask,
            steps.SendNotice: self._errands.send_notice,
        }
        self._orders = Orders(self.floor, self._hours_changed)
        self._legs = Legs(
            self.floor, self._seats, self._guide, self._waiting, self._errands, telephones, self._ringing,
            self._desk, self._transfers, self._talk, self._dialling,
        )  # fmt: skip
        self._second_lines = self._phones.second_lines
        self._lost = Lost(self.floor, self._seats, telephones, self._phones)
        self._adoption = Adoption(self.floor, self._seats, telephones, self._desk, self._guide)
        self._taken = Taken(self.floor, self._seats, self._ringing)
        self._handlers = self._event_table()
        self._of_calls = self._call_deadlines()
        self._of_others = self._other_deadlines()

    def handle(self, event: Event, now: float) -> list[Command]:
        """Take one event in at `now` (seconds since 1970 UTC); return what is to be done, in order.

        Deadlines that are due come first, each in the order (deadline, number of setting). An event about a leg,
        playback, bridge or seat that means nothing any more (a second hang-up, say) leads to nothing.
        Raises KeyError for an object that is no event at all.
        """
        floor = self.floor
        out: list[Command] = []
        floor.out = out
        while (due := floor.timers.pop_due(now)) is not None:
            self._is_due(due[0], due[1], now)
        kind = type(event)
        tell = self._phones.table.get(kind)
        if tell is not None:
            tell(event, now)
        self._handlers[kind](event, now)
        if floor.over:
            self._callbacks.settle(now)
        if self._ear.listening or self._second_lines.lines:
            self._phones.sync()
        return out

    def _is_due(self, deadline: str, subject: str, now: float) -> None:
        of_call = self._of_calls.get(deadline)
        if of_call is None:
            self._of_others[deadline](subject, now)
        elif (call := self.floor.calls.get(subject)) is not None:
            of_call(call, now)

    def next_deadline(self) -> float | None:
        """When `handle(TimePassed(), ...)` is due at the latest; None if nothing is waited for."""
        return self.floor.timers.next_at()

    def legs(self) -> set[str]:
        """The legs that are believed to be there: the callers', the seats' and everybody else's."""
        floor = self.floor
        return floor.callers.keys() | floor.seat_legs.keys() | floor.parties.keys() | self._phones.legs()

    def _event_table(self) -> dict[type[Event], Callable[[Any, float], None]]:
        table: dict[type[Event], Callable[[Any, float], None]] = {
            CallArrived: self._arrived,
            DigitPressed: self._pressed,
            GuidanceFinished: self._legs.played,
            LegAnswered: self._legs.answered,
            LegEnded: self._legs.ended,
            LegsConnected: self._legs.connected,
            CommandFailed: self._legs.command_failed,
            PhoneRegistered: lambda event, now: self._seats.reached(event.phone, now, reachable=True),
            PhoneUnregistered: lambda event, now: self._seats.reached(event.phone, now, reachable=False),
            LegHeld: _nothing,
            LegRetrieved: _nothing,
            LegReferred: _nothing,
            PhoneDialled: _nothing,
            HoursClockShifted: self._shift_clock,
            ProjectPublished: lambda event, now: self._reorganised(event, publish(self.floor, event), now),
            ProjectWithdrawn: lambda event, now: self._reorganised(event, withdraw(self.floor, event), now),
            HoursOverridden: lambda event, now: self._orders.given(event, now),
            PinEntered: self._pin_entered,
            EngineStarted: self._started,
            EngineResumed: lambda event, now: self.floor.answers.resumed(event.away_s),
            AsteriskEnded: self._lost.asterisk_ended,
            CallAdopted: self._adoption.adopted,
            PhoneTaken: self._taken.taken,
            PhoneGivenBack: self._taken.given_back,
            ClockStepped: self._orders.clock_stepped,
            DegradedCallEnded: _nothing,
            CallForgotten: _nothing,
            TimePassed: _nothing,
            LegRang: _nothing,
            MessageFinished: lambda event, now: self._errands.message_finished(
                event.message, event.seconds, now
            ),
            RecordingFinished: _nothing,
            MessageStored: _nothing,
            QualityMeasured: _nothing,
        }
        return table | dict.fromkeys(self._requests.table, self._requests.take)

    def _call_deadlines(self) -> dict[str, Callable[[Call, float], None]]:
        """Those whose subject is a call; they mean nothing once it is over."""
        return {
            "silence": self._guide.silent,
            "guidance": self._guidance_lost,
            "silent_ring": self._ringing.rings_on,
            "transfer": self._transfers.rang_long_enough,
            "message": self._errands.message_over,
            "ring": self._ringing.ring_timed_out,
            "wait": self._waited_too_long,
            "notice": self._waiting.notices.due,
            "notice_over": self._waiting.notices.over,
            "closing": self._waiting.closing.due,
            "dial": self._dialling.rang_long_enough,
            "widen": self._desk.widen,
        }

    def _other_deadlines(self) -> dict[str, Callable[[str, float], None]]:
        return {
            "connect": self._legs.connection_failed,
            "callback": self._callbacks.try_again,
            "callback_hours": self._callbacks.look,
            "deserted": lambda _, now: self._desk.nobody_came(now),
            "party": lambda leg, now: self._talk.rang_long_enough(leg),
            "wrapup": lambda seat, now: self._seats.wrapped_up(self.floor.seats[seat], now),
            "override": self._orders.over,
            "rest": lambda seat, now: self._seats.rested(self.floor.seats[seat], now),
            **self._phones.deadlines,
        }

    def _started(self, event: EngineStarted, now: float) -> None:
        self.floor.run = event.run

    def _arrived(self, event: CallArrived, now: float) -> None:
        floor = self.floor
        if event.leg in floor.callers:
            return
        call_id = floor.new_id(now)
        project = floor.centre.by_number.get(event.number)
        name = project.facts.project if project else ""
        floor.out.append(NoteArrived(call_id, event.leg, name, event.number, event.caller))
        if project is None:
            self._block(call_id, event.leg)
            return
        if (lines := project.facts.lines) is not None and floor.lines[name] >= lines:
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
        if (call := self.floor.callers.get(event.leg)) is not None:
            self._guide.pressed(call, event.digit, now)

    def _pin_entered(self, event: PinEntered, now: float) -> None:
        if (call := self.floor.callers.get(event.leg)) is not None:
            self._guide.pin_typed(call, event.ok, now)

    def _guidance_lost(self, call: Call, now: float) -> None:
        self._guide.played(call, call.playback, now)

    def _waited_too_long(self, call: Call, now: float) -> None:
        call.wait_timer = None
        self._desk.leave_line(call, "timeout", now)

    def _reorganised(self, event: ProjectPublished | ProjectWithdrawn, changes: Changes, now: float) -> None:
        for seat in changes.seats:
            self._seats.settle(seat, now)
        self._desk.widen_anew(changes.calls, now)
        self._callbacks.look(event.project, now)

    def _shift_clock(self, event: HoursClockShifted, now: float) -> None:
        for clock in self.floor.clocks(event.project):
            clock.shift = event.seconds
        self._hours_changed(event.project, now)

    def _hours_changed(self, project: str, now: float) -> None:
        self._waiting.closing.hours_changed(project, now)
        self._callbacks.look(project, now)


def _nothing(event: Event, now: float) -> None:
    """Events that are in the journal for the records, not for a decision."""

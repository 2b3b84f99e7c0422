"""What the engine holds in its hands at one moment: calls, seats, deadlines and the commands of this step."""

from __future__ import annotations

from collections import OrderedDict

from acd.expected_wait import Answers
from acd.router import Router
from acd.seat import Seat, Serves
from calls.command import Command, HangUpReason
from calls.commands import CloseBridge, HangUp, StartMusic, StopMusic
from calls.lifecycle import LIFECYCLE, MOVE, Move, Outcome, SeatState, next_state
from calls.notes import NoteMoved, NoteOutcome, NoteSeat
from engine.call import Call, Callback, Party
from engine.centre import Centre
from engine.hours_clock import HoursClock, hours_clocks
from engine.timers import Timer, Timers

MOST_REMEMBERED = 20_000
"""So many callers are remembered with whom they talked last."""


class Floor:
    """All state of the engine. `out` collects the commands of the step in hand."""

    remembers = (
        "centre",
        "router",
        "seats",
        "hours",
        "answers",
        "timers",
        "calls",
        "callers",
        "seat_legs",
        "parties",
        "wrapups",
        "operators",
        "_talked",
        "bridges",
        "lines",
        "arrived",
        "run",
        "callbacks",
    )

    def __init__(self, centre: Centre) -> None:
        self.centre = centre
        seats = [Seat(plan.id, centre.serves(plan, None)) for plan in centre.seats]
        self.router = Router(centre.queues(), seats)
        self.seats = self.router.seats
        for seat in seats:
            seat.logged_in = not centre.plans[seat.id].personal
        self.hours = hours_clocks(centre.answering().values())
        self.answers = Answers()
        self.timers = Timers()
        self.calls: dict[str, Call] = {}
        self.callers: dict[str, Call] = {}
        self.seat_legs: dict[str, Seat] = {}
        self.parties: dict[str, Party] = {}
        self.wrapups: dict[str, Timer] = {}
        self.operators: dict[str, Seat] = {}
        self._talked: OrderedDict[tuple[str, str], tuple[str, str]] = OrderedDict()
        self.bridges: dict[str, Call] = {}
        self.lines: dict[str, int] = dict.fromkeys(centre.answering(), 0)
        self.arrived = 0
        self.run = ""
        self.callbacks: dict[str, Callback] = {}
        self.over: list[Call] = []  # of this step, as far as callbacks depend on them
        self.out: list[Command] = []

    def new_id(self, now: float) -> str:
        """The id of a call that begins now."""
        self.arrived += 1
        return f"c{int(now)}{self.run}-{self.arrived}"

    def serves(self, seat: Seat) -> tuple[Serves, ...]:
        """What a seat serves, with whoever sits there now."""
        centre = self.centre
        return centre.serves(centre.plans[seat.id], centre.people.get(seat.operator))

    def talked(self, call: Call, seat: Seat) -> None:
        """Remember with whom a caller talked, where his next call is to go there first."""
        if call.caller:
            self._talked[call.project.project, call.caller] = (seat.operator, seat.id)
            self._talked.move_to_end((call.project.project, call.caller))
            if len(self._talked) > MOST_REMEMBERED:
                self._talked.popitem(last=False)

    def last_seat(self, call: Call) -> str:
        """The seat where the operator sits with whom this caller talked last; empty where nothing is known."""
        operator, seat = self._talked.get((call.project.project, call.caller), ("", ""))
        if operator:
            sits = self.operators.get(operator)
            return sits.id if sits is not None else ""
        return seat

    def clocks(self, project: str) -> list[HoursClock]:
        """The clocks of a project: that of its version in service, and those of calls on earlier ones."""
        now = [self.hours[project]] if project in self.hours else []
        old = [call.hours for call in self.calls.values() if call.project.project == project]
        return list({id(clock): clock for clock in (*now, *old)}.values())

    def move(self, call: Call, move: Move, seat: str = "") -> None:
        """Make a move of the lifecycle table and note it."""
        state = LIFECYCLE[call.state].get(move)
        if state is None:
            state = next_state(call.state, move)  # raises, and says why
        call.state = state
        priority = call.priority if move is MOVE.QUEUED else 0
        self.out.append(NoteMoved(call.id, move, state, call.queue, seat, priority))

    def decide(self, call: Call, outcome: Outcome) -> None:
        """Fix the one outcome of a call; whoever comes second changes nothing."""
        if call.outcome is None:
            call.outcome = outcome
            self.out.append(NoteOutcome(call.id, outcome))

    def note_seat(self, seat: Seat, state: SeatState, reason: str = "") -> None:
        """Set and note a seat's state, if it is another one."""
        if seat.state is not state or seat.reason != reason or seat.shown_operator != seat.operator:
            seat.state, seat.reason, seat.shown_operator = state, reason, seat.operator
            self.out.append(NoteSeat(seat.id, state, seat.call, seat.operator, reason))

    def hang_up_caller(self, call: Call, reason: HangUpReason = "normal") -> None:
        """End the caller's leg; from now on its events mean nothing."""
        self.out.append(HangUp(call.leg, reason))
        self.caller_gone(call)

    def caller_gone(self, call: Call) -> None:
        """The caller's leg is no more: nothing plays to it, no deadline of its flow holds, its line is free."""
        self.callers.pop(call.leg, None)
        if call.direction == "in":
            self.lines[call.facts.project] -= 1
        call.playback = ""
        call.music = False
        self.stop_waiting(call)
        if call.timer is not None:
            self.timers.cancel(call.timer)
            call.timer = None

    def stop_waiting(self, call: Call) -> None:
        """No deadline of the waiting line holds any more."""
        if call.wait_timer is not None:
            self.timers.cancel(call.wait_timer)
            call.wait_timer = None
        if call.notice_timer is not None:
            self.timers.cancel(call.notice_timer)
            call.notice_timer = None
        if call.closing_timer is not None:
            self.timers.cancel(call.closing_timer)
            call.closing_timer = None
        if call.widen_timer is not None:
            self.timers.cancel(call.widen_timer)
            call.widen_timer = None

    def start_music(self, call: Call) -> None:
        """Let the caller hear that somebody looks for somebody; there may be no caller yet (a call back)."""
        if not call.music and call.leg in self.callers:
            call.music = True
            self.out.append(StartMusic(call.leg))

    def stop_music(self, call: Call) -> None:
        """End it."""
        if call.music:
            call.music = False
            self.out.append(StopMusic(call.leg))

    def drop_bridge(self, call: Call) -> None:
        """Take the call's bridge away, if it has one."""
        if call.bridge:
            self.out.append(CloseBridge(call.bridge))
            self.bridges.pop(call.bridge, None)
            call.bridge = ""

    def close(self, call: Call) -> None:
        """Forget a call that has reached CLOSED."""
        self.calls.pop(call.id, None)
        self.router.forget(call.id)
        if call.asked or call.callback:
            self.over.append(call)

"""What the engine holds in its hands at one moment: calls, seats, deadlines and the commands of this step."""

from __future__ import annotations

import msgspec

from acd.router import Router
from acd.seat import Seat
from calls.commands import Command, HangUp, HangUpReason, NoteMoved, NoteOutcome, NoteSeat
from calls.lifecycle import LIFECYCLE, STATE, Move, Outcome, SeatState, State, next_state
from engine.centre import Centre, hours_clocks
from engine.timers import Timer, Timers
from ivr.project import Project
from ivr.steps import Position


class Call(msgspec.Struct, eq=False):
    """One call from its arrival until it is closed. Only the engine changes it."""

    id: str
    leg: str
    project: Project
    number: str
    caller: str
    state: State = STATE.ARRIVED
    position: Position = Position("")
    outcome: Outcome | None = None
    answered: bool = False
    plays: int = 0
    playback: str = ""
    queue: str = ""
    offers: int = 0
    seat: Seat | None = None
    bridge: str = ""
    ring_until: float = 0.0
    music: bool = False
    timer: Timer | None = None
    wait_timer: Timer | None = None


class Floor:
    """All state of the engine. `out` collects the commands of the step in hand."""

    def __init__(self, centre: Centre) -> None:
        self.centre = centre
        self.queues = centre.queues()
        seats = [Seat(plan.id, centre.queues_of(plan)) for plan in centre.seats]
        self.router = Router(self.queues, seats)
        self.seats = self.router.seats
        self.hours = hours_clocks(centre.projects.values())
        self.timers = Timers()
        self.calls: dict[str, Call] = {}
        self.callers: dict[str, Call] = {}
        self.seat_legs: dict[str, Seat] = {}
        self.bridges: dict[str, Call] = {}
        self.lines: dict[str, int] = dict.fromkeys(centre.projects, 0)
        self.arrived = 0
        self.out: list[Command] = []

    def move(self, call: Call, move: Move, seat: str = "") -> None:
        """Make a move of the lifecycle table and note it."""
        state = LIFECYCLE[call.state].get(move)
        if state is None:
            state = next_state(call.state, move)  # raises, and says why
        call.state = state
        self.out.append(NoteMoved(call.id, move, state, call.queue, seat))

    def decide(self, call: Call, outcome: Outcome) -> None:
        """Fix the one outcome of a call; whoever comes second changes nothing."""
        if call.outcome is None:
            call.outcome = outcome
            self.out.append(NoteOutcome(call.id, outcome))

    def note_seat(self, seat: Seat, state: SeatState) -> None:
        """Set and note a seat's state, if it is another one."""
        if seat.state is not state:
            seat.state = state
            self.out.append(NoteSeat(seat.id, state, seat.call))

    def hang_up_caller(self, call: Call, reason: HangUpReason = "normal") -> None:
        """End the caller's leg; from now on its events mean nothing."""
        self.out.append(HangUp(call.leg, reason))
        self.caller_gone(call)

    def caller_gone(self, call: Call) -> None:
        """The caller's leg is no more: nothing plays to it, no deadline of its flow holds, its line is free."""
        self.callers.pop(call.leg, None)
        self.lines[call.project.project] -= 1
        call.playback = ""
        self.timers.cancel(call.timer)
        self.timers.cancel(call.wait_timer)
        call.timer = call.wait_timer = None

    def close(self, call: Call) -> None:
        """Forget a call that has reached CLOSED."""
        self.calls.pop(call.id, None)
        self.router.forget(call.id)

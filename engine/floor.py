"""What the engine holds in its hands at one moment: calls, seats, deadlines and the commands of this step."""

from __future__ import annotations

import msgspec

from acd.expected_wait import Answers
from acd.router import Router
from acd.seat import Seat
from calls.commands import (
    CloseBridge,
    Command,
    HangUp,
    HangUpReason,
    NoteMoved,
    NoteOutcome,
    NoteSeat,
    StartMusic,
    StopMusic,
)
from calls.lifecycle import LIFECYCLE, STATE, Move, Outcome, SeatState, State, next_state
from calls.queue_settings import QueueSettings
from engine.centre import Centre
from engine.hours_clock import HoursClock, hours_clocks
from engine.timers import Timer, Timers
from ivr.project import Project
from ivr.steps import Position

NO_QUEUE = QueueSettings()


class Message(msgspec.Struct, eq=False):
    """A message that a caller is leaving. `seconds`: how much was said, None as long as it is not over."""

    id: str
    begun_at: float
    seconds: float | None = None


class Call(msgspec.Struct, eq=False):
    """One call from its arrival until it is closed. Only the engine changes it.

    `project`, its `hours`, its published `version` (0: never published) and the `settings` of its queue are those
    with which the call began, whatever is published meanwhile.
    """

    id: str
    leg: str
    project: Project
    number: str
    caller: str
    hours: HoursClock
    version: int = 0
    state: State = STATE.ARRIVED
    position: Position = Position("")
    outcome: Outcome | None = None
    answered: bool = False
    early: bool = False
    plays: int = 0
    playback: str = ""
    queue: str = ""
    settings: QueueSettings = NO_QUEUE
    offers: int = 0
    seat: Seat | None = None
    bridge: str = ""
    ring_until: float = 0.0
    music: bool = False
    timer: Timer | None = None
    wait_timer: Timer | None = None
    asks: int = 0
    transfer: TransferLeg | None = None
    messages: int = 0
    message: Message | None = None

    def rings_at(self, leg: str) -> bool:
        """Whether this call is being transferred to a leg and nobody has talked there yet."""
        return self.state is STATE.TRANSFERRED and self.transfer is not None and self.transfer.id == leg


class TransferLeg(msgspec.Struct, eq=False):
    """A telephone that is rung for a call by a transfer, until it is on the hook again.

    `phone`: its id, empty where it is no telephone of ours; `seat`: where it is a seat's.
    """

    call: Call
    phone: str = ""
    seat: Seat | None = None
    id: str = ""

    @property
    def seat_id(self) -> str:
        """The seat's id, or empty."""
        return self.seat.id if self.seat is not None else ""


class Floor:
    """All state of the engine. `out` collects the commands of the step in hand."""

    def __init__(self, centre: Centre) -> None:
        self.centre = centre
        seats = [Seat(plan.id, centre.queues_of(plan)) for plan in centre.seats]
        self.router = Router(centre.queues(), seats)
        self.seats = self.router.seats
        self.hours = hours_clocks(centre.answering().values())
        self.answers = Answers()
        self.timers = Timers()
        self.calls: dict[str, Call] = {}
        self.callers: dict[str, Call] = {}
        self.seat_legs: dict[str, Seat] = {}
        self.transfer_legs: dict[str, TransferLeg] = {}
        self.bridges: dict[str, Call] = {}
        self.lines: dict[str, int] = dict.fromkeys(centre.answering(), 0)
        self.arrived = 0
        self.out: list[Command] = []

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

    def start_music(self, call: Call) -> None:
        """Let the caller hear that somebody looks for somebody."""
        if not call.music:
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

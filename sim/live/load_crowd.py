"""The simulator's own people at real telephones.

`sim.edge.Edge` is the model of all callers and operators: who dials when, how long he waits and talks, which keys he
presses, how long it rings, how long an operator writes. On virtual time it acts itself. Here the very same edge, with
the very same draws, looks on at an engine that works with a real Asterisk: every step of the journal is told to it, and
what its people decide is done by hands. What telephones do by themselves (to ring, to be connected, to play) happens
for real, and what the edge thinks of it is passed over. So load and simulation differ by nothing but the telephone.

The model hears of a caller in the moment in which he dials, in the order of dialling: so everybody is the same person
as in the simulation, whichever of two calls the telephone brings first, and whom it loses holds up nobody else.

Nobody is called back: a load dials no number outside.
"""

from __future__ import annotations

import math
from collections import deque
from typing import Any, NamedTuple, Protocol

import msgspec

from calls.command import Command
from calls.commands import AnswerLeg, HangUp, PlayGuidance, RingSeat, StartMessage
from calls.event import Event
from calls.events import (
    CallArrived,
    DigitPressed,
    GuidanceFinished,
    LegAnswered,
    LegEnded,
    LegRang,
    MessageFinished,
    PhoneRegistered,
    TimePassed,
)
from calls.journal import Entry
from calls.notes import NoteArrived
from calls.requests import Request
from sim.clock import Clock
from sim.run import Sequel
from sim.world import World

LOST_S = 3.0
"""A call that has not arrived so long after it was dialled is taken for lost."""
READY_S = 0.01
"""A robot's telephone needs so long from ringing to being able to pick up."""
UP_S = 0.1
"""And a caller's from being answered to being able to hang up; who is told before is lost to SIPp, without a BYE."""
STUCK_S = 5.0
"""A call that has not ended so long after its caller hung up is stuck."""


class Hands(Protocol):
    """What does as the people decide. A caller is known by his place among those who have dialled, from 0."""

    def dial(self) -> int | None:
        """The next caller dials; None where there is no telephone left for him."""

    def hang_up(self, place: int) -> None:
        """A caller puts the telephone down."""

    def press(self, place: int, key: str) -> None:
        """A caller presses a key."""

    def pick_up(self, seat: str) -> None:
        """An operator answers."""

    def feed(self, event: Event) -> None:
        """The engine is told what somebody asks for."""


class Dialled(NamedTuple):
    """A caller who has dialled: his place, when (virtual time), and what the model calls him."""

    place: int
    at: float
    plan: CallArrived


def caller_number(place: int) -> str:
    """The number of a caller by his place; nobody has it: 090-0000-xxxx for the first ten thousand."""
    return f"090{place:08d}"


class Crowd:
    """`see` every entry of the journal, and `move` as often as can be; all times are virtual.

    `late`: how long after its time each deed was done (seconds). `dialled`: everybody who has, in order;
    `turned_away`: those for whom there was no telephone left. `stuck`: callers whose hanging up was not heard.
    """

    def __init__(self, world: World, hands: Hands, now: float) -> None:
        self._hands = hands
        self._clock = Clock(now)
        self._edge = world.edge(self._clock)
        self._sequels: dict[type[Event], Sequel] = {
            GuidanceFinished: self._edge.finished,
            DigitPressed: self._edge.pressed,
        }
        self._world = world
        self._changes = world.shifts.after(now)
        self._change: Event | None = None
        self.late: list[float] = []
        self.dialled: list[Dialled] = []
        self.turned_away = 0
        self.stuck = 0
        self._answered: dict[str, float] = {}
        self._left: dict[str, float] = {}
        self._by_number: dict[str, Dialled] = {}
        self._on_the_way: deque[str] = deque()
        self._arrived: set[str] = set()
        self._calls: dict[str, str] = {}
        self._names: dict[str, str] = {}
        self._places: dict[str, int] = {}
        self._playing: set[str] = set()
        self._speaking: dict[str, str] = {}
        self._seats: dict[str, str] = {}
        self._rang: dict[str, float] = {}
        self._overdue: set[str] = set()

    def begin(self) -> None:
        """Everybody takes his seat, and the first callers are planned."""
        for event in self._world.shifts.opening(self._clock.now):
            if not isinstance(event, PhoneRegistered):  # the telephones themselves do that
                self._hands.feed(event)
        self._plan_change()
        self._edge.next_arrival()

    @property
    def more_to_come(self) -> bool:
        """Whether somebody will still dial, or has and is not there yet."""
        return self._edge.more_to_come or bool(self._on_the_way)

    @property
    def redials(self) -> int:
        """How many of those who have called had called before."""
        return self._edge.redials

    # ---- what has happened

    def see(self, entry: Entry) -> Entry:
        """One step of the engine; the same with what is about our callers alone comes back."""
        self._happened(entry.event, entry.at)
        commands = [command for command in entry.commands if self._ours(command)]
        for command in commands:
            if isinstance(command, AnswerLeg):
                self._answered[self._names[command.leg]] = entry.at
            elif not isinstance(command, NoteArrived):  # the model knows since he has dialled
                self._act(self._named(command), entry.at)
        sequel = self._sequels.get(type(entry.event))
        if sequel is not None and self._means_something(entry.event):
            sequel(self._named(entry.event), entry.commands, entry.at)
        return entry._replace(commands=commands)

    def _act(self, command: Command, now: float) -> None:
        act = self._edge.acts.get(type(command))
        if act is not None:
            act(command, now)

    def _happened(self, event: Event, now: float) -> None:
        if isinstance(event, LegRang):
            self._rang[event.leg] = now
            if event.leg in self._overdue:
                self._clock.at(now + READY_S, LegAnswered(event.leg))
        elif isinstance(event, LegEnded):
            self._seats.pop(event.leg, None)
            name = self._names.get(event.leg, "")
            self._places.pop(name, None)
            self.stuck += now > self._left.pop(name, now) + STUCK_S

    def _means_something(self, event: Event) -> bool:
        """Asterisk tells the end of a playback also where nobody waits for it any more."""
        if isinstance(event, GuidanceFinished):
            known = event.playback in self._playing
            self._playing.discard(event.playback)
            return known
        return isinstance(event, DigitPressed) and event.leg in self._names

    def _ours(self, command: Command) -> bool:
        """Whether it is about a caller of ours: a service that runs may have others."""
        if isinstance(command, NoteArrived):
            return self._arrives(command)
        call = getattr(command, "call", "")
        if call and call not in self._calls:
            return False
        leg = getattr(command, "caller_leg", "") or ("" if call else getattr(command, "leg", ""))
        if isinstance(command, HangUp) and leg in self._names:
            self._places.pop(self._names[leg], None)  # he need not hang up any more
        elif isinstance(command, PlayGuidance) and leg in self._names:
            self._playing.add(command.playback)
        elif isinstance(command, StartMessage) and leg in self._names:
            self._speaking[command.message] = self._names[leg]
        elif isinstance(command, RingSeat):
            self._seats[command.leg] = command.seat
        return not leg or leg in self._names or leg in self._seats

    def _arrives(self, note: NoteArrived) -> bool:
        one = self._by_number.get(note.caller)
        if one is None or note.direction != "in":
            return False
        self._calls[note.call] = one.plan.leg
        self._arrived.add(note.caller)
        self._names[note.leg] = one.plan.leg
        self._places[one.plan.leg] = one.place
        return True

    def _named(self, message: Any) -> Any:
        """The same with the names that the model knows: a caller, his call and his leg have one and the same."""
        names = {"leg": self._names, "caller_leg": self._names, "call": self._calls}
        known = {
            field: name
            for field, of in names.items()
            if (name := of.get(getattr(message, field, ""))) is not None
        }
        return msgspec.structs.replace(message, **known) if known else message

    # ---- what people do

    def move(self, now: float) -> None:
        """Do all that is due."""
        while not isinstance(event := self._clock.next(lambda: now), TimePassed | None):
            self.late.append(now - self._clock.now)
            self._do(event, now)
        self._miss(now)

    def _do(self, event: Event, now: float) -> None:
        match event:
            case CallArrived():
                self._dial(event)
            case LegAnswered(leg):
                self._answer(leg, now)
            case LegEnded(leg):
                self._leave(leg, now)
            case DigitPressed(leg, digit) if leg in self._places:
                self._hands.press(self._places[leg], digit)
            case MessageFinished(message) if message in self._speaking:
                self._leave(self._speaking.pop(message), now)
            case Request():
                self._hands.feed(event)
                if event is self._change:
                    self._plan_change()
            case _:
                pass  # the telephone's own doing

    def _plan_change(self) -> None:
        at, self._change = next(self._changes, (0.0, None))
        if self._change is not None:
            self._clock.at(at, self._change)

    def _dial(self, plan: CallArrived) -> None:
        at, place = self._clock.now, self._hands.dial()
        project = self._world.project.project
        self._act(NoteArrived(plan.leg, plan.leg, project, plan.number, plan.caller), at)
        if place is None:
            self.turned_away += 1
            return
        number = caller_number(place)
        self._by_number[number] = Dialled(place, at, plan)
        self.dialled.append(self._by_number[number])
        self._on_the_way.append(number)

    def _miss(self, now: float) -> None:
        """Who has arrived, or never will, is not on his way."""
        while self._on_the_way:
            number = self._on_the_way[0]
            if number not in self._arrived and now - self._by_number[number].at < LOST_S:
                return
            self._on_the_way.popleft()

    def _leave(self, leg: str, now: float) -> None:
        if leg not in self._places:
            return
        up = self._answered.get(leg, -math.inf) + UP_S
        if now < up:
            self._clock.at(up, LegEnded(leg))
            return
        self._left[leg] = now
        self._hands.hang_up(self._places.pop(leg))

    def _answer(self, leg: str, now: float) -> None:
        seat = self._seats.get(leg)
        if seat is None:
            return
        rang = self._rang.get(leg)
        if rang is None:
            self._overdue.add(leg)
        elif now < rang + READY_S:
            self._clock.at(rang + READY_S, LegAnswered(leg))
        else:
            self._hands.pick_up(seat)

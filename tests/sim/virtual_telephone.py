"""A telephone on virtual time, which does at once what it is told: for the crowd of a load, without any Asterisk."""

from __future__ import annotations

import itertools
from collections import deque

from calls.command import Command
from calls.commands import ConnectLegs, HangUp, PlayGuidance, RingSeat, StopGuidance
from calls.event import Event
from calls.events import (
    CallArrived,
    DigitPressed,
    EngineStarted,
    GuidanceFinished,
    LegAnswered,
    LegEnded,
    LegRang,
    LegsConnected,
    PhoneRegistered,
    TimePassed,
)
from calls.journal import Entry
from engine.engine import Engine
from sim.clock import Clock, Plan
from sim.edge import Guidances
from sim.live.load_crowd import Crowd, caller_number
from sim.live.load_plan import times
from sim.world import World

STEP_S = 0.002
SLOW_S, STUCK_FOR_S = 0.9, 9.0
NOBODYS = "0312345678"
"""A caller who is none of the load's."""


class VirtualTelephone:
    """Hands of a crowd, and the engine behind the telephones. Legs have names that the crowd did not give.

    `loses`: places of callers whose calls never arrive; those of the `slow` arrive SLOW_S later. `room`: so many can
    dial. The hanging up of the `stuck` is heard STUCK_FOR_S later. `hung_up`: when each was told to (virtual time).
    """

    def __init__(
        self,
        world: World,
        *,
        loses: frozenset[int] = frozenset(),
        slow: frozenset[int] = frozenset(),
        stuck: frozenset[int] = frozenset(),
        room: int = 10**6,
    ) -> None:
        self._world = world
        self._times = times(world)
        self._loses = loses
        self._slow = slow
        self._stuck = stuck
        self.hung_up: dict[int, float] = {}
        self._room = room
        self.engine = Engine(world.centre)
        self._number = world.project.numbers[0].number
        self._guidances = Guidances(world.centre)
        self._clock = Clock(self._times.begin)
        self._inbox: deque[Event] = deque()
        self._places = itertools.count()
        self._seats: dict[str, str] = {}
        self._playing: dict[str, Plan] = {}
        self.entries: list[Entry] = []
        self.own: list[Entry] = []
        self.crowd = Crowd(world, self, self._times.begin)

    # ---- hands

    def dial(self) -> int | None:
        place = next(self._places)
        if place >= self._room:
            return None
        call = CallArrived(f"channel-{place}", self._number, caller_number(place))
        if place in self._slow:
            self._clock.at(self._clock.now + SLOW_S, call)
        elif place not in self._loses:
            self._inbox.append(call)
        return place

    def hang_up(self, place: int) -> None:
        self.hung_up[place] = self._clock.now
        if place in self._stuck:
            self._clock.at(self._clock.now + STUCK_FOR_S, LegEnded(f"channel-{place}"))
        else:
            self._inbox.append(LegEnded(f"channel-{place}"))

    def press(self, place: int, key: str) -> None:
        self._inbox.append(DigitPressed(f"channel-{place}", key))

    def pick_up(self, seat: str) -> None:
        self._inbox.append(LegAnswered(self._seats[seat]))

    def feed(self, event: Event) -> None:
        self._inbox.append(event)

    # ---- the course of it

    def play(self, stranger_s: float | None = None) -> Crowd:
        """Until everybody has called and hung up. After `stranger_s` somebody else calls, who stays for 5 s."""
        self._inbox.append(EngineStarted(self._world.centre.digest()))
        self._inbox += [PhoneRegistered(seat.id) for seat in self._world.centre.seats]
        self._work_off()
        if stranger_s is not None:
            at = self._times.begin + stranger_s
            self._clock.at(at, CallArrived("stranger", self._number, NOBODYS))
            self._clock.at(at + 5.0, LegEnded("stranger"))
        self.crowd.begin()
        while self.crowd.more_to_come or self.engine.floor.calls:
            self._pass(self._clock.now + STEP_S)
            self.crowd.move(self._clock.now)
            self._work_off()
        return self.crowd

    def _pass(self, until: float) -> None:
        """Everything that happens before a time."""

        def deadline() -> float:
            due = self.engine.next_deadline()
            return until if due is None else min(due, until)

        while True:
            event = self._clock.next(deadline)
            assert event is not None  # there is a deadline
            if isinstance(event, TimePassed) and self._clock.now >= until:
                return
            self._inbox.append(event)
            self._work_off()

    def _work_off(self) -> None:
        while self._inbox:
            event, now = self._inbox.popleft(), self._clock.now
            commands = self.engine.handle(event, now)
            self.entries.append(Entry(len(self.entries) + 1, now, event, commands))
            for command in commands:
                self._carry_out(command, now)
            self.own.append(self.crowd.see(self.entries[-1]))

    def _carry_out(self, command: Command, now: float) -> None:
        match command:
            case RingSeat(seat, leg):
                self._seats[seat] = leg
                self._inbox.append(LegRang(leg))
            case ConnectLegs(bridge):
                self._inbox.append(LegsConnected(bridge))
            case HangUp(leg):
                self._inbox.append(LegEnded(leg))
            case PlayGuidance(leg, playback, project, guidance, language):
                seconds = self._guidances.seconds(project, guidance, language)
                self._playing[playback] = self._clock.at(now + seconds, GuidanceFinished(playback))
            case StopGuidance(playback):
                self._clock.call_off(self._playing.pop(playback, None))
                self._inbox.append(GuidanceFinished(playback))
            case _:
                pass

"""A day told event by event, as real telephones do it: what no scenario has."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import TypeVar
from zoneinfo import ZoneInfo

from calls.command import Command
from calls.commands import ConnectLegs, HangUp, PlayGuidance, RingSeat, RingTelephone
from calls.event import Event
from calls.events import (
    CallArrived,
    EngineStarted,
    GuidanceFinished,
    LegAnswered,
    LegEnded,
    LegsConnected,
    PhoneRegistered,
    TimePassed,
)
from calls.journal import Entry
from engine.centre import Centre, SeatPlan
from engine.engine import Engine
from ivr.loader import load_projects
from sim.learn.past import Past, past_of

ROOT = Path(__file__).parents[3]
TOKYO = ZoneInfo("Asia/Tokyo")
PROJECT = "saitama-autotax"
NUMBER, CALLER = "0570012229", "09011112222"
MIDNIGHT = dt.datetime(2026, 5, 7, tzinfo=TOKYO).timestamp()
IN_LINE, NOTICE_S = ("waiting", "position", "expected"), 6.3
"""The texts that are said in the line, and how long each is."""
C = TypeVar("C", bound=Command)


def clock(text: str) -> float:
    """Seconds since 1970 of a time of that day, like 10:00:30."""
    hours, minutes, seconds = map(float, text.split(":"))
    return MIDNIGHT + 3600 * hours + 60 * minutes + seconds


def centre(seats: int = 2) -> Centre:
    """The motor-vehicle tax project with some seats."""
    (project,) = load_projects([ROOT / f"config/projects/{PROJECT}.yaml"], ROOT / "config/calendars").values()
    return Centre(
        {PROJECT: project}, tuple(SeatPlan(f"seat{n:02d}", (PROJECT,)) for n in range(1, seats + 1))
    )


class Telephones:
    """Feeds an engine and keeps its journal. `now` only goes on."""

    def __init__(self, seats: int = 2, run: str = "", at: float = MIDNIGHT) -> None:
        self.centre = centre(seats)
        self.engine = Engine(self.centre)
        self.entries: list[Entry] = []
        self.now = at
        self.legs = 0
        self.soon: list[tuple[float, Event]] = []
        self.do(EngineStarted(self.centre.digest(), run))
        for plan in self.centre.seats:
            self.do(PhoneRegistered(plan.id))

    def do(self, event: Event, after: float = 0.0) -> list[Command]:
        """Something happens, so many seconds later; what is due in between happens before it."""
        until = self.now + after
        while (due := self._due()) is not None and due[0] <= until:
            self.now = max(self.now, due[0])
            if self.soon and due is self.soon[0]:
                self.soon.pop(0)
            self._step(due[1])
        self.now = until
        return self._step(event)

    def _step(self, event: Event) -> list[Command]:
        did = self.engine.handle(event, self.now)
        self.entries.append(Entry(len(self.entries) + 1, self.now, event, did))
        # What is said in the line comes to its end by itself.
        waiting = [one for one in did if isinstance(one, PlayGuidance) and one.guidance.startswith(IN_LINE)]
        self.soon += [(self.now + NOTICE_S, GuidanceFinished(one.playback)) for one in waiting]
        return did

    def _due(self) -> tuple[float, Event] | None:
        deadline = self.engine.next_deadline()
        if self.soon and (deadline is None or self.soon[0][0] <= deadline):
            return self.soon[0]
        return None if deadline is None else (deadline, TimePassed())

    def the(self, kind: type[C]) -> C:
        """The last command of a kind."""
        found = [one for entry in self.entries for one in entry.commands if isinstance(one, kind)]
        return found[-1]

    def calls(self, at: str, caller: str = CALLER) -> str:
        """Somebody calls; his leg."""
        self.legs += 1
        self.now = clock(at)
        leg = f"{int(MIDNIGHT)}.{self.legs}"
        self.do(CallArrived(leg, NUMBER, caller))
        return leg

    def hears_all(self, seconds: float) -> None:
        """The text that is being said comes to its end."""
        self.do(GuidanceFinished(self.the(PlayGuidance).playback), seconds)

    def in_line(self, at: str) -> str:
        """Somebody has called and heard that he is recorded: a seat rings, or he waits."""
        leg = self.calls(at)
        self.hears_all(9.5)
        return leg

    def picks_up(self, rings: float, connects: float = 0.07) -> str:
        """The seat that was rung last picks up; its leg."""
        leg = self.the(RingSeat).leg
        self.do(LegAnswered(leg), rings)
        self.do(LegsConnected(self.the(ConnectLegs).bridge), connects)
        return leg

    def ends(self, leg: str, after: float) -> None:
        """A leg is gone, and with it those that are hung up for it."""
        commands = self.do(LegEnded(leg), after)
        for one in [one for one in commands if isinstance(one, HangUp)]:
            self.do(LegEnded(one.leg), 0.02)

    def other_telephone(self) -> str:
        """The leg of the telephone that was rung last without a queue."""
        return self.the(RingTelephone).leg

    def past(self) -> Past:
        """The day as it is known from this journal."""
        return past_of(self.entries, MIDNIGHT, MIDNIGHT + 86400.0)

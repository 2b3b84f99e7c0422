"""A small centre for live tests: one project with a notice, a menu and a line before three seats."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from calls.event import Event
from calls.journal import Entry
from calls.lifecycle import SeatState
from calls.record import CallRecord, RecordFold
from engine.centre import Centre, SeatPlan
from ivr.project import Project
from sim.live.behaviour import SeatBehaviour, answer
from sim.live.callers import Caller, run_callers
from sim.live.operators import Operators, SeatRobot
from sim.live.stack import own_stack
from sim.live.tones import operator_tone_hz
from telephony.service import Service
from telephony.site import TrunkSite

ROOT = Path(__file__).parents[2]
NUMBER, MENU_NUMBER, SHUT_NUMBER = "0480000001", "0480000002", "0480000003"
SEATS = ("seat01", "seat02", "seat03")
PATIENCE_S = 30.0


def project(name: str, number: str, start: str, **nodes: dict[str, Any]) -> Project:
    """The same flow with another beginning; `nodes` replaces some of it."""
    return Project.model_validate(
        {
            "project": name,
            "name": name,
            "numbers": [{"number": number}],
            "hours": {"weekly": {"mon-sun": ["00:00-24:00"]}},
            "guidance": {"notice": {"ja": "録音します。"}, "prompt": {"ja": "一か二を押してください。"}},
            "flow": {"start": start, "nodes": NODES | nodes},
            "queues": {"main": {"ring_timeout_s": 2, "misses": 2, "rest_s": 60, "wrapup_s": 0}},
        }
    )


NODES: dict[str, Any] = {
    "notice": {"type": "say", "guidance": "notice", "next": "line"},
    "line": {"type": "enqueue", "queue": "main", "full": "busy", "no_seats": "busy", "timeout": "busy"},
    "busy": {"type": "hangup", "guidance": "notice", "outcome": "overflowed"},
    "menu": {
        "type": "menu", "prompt": "prompt", "keys": {"1": "told", "2": "line"},
        "timeout_s": 1, "attempts": 2, "after": "told",
    },
    "told": {"type": "hangup", "guidance": "notice", "outcome": "self_served"},
    "overload": {"type": "hangup", "guidance": "notice", "outcome": "overflowed", "answer": False},
    "free_menu": {"type": "say", "guidance": "notice", "next": "menu", "answer": False},
}  # fmt: skip


class Floor:
    """A running service with its callers and operators, and what its journal says."""

    def __init__(self, service: Service, seen: Seen) -> None:
        self.service = service
        self.seen = seen
        self.work = service.stack.site.var_directory / "robots"
        self._runs = 0

    @asynccontextmanager
    async def operators(self, *behaviours: SeatBehaviour) -> AsyncIterator[Operators]:
        """Robot operators at the first seats, ready inside, gone afterwards."""
        chosen = behaviours or (answer(),)
        robots = [
            SeatRobot(seat, self.service.stack.secrets.phones[seat], operator_tone_hz(i), behaviour)
            for i, (seat, behaviour) in enumerate(zip(SEATS, chosen, strict=False))
        ]
        self._runs += 1
        async with Operators(
            robots, registrar=self.target, work_dir=self.work / f"operators-{self._runs}"
        ) as operators:
            for robot in robots:
                await self.until_seat(robot.seat, SeatState.READY)
            yield operators
        for robot in robots:
            await self.until_seat(robot.seat, SeatState.LOGGED_OUT)

    @property
    def target(self) -> tuple[str, int]:
        """Where the callers' line ends."""
        return ("127.0.0.1", self.service.stack.plan.ports.sip)

    async def until_seat(self, seat: str, state: SeatState) -> None:
        """Wait until a seat is in a state."""
        await self.seen.until(lambda: self.service.engine.floor.seats[seat].state is state)

    async def call(self, *callers: Caller) -> list[CallRecord]:
        """Let them call; the records of these calls, once nothing of them is left anywhere."""
        before = set(self.seen.records.records)
        self._runs += 1
        await run_callers(callers, target=self.target, work_dir=self.work / f"callers-{self._runs}")
        await self.service.driver.idle()
        await self.nothing_left()
        return [record for call, record in self.seen.records.records.items() if call not in before]

    async def nothing_left(self) -> None:
        """No call, leg, bridge or deadline in the engine, no channel and no bridge in Asterisk, nobody busy."""
        floor = self.service.engine.floor
        await self.seen.until(lambda: not floor.calls and not self.service.engine.legs())
        assert not floor.bridges
        assert not any(seat.busy for seat in floor.seats.values())
        ari = self.service.ari
        async with asyncio.timeout(PATIENCE_S):
            while await ari.channels.list() or await ari.bridges.list():  # noqa: ASYNC110
                await asyncio.sleep(0.02)  # Asterisk says that a leg has ended before it is off the list


class Seen:
    """The journal as it grows."""

    def __init__(self) -> None:
        self.entries: list[Entry] = []
        self.records = RecordFold()
        self._grown = asyncio.Event()

    def take(self, entry: Entry) -> None:
        """The service's observer."""
        self.entries.append(entry)
        self.records.feed(entry)
        self._grown.set()

    def events(self, kind: type[Event]) -> list[Event]:
        """All events of a kind, in order."""
        return [entry.event for entry in self.entries if isinstance(entry.event, kind)]

    async def until(self, reached: Callable[[], bool]) -> None:
        """Wait until something holds that only an entry can change."""
        async with asyncio.timeout(PATIENCE_S):
            while not reached():
                self._grown.clear()
                await self._grown.wait()


def small_centre(seats: Sequence[str] = SEATS) -> Centre:
    """Two numbers: one begins with the notice and the line, one with the menu."""
    projects = {
        p.project: p for p in (project("line", NUMBER, "notice"), project("menu", MENU_NUMBER, "menu"))
    }
    return Centre(projects, tuple(SeatPlan(seat, ("line", "menu")) for seat in seats))


@asynccontextmanager
async def running(directory: Path, centre: Centre, trunk: TrunkSite | None = None) -> AsyncIterator[Floor]:
    """A service of its own below a directory."""
    seen = Seen()
    stack = own_stack(directory, centre, ROOT / "config", ROOT / "var/asterisk", trunk)
    async with Service(stack, observe=seen.take) as service:
        yield Floor(service, seen)

"""A small centre with a real engine and an API on 127.0.0.1, and no telephone."""

from __future__ import annotations

import datetime as dt
import json as json_
import urllib.parse
from collections.abc import Iterable
from pathlib import Path
from types import TracebackType
from typing import Any

import aiohttp

from calls.command import Command
from calls.commands import ConnectLegs, HangUp, PlayGuidance, RingSeat, RingTelephone, SnoopLeg
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
from calls.lost import LostCaller
from engine.centre import Centre, Person, SeatPlan
from engine.engine import Engine
from store.audit import AuditLog
from supervisor.api.live import Live
from supervisor.api.office import Duty, Office, expected_wait_on, pace_on
from supervisor.api.server import Api
from supervisor.api.stream import MOST
from telephony.orders import Orders
from tests.engine.city import EXTENSIONS, OPEN, TAX, WATER, project

CLASSES = ["減免", "還付"]
PEOPLE = (
    Person("op1", "101", "青木", ("tax",)),
    Person("op2", "102", "井上", ("tax",)),
    Person("oq", "103", "上田", ("water",)),
    Person("ld", "201", "江口", supervises=("tax",), role="leader"),
    Person("sw", "202", "岡", supervises=("water",), role="supervisor"),
)
SEATS = (
    SeatPlan("s1", ("tax",), "11", personal=True),
    SeatPlan("s2", ("tax",), "12", personal=True),
    SeatPlan("w1", ("water",), "21"),
    SeatPlan("desk", (), "31", supervises=("tax", "water")),
)


def small_centre() -> Centre:
    """Two projects, three seats that take calls and one that does not, five people."""
    projects = {
        "tax": project("tax", TAX, inquiry_classes=CLASSES),
        "water": project("water", WATER),
    }
    return Centre(projects, SEATS, EXTENSIONS, people={person.id: person for person in PEOPLE})


class Plan:
    """A shift plan: op1, op2 (who has a break), oq and somebody at the seat s2, from nine to five."""

    def on_duty(self, at: float) -> Iterable[Duty]:
        """The same at any time."""
        who = ("op1", "op2", "oq", "s2")
        return [Duty(one, OPEN - 3600, OPEN + 25200, on_break=one == "op2") for one in who]


class Centrale:
    """The running service's side: every event goes into the engine at once, every entry to the board.

    Hang-ups, bridges and snoops are confirmed by themselves. `s1` as a leg means that telephone as it was last rung.
    """

    def __init__(self, folder: Path, of: Centre | None = None) -> None:
        self.now = OPEN
        self.engine = Engine(of or small_centre())
        self.live = Live()
        self.entries: list[Entry] = []
        self.fed: list[Event] = []
        self.lost: list[LostCaller] = []
        self.audit = AuditLog(folder / "audit.log", clock=lambda: self.now)
        self.orders = Orders(self.engine.floor, self.audit, self.feed, self._safe, clock=lambda: self.now)
        self.office = Office(
            feed=self.feed,
            floor=self.engine.floor,
            orders=self.orders,
            audit=self.audit,
            secrets=folder / "secrets",
            expected_wait=expected_wait_on(self.engine.floor),
            pace=pace_on(self.engine.floor),
            shifts=Plan(),
            clock=lambda: self.now,
            lost=self._lost,
        )
        self._legs: dict[str, str] = {}
        self._playing: dict[str, str] = {}
        self.feed(EngineStarted(self.engine.floor.centre.digest(), "x1"))
        for phone in (*self.engine.floor.seats, "ext35"):
            self.feed(PhoneRegistered(phone))

    async def _lost(self, since: float) -> list[LostCaller]:
        return [one for one in self.lost if one.lost_at >= since]

    async def _safe(self) -> None:
        """The database is always quick."""

    def feed(self, event: Event) -> None:
        """Something happens now."""
        self.fed.append(event)
        commands = self.engine.handle(event, self.now)
        entry = Entry(len(self.entries) + 1, self.now, event, commands)
        self.entries.append(entry)
        self.live.observe(entry)
        for command in commands:
            self._confirm(command)

    def tells(self, *commands: Command) -> None:
        """The engine has decided something, whatever it was that led to it."""
        entry = Entry(len(self.entries) + 1, self.now, TimePassed(), list(commands))
        self.entries.append(entry)
        self.live.observe(entry)

    def passes(self, seconds: float) -> None:
        """Time passes; deadlines fire."""
        until = self.now + seconds
        while (due := self.engine.next_deadline()) is not None and due <= until:
            self.now = max(self.now, due)
            self.feed(TimePassed())
        self.now = until

    def waits(self, caller: str, number: str = TAX, shows: str = "0901234567") -> str:
        """A caller dials, hears the notice and takes his place in the line; the id of his call."""
        self.feed(CallArrived(caller, number, shows))
        self.feed(GuidanceFinished(self._playing[caller]))
        return self.engine.floor.callers[caller].id

    def talks(self, caller: str, seat: str, number: str = TAX) -> str:
        """The same, and the operator at a seat, which is the first of those that are free, answers."""
        call = self.waits(caller, number)
        self.picks_up(seat)
        return call

    def picks_up(self, who: str) -> None:
        """Somebody answers who was rung last by this name."""
        self.feed(LegAnswered(self._legs[who]))

    def hangs_up(self, who: str) -> None:
        """A caller, or the telephone of a seat, is gone."""
        self.feed(LegEnded(self._legs.get(who, who)))

    def _confirm(self, command: object) -> None:
        match command:
            case PlayGuidance(leg, playback):
                self._playing[leg] = playback
            case RingSeat(seat, leg):
                self._legs[seat] = leg
            case RingTelephone(_, target, _, leg):
                self._legs[target] = leg
            case HangUp(leg):
                self.feed(LegEnded(leg))
            case ConnectLegs(bridge):
                self.feed(LegsConnected(bridge))
            case SnoopLeg(snoop):
                self.feed(LegAnswered(snoop))

    def audited(self) -> list[dict[str, Any]]:
        """What the audit log has, without the time."""
        return [{key: value for key, value in line.items() if key != "at"} for line in self.audit.entries()]


class Site:
    """`async with Site(folder) as site:` the API answers, and `site.ask(...)` asks it."""

    def __init__(self, folder: Path, of: Centre | None = None, most: int = MOST) -> None:
        self.centre = Centrale(folder, of)
        self.api = Api(self.centre.office, self.centre.live, 0, most=most)
        self.asked: set[tuple[str, str]] = set()
        self._client: aiohttp.ClientSession

    async def __aenter__(self) -> Site:
        await self.api.__aenter__()
        self._client = aiohttp.ClientSession(self.api.url)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._client.close()
        await self.api.__aexit__(kind, error, trace)

    def token(self, person: str) -> str:
        """Somebody's token."""
        return (self.centre.office.secrets / "api" / person).read_text().strip()

    def _head(self, person: str, lends: Any = None) -> dict[str, str]:
        head = {"Authorization": f"Bearer {self.token(person)}"} if person else {}
        return head | ({"Denwaban-For": lent(lends)} if lends is not None else {})

    async def ask(
        self, person: str, method: str, path: str, body: Any = None, lends: Any = None
    ) -> tuple[int, Any]:
        """The status and what is told; `person` "" has no token. `path` without /v1; bytes go as they are.

        `lends`: for whom he asks (see `lent`).
        """
        data = body if isinstance(body, bytes) else None
        json = None if isinstance(body, bytes) else body
        head = self._head(person, lends)
        async with self._client.request(method, f"/v1/{path}", json=json, data=data, headers=head) as reply:
            return reply.status, await reply.json()

    async def get(self, person: str, path: str) -> Any:
        """What is told where it has to be told."""
        status, told = await self.ask(person, "GET", path)
        assert status == 200, told
        return told

    async def do(self, person: str, seat: str, what: str, body: Any = None, method: str = "POST") -> str:
        """A command at a seat that has to be done; what it was about."""
        status, told = await self.ask(person, method, f"seats/{seat}/{what}", body)
        assert status == 200, told
        return str(told["subject"])

    async def refused(self, person: str, seat: str, what: str, body: Any = None) -> tuple[int, str]:
        """A command at a seat that must not be done; the status, and the state that stands against it."""
        status, told = await self.ask(person, "POST", f"seats/{seat}/{what}", body)
        assert status != 200, told
        assert told["error"]
        return status, told.get("state", "")

    async def listen(self, person: str, lends: Any = None, query: str = "") -> Listening:
        """Listen to the stream."""
        head = self._head(person, lends)
        return Listening(await self._client.ws_connect(f"/v1/stream{query}", headers=head))

    async def at(self, person: str, seat: str) -> None:
        """Somebody sits down."""
        await self.do(person, seat, "login")


class Listening:
    """One who listens to the stream."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        self.socket = socket
        self.changes: list[dict[str, Any]] = []

    async def frame(self) -> dict[str, Any]:
        """The next frame."""
        return dict(await self.socket.receive_json(timeout=10))

    async def until(self, kind: str, /, **fields: Any) -> list[dict[str, Any]]:
        """All changes up to the first of a kind whose thing has these fields."""
        while True:
            for place, change in enumerate(self.changes):
                thing = change if kind == "gone" else change.get(kind, {})
                if change["type"] == kind and fields.items() <= thing.items():
                    found, self.changes = self.changes[: place + 1], self.changes[place + 1 :]
                    return found
            frame = await self.frame()
            assert frame["type"] == "changes", frame
            self.changes += frame["changes"]

    async def tick(self) -> tuple[list[dict[str, Any]], dict[str, Any]]:
        """The next tick, and all changes before it."""
        before, self.changes = self.changes, []
        while (frame := await self.frame())["type"] != "tick":
            before += frame["changes"]
        return before, frame


def lent(lends: Any) -> str:
    """A value of `Denwaban-For`; text goes as it is."""
    return lends if isinstance(lends, str) else urllib.parse.quote(json_.dumps(lends, ensure_ascii=False))


def tomorrow() -> str:
    """A time that an order may last until."""
    return dt.datetime.fromtimestamp(OPEN + 86400, dt.UTC).isoformat()

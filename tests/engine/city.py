"""A small call centre, and an edge that is played by hand: what happens goes in, what is done is written down."""

from __future__ import annotations

from typing import Any

from calls.commands import (
    ConnectLegs,
    HangUp,
    SnoopLeg,
)
from calls.event import Event
from calls.events import (
    CallArrived,
    DigitPressed,
    GuidanceFinished,
    LegAnswered,
    LegEnded,
    LegsConnected,
    MessageFinished,
    PhoneDialled,
    PhoneRegistered,
    ProjectPublished,
    TimePassed,
)
from calls.journal import Entry, differences
from engine.centre import Centre, SeatPlan
from engine.engine import Engine
from engine.extensions_file import Extension
from ivr.bundle import bundle_of
from ivr.project import Project
from tests.engine.city_words import Words
from tests.engine.invariants import check_floor

TAX, WATER = "0570012229", "0488001111"
OPEN = 1778115600.0  # 2026-05-07 10:00 in Tokyo, a Thursday
CLOSED = OPEN + 8 * 3600  # 18:00

NODES: dict[str, dict[str, Any]] = {
    "gate": {"type": "hours", "open": "notice", "closed": "sorry"},
    "notice": {"type": "say", "guidance": "notice", "next": "line"},
    "line": {"type": "enqueue", "queue": "main", "full": "busy", "no_seats": "nobody", "timeout": "given_up"},
    "busy": {"type": "hangup", "guidance": "busy", "outcome": "overflowed"},
    "nobody": {"type": "hangup", "guidance": "nobody", "outcome": "overflowed"},
    "given_up": {"type": "hangup", "guidance": "busy", "outcome": "timed_out"},
    "sorry": {"type": "say", "guidance": "closed", "next": "info"},
    "info": {
        "type": "menu",
        "prompt": "info",
        "keys": {"1": "web", "0": "info"},
        "attempts": 2,
        "after": "bye",
    },
    "web": {"type": "say", "guidance": "web", "outcome": "self_served", "next": "bye"},
    "bye": {"type": "hangup", "guidance": "bye"},
}


def plain(name: str, number: str, queue: dict[str, Any] | None = None, **fields: Any) -> dict[str, Any]:
    """The data of a project file: open on weekdays; `queue` are the settings of its queue, `nodes` replaces nodes
    of its flow."""
    nodes = NODES | fields.pop("nodes", {})
    data = {
        "project": name,
        "name": name,
        "numbers": [{"number": number}],
        "hours": {"weekly": {"mon-fri": ["08:30-17:15"]}},
        "guidance": {
            node: {"ja": node} for node in ("notice", "busy", "nobody", "closed", "info", "web", "bye")
        },
        "flow": {"start": "gate", "nodes": nodes},
        "queues": {"main": {"wrapup_s": 30, "ring_timeout_s": 20, "misses": 2, "rest_s": 60} | (queue or {})},
    }
    return data | fields


def project(name: str, number: str, queue: dict[str, Any] | None = None, **fields: Any) -> Project:
    """The project of the same."""
    return Project.model_validate(plain(name, number, queue, **fields))


def published(name: str, number: str, version: int, **fields: Any) -> ProjectPublished:
    """The event of a new version of the same."""
    return ProjectPublished(name, version, bundle_of(plain(name, number, **fields), {}))


EXTENSIONS = {"35": Extension("ext35", "35"), "1001": Extension("f1001", "1001", via="trunk")}


def centre(seats: int = 1, queue: dict[str, Any] | None = None, **fields: Any) -> Centre:
    """The project `tax` and so many seats."""
    plans = tuple(SeatPlan(f"s{number}", ("tax",)) for number in range(1, seats + 1))
    return Centre({"tax": project("tax", TAX, queue, **fields)}, plans, EXTENSIONS)


class City(Words):
    """An engine at work. `log` has (seconds since the beginning, what) in words.

    A caller's leg is his name. Hang-ups and bridges are confirmed by themselves unless `confirms` is off; every
    deadline fires at its time. `s1` as a leg means the telephone of the seat s1 as it was last rung.
    """

    def __init__(self, of: Centre | None = None, start: float = OPEN) -> None:
        super().__init__()
        self.centre = of or centre()
        self.engine = Engine(self.centre)
        self.start = start
        self.confirms = True
        self.entries: list[Entry] = []
        self.log: list[tuple[float, str]] = []
        for seat in self.centre.seats:
            self.happens(0, PhoneRegistered(seat.id))

    def happens(self, at: float, *events: Event) -> None:
        """Something happens `at` seconds after the beginning; deadlines before it fire first."""
        while (due := self.engine.next_deadline()) is not None and due < self.start + at:
            self._step(due, TimePassed())
        for event in events:
            self._step(self.start + at, event)

    def time_passes(self, until: float) -> None:
        """Nothing but time passes."""
        self.happens(until, TimePassed())

    def arrives(self, at: float, caller: str, number: str = TAX) -> None:
        """A caller dials a number."""
        self.happens(at, CallArrived(caller, number))

    def hears(self, at: float, caller: str) -> None:
        """The guidance that plays to a caller ends."""
        self.happens(at)
        self.happens(at, GuidanceFinished(self._last[f"playback {caller}"]))

    def waits(self, at: float, caller: str) -> None:
        """A caller dials, hears the notice and comes to the line, all at once."""
        self.arrives(at, caller)
        self.hears(at, caller)

    def presses(self, at: float, caller: str, digit: str) -> None:
        """A caller presses a key."""
        self.happens(at, DigitPressed(caller, digit))

    def speaks(self, at: float, caller: str, seconds: float) -> None:
        """The message that a caller leaves is over; so much was said."""
        self.happens(at, MessageFinished(self._last[f"message {caller}"], seconds))

    def picks_up(self, at: float, seat: str) -> None:
        """The operator at a seat answers."""
        self.happens(at, LegAnswered(self.leg(seat)))

    def hangs_up(self, at: float, who: str, cause: int = 16) -> None:
        """A caller, or the telephone of a seat, is gone."""
        self.happens(at, LegEnded(self.leg(who), cause))

    def dials(self, at: float, phone: str, number: str) -> str:
        """A telephone of the house dials; its leg is `PHONE dials NUMBER`, and the seat's if it has no other one."""
        leg = f"{phone} dials {number}"
        self.happens(at, PhoneDialled(leg, phone, number))
        seat = self.engine.floor.seats.get(phone)
        if seat is not None and seat.leg == leg:
            self._last[f"leg {phone}"], self._names[leg] = leg, phone
        return leg

    def types(self, at: float, seat: str, keys: str) -> None:
        """Whoever sits at a seat presses keys in a conversation."""
        for key in keys:
            self.happens(at, DigitPressed(self.leg(seat), key))

    def leg(self, who: str) -> str:
        """The leg of a caller or of a seat."""
        return self._last.get(f"leg {who}", who)

    def bridge(self, caller: str) -> str:
        """The last bridge of a caller."""
        return self._last[f"bridge {caller}"]

    def playback(self, caller: str) -> str:
        """The last playback of a caller."""
        return self._last[f"playback {caller}"]

    def done(self, since: float = 0) -> list[tuple[float, str]]:
        """What the telephones were told to do."""
        return [(at, what) for at, what in self.log if at >= since and not set(what) & set(":=<")]

    def life(self, who: str, since: float = 0) -> list[tuple[float, str]]:
        """The states of a caller (and his outcome) or of a seat."""
        starts = (f"{who}: ", f"{who} = ")
        return [
            (at, what[len(who) + 2 :].strip())
            for at, what in self.log
            if at >= since and what.startswith(starts)
        ]

    def check(self) -> None:
        """What holds at any moment, and that a fresh engine does the same."""
        check_floor(self.engine.floor)
        assert list(differences(self.entries, Engine(self.centre))) == []

    def _step(self, now: float, event: Event) -> None:
        commands = self.engine.handle(event, now)
        self.entries.append(Entry(len(self.entries) + 1, now, event, commands))
        for command in commands:
            self.log.append((now - self.start, self._said(command)))
        check_floor(self.engine.floor)
        for command in commands if self.confirms else ():
            match command:
                case HangUp(leg):
                    self._step(now, LegEnded(leg))
                case ConnectLegs(bridge):
                    self._step(now, LegsConnected(bridge))
                case SnoopLeg(snoop):
                    self._step(now, LegAnswered(snoop))

"""`make demo`: 60 real SIP calls through Asterisk and the motor-vehicle tax project, with 34 robot operators.

Then one call more, in which a supervisor whispers and the caller goes to the 35th phone.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import json
import shutil
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager, AsyncExitStack
from dataclasses import replace
from pathlib import Path
from typing import Any, Protocol
from zoneinfo import ZoneInfo

import uvloop
from rich.console import Console
from rich.live import Live
from rich.table import Table

from calls.journal import Entry, differences
from calls.lifecycle import Outcome, SeatState, State
from calls.notes import NoteSeat
from calls.promise import answer_rate
from calls.record import CallRecord
from calls.requests import WrapUpFinished
from engine.build import load_centre
from engine.centre import Centre
from engine.engine import Engine
from recordings.finish import recording_directory
from sim.live.callers import LoadResult, run_callers
from sim.live.cast import Part, after_hours, in_hours
from sim.live.observation import Observation
from sim.live.operators import Operators, SeatRobot
from sim.live.scenes import Scenes, as_promised
from sim.live.stack import own_stack
from sim.live.tones import operator_tone_hz
from sim.live.verdict import Mismatch, heard_both_ways, mismatches
from store.journal_reader import read_journal
from store.records import read_records
from telephony.service import Service

PROJECT = "saitama-autotax"
OPEN, CLOSED = "2026-05-07T10:00", "2026-05-07T20:00"
RECORD_S = 2.0
"""How long a robot operator writes the record of a call."""
RATE = 45.0
"""New calls per second: all 34 talkers within one second."""


Choose = Callable[[list[Part]], list[Part]]


class Screen(Protocol):
    """Where the demo can be watched."""

    def observe(self, entry: Entry) -> None:
        """A step."""

    def beside(self, service: Service) -> AbstractAsyncContextManager[object]:
        """It is there as long as this is entered."""


class Demo:
    """One demo on a stack of its own below `var`, which is thrown away and made anew each time.

    `choose` takes some of the cast only (all have to be there for the figures of `make demo`). `screen`: where it can
    be watched.
    """

    def __init__(
        self, root: Path, var: Path, console: Console, choose: Choose = list, screen: Screen | None = None
    ) -> None:
        self._root = root
        self._var = var
        self._console = console
        self._choose = choose
        self._screen = screen
        self._seen = Observation()
        self._writing: list[tuple[float, str]] = []

    async def play(self) -> dict[str, Any]:
        """Play it and return the figures of `var/demo.json`, with `mismatches` beside them."""
        shutil.rmtree(self._var, ignore_errors=True)
        centre = _only(PROJECT, load_centre(self._root / "config"))
        stack = own_stack(self._var, centre, self._root / "config", self._root / "var" / "asterisk")
        self._project = centre.projects[PROJECT]
        async with AsyncExitStack() as up:
            self._service = await up.enter_async_context(Service(stack, self._say, self._observe))
            if self._screen is not None:
                await up.enter_async_context(self._screen.beside(self._service))
            self._target = ("127.0.0.1", stack.plan.ports.sip)
            robots = [
                SeatRobot(seat.id, stack.secrets.phones[seat.id], operator_tone_hz(i))
                for i, seat in enumerate(seat for seat in centre.seats if seat.projects)
            ]
            up.enter_context(Live(get_renderable=self._board, console=self._console, refresh_per_second=4))
            self._say(f"{len(robots)} robot operators register with digest authentication")
            up.enter_context(_Pacer(self._write_records))
            async with Operators(robots, registrar=self._target, work_dir=self._var / "operators"):
                figures = await self._calls(robots)
            scenes = await self._scenes()
            return figures | {"replay_differences": await self._replay()} | scenes

    async def _calls(self, robots: Sequence[SeatRobot]) -> dict[str, Any]:
        everybody = in_hours(self._project, self._speech)
        open_hours = self._choose(everybody)
        closed_hours = self._choose(after_hours(self._project, self._speech, len(everybody)))
        started = time.time()
        day = await self._dial(open_hours, OPEN)
        night = await self._dial(closed_hours, CLOSED)
        await self._service.driver.idle()
        await self._service.recorder.finish_all()
        await self._service.journal.flush()
        records = await read_records(self._service.database, PROJECT, started, time.time() + 1)
        return self._figures(open_hours + closed_hours, records, robots, [*day.calls, *night.calls])

    async def _scenes(self) -> dict[str, Any]:
        """The whisper and the transfer to the 35th phone, and everything of them in the journal."""
        self._open_at(OPEN)
        self._say("a supervisor whispers; then the operator hands her caller to the 35th phone")
        figures = await Scenes(self._service, self._project.numbers[0].number).play()
        await self._service.driver.idle()
        await self._service.journal.flush()
        return figures

    async def _replay(self) -> int:
        """Feed the journal, as it was stored, to a fresh engine: the steps whose commands are not the same."""
        fresh = Engine(self._service.stack.centre)
        journal = read_journal(self._service.database, self._service.run)
        return len(list(differences([entry async for entry in journal], fresh)))

    async def _dial(self, parts: Sequence[Part], local: str) -> LoadResult:
        pretended = self._open_at(local)
        self._say(f"{len(parts)} callers dial; for the opening hours it is {pretended:%Y-%m-%d %H:%M}")
        return await run_callers(
            [part.caller for part in parts],
            target=self._target,
            rate=RATE,
            work_dir=self._var / f"callers-{pretended:%H%M}",
        )

    def _open_at(self, local: str) -> dt.datetime:
        """Read the opening hours as if it were this time; the time is returned."""
        pretended = dt.datetime.fromisoformat(local).replace(tzinfo=ZoneInfo(self._project.timezone))
        self._service.shift_hours(PROJECT, pretended.timestamp() - time.time())
        return pretended

    def _speech(self, guidance: str) -> float:
        return self._service.guidance.duration(self._project.guidance[guidance].texts["ja"])

    # ---- the operators' records

    def _observe(self, entry: Entry) -> None:
        self._seen.feed(entry)
        if self._screen is not None:
            self._screen.observe(entry)
        for command in entry.commands:
            if isinstance(command, NoteSeat) and command.state is SeatState.WRAP_UP:
                self._writing.append((entry.at + RECORD_S, command.seat))

    def _write_records(self) -> None:
        while self._writing and self._writing[0][0] <= time.time():
            self._service.feed(WrapUpFinished(self._writing.pop(0)[1]))

    # ---- the result

    def _figures(
        self,
        parts: Sequence[Part],
        records: Sequence[CallRecord],
        robots: Sequence[SeatRobot],
        calls: Sequence[Any],
    ) -> dict[str, Any]:
        answered = [record for record in records if record.outcome == Outcome.ANSWERED]
        files = {record.call: path for record in answered if (path := self._file(record)).exists()}
        tones: defaultdict[str, list[int]] = defaultdict(list)
        for part in parts:
            tones[part.caller.caller_id or ""].append(part.caller.tone_hz or 0)
        wrong = mismatches(parts, records)
        wrong += [
            Mismatch(i, "a SIP call that ends", call.ending.value)
            for i, call in enumerate(calls)
            if call.failed
        ]
        both = heard_both_ways(answered, files, tones, {robot.seat: robot.tone_hz or 0 for robot in robots})
        return {
            "offered": len(records),
            "answered": len(answered),
            "abandoned": self._count(records, Outcome.ABANDONED_IVR, Outcome.ABANDONED_QUEUE),
            "self_served": self._count(records, Outcome.SELF_SERVED),
            "closed": self._count(records, Outcome.CLOSED),
            "failed": len({one.place for one in wrong}),
            "max_simultaneous_talks": self._seen.most_talking,
            "two_way_audio": len(both),
            "recordings": len(files),
            "answer_rate": answer_rate(records, self._project.promise).rate,
            "latency_ms": self._seen.latency_ms(),
            "mismatches": [one.__dict__ for one in wrong],
        }

    @staticmethod
    def _count(records: Sequence[CallRecord], *outcomes: Outcome) -> int:
        return sum(record.outcome in outcomes for record in records)

    def _file(self, record: CallRecord) -> Path:
        zone = ZoneInfo(self._project.timezone)
        day = dt.datetime.fromtimestamp(record.arrived_at, zone).date().isoformat()
        return recording_directory(self._service.stack.recordings, record.project, day) / f"{record.call}.wav"

    # ---- on the screen

    def _say(self, text: str) -> None:
        self._console.print(f"[dim]{dt.datetime.now():%H:%M:%S}[/] {text}")  # noqa: DTZ005 - for the eye

    def _board(self) -> Table:
        seen, board = self._seen, Table(title="自動車税コールセンター", title_justify="left")
        for name in ("calls", "IVR", "waiting", "ringing", "talking", "most talking", "wrap-up", "closed"):
            board.add_column(name, justify="right")
        shown = [State.IVR, State.QUEUED, State.RINGING, State.TALKING, State.WRAP_UP, State.CLOSED]
        figures = [seen.calls, *(seen.states[state] for state in shown)]
        figures.insert(5, seen.most_talking)
        board.add_row(*map(str, figures))
        return board


def _only(project: str, centre: Centre) -> Centre:
    """The centre of one project alone: nobody waits for the guidance of the others."""
    seats = tuple(seat for seat in centre.seats if project in (*seat.projects, *seat.supervises))
    return replace(centre, projects={project: centre.projects[project]}, seats=seats)


class _Pacer:
    """Calls a function ten times a second while it is entered."""

    def __init__(self, tick: Any) -> None:
        self._tick = tick

    def __enter__(self) -> None:
        self._task = asyncio.create_task(self._run())

    def __exit__(self, *_: object) -> None:
        self._task.cancel()

    async def _run(self) -> None:
        while True:
            self._tick()
            await asyncio.sleep(0.1)


def demo(root: Path, screen: Callable[[Callable[[str], None]], Screen] | None = None) -> int:
    """Play the demo, print its table, write `var/demo.json`; 0 if every call ended as the flow says.

    `screen` makes that on which it can be watched, of what prints a line.
    """
    console = Console(stderr=True)
    watched = screen(lambda text: console.print(text, highlight=False)) if screen is not None else None
    figures = uvloop.run(Demo(root, root / "var" / "demo", console, screen=watched).play())
    path = root / "var" / "demo.json"
    path.write_text(json.dumps(figures, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    Console().print(_table(figures))
    console.print(f"written to {path.relative_to(root)}")
    return 0 if as_the_flow_says(figures) else 1


def as_the_flow_says(figures: dict[str, Any]) -> bool:
    """Whether every call ended as promised, every conversation is recorded both ways, the journal replays, and both
    scenes went as they have to."""
    heard = figures["two_way_audio"] == figures["recordings"] == figures["answered"]
    return heard and not figures["mismatches"] and not figures["replay_differences"] and as_promised(figures)


def _table(figures: dict[str, Any]) -> Table:
    table = Table(title="demo", title_justify="left", show_header=False)
    table.add_column("figure")
    table.add_column("value", justify="right")
    for name, value in figures.items():
        if isinstance(value, dict):
            for inner, number in value.items():
                table.add_row(f"{name} {inner}", str(number))
        elif name == "mismatches":
            for one in value:
                table.add_row(f"caller {one['place']}", f"promised {one['promised']}, found {one['found']}")
        else:
            table.add_row(name, str(value))
    return table

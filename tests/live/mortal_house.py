"""A centre whose engine is killed and followed by another one, while the telephones of the test stay where they are."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from itertools import pairwise
from multiprocessing.connection import Connection
from multiprocessing.context import ForkServerProcess
from pathlib import Path
from typing import cast

import msgspec

from calls.event import Event
from calls.events import EngineStarted
from calls.journal import Entry
from calls.notes import NoteAnswered
from calls.record import CallRecord
from calls.requests import Request
from engine.call import Call
from engine.centre import Centre
from engine.engine import Engine
from sim.live.stack import own_stack
from store.database import Database
from store.records import read_record
from telephony.adoption import running_instance
from telephony.asterisk import EmbeddedAsterisk
from telephony.awakening import JOURNAL
from telephony.marks import VARIABLE, read_mark
from telephony.ports import free_ports
from telephony.service import Service
from telephony.site import TrunkSite
from telephony.stack import Stack
from tests.live.centre import PATIENCE_S, ROOT, Floor, Seen
from tests.live.life import asked
from tests.live.mortal_engine import Told, engine_process
from tests.live.phone_office import CALLER_HZ
from tests.live.phone_talks import Talks


class _Body:
    """What an office asks of its service. `engine` repeats what the real one does, and has to do the same."""

    def __init__(self, stack: Stack) -> None:
        self.stack = stack
        self.engine = Engine(stack.centre)
        self.news: Connection

    def feed(self, event: Event) -> None:
        self.news.send(event)


class _Floor(Floor):
    """The same, where nobody but Asterisk itself can be asked for its lists."""

    async def nothing_left(self) -> None:
        floor = self.service.engine.floor
        await self.seen.until(lambda: not floor.calls and not self.service.engine.legs())
        assert not floor.bridges
        await cleared(self.service.stack)


async def cleared(stack: Stack) -> None:
    """Wait until Asterisk has no channel and no bridge any more."""
    asterisk = EmbeddedAsterisk(stack.plan, stack.secrets)
    async with asyncio.timeout(PATIENCE_S):
        while (await asked(asterisk, "channels"))[1] or (await asked(asterisk, "bridges"))[1]:  # noqa: ASYNC110
            await asyncio.sleep(0.02)


class MortalHouse(Talks):
    """`faults`: where an engine did not do what its journal says, or left one of its numbers out.

    `killed_at`, `back_at`: of the last death (seconds since 1970 UTC).
    """

    def __init__(self, stack: Stack) -> None:
        self._body = _Body(stack)
        super().__init__(_Floor(cast(Service, self._body), Seen()))
        self.stack = stack
        self.faults: list[str] = []
        self.killed_at = self.back_at = 0.0
        self._number = self._steps = 0
        self._process: ForkServerProcess
        self._up, self._gone, self._step = asyncio.Event(), asyncio.Event(), asyncio.Event()
        self._refusal = ""

    # ---- its life

    async def awakes(self) -> None:
        """An engine, which takes calls."""
        self._begins()
        async with asyncio.timeout(PATIENCE_S):
            await self._up.wait()
        assert not self._refusal, self._refusal
        self.back_at = time.time()

    async def is_stillborn(self, steps: int) -> None:
        """An engine that is killed at its start, after so many steps."""
        self._begins()
        async with asyncio.timeout(PATIENCE_S):
            while self._steps < steps:
                self._step.clear()
                await self._step.wait()
        await self.ends(signal.SIGKILL)

    def _begins(self) -> None:
        self._up.clear()
        self._gone.clear()
        self._steps = 0
        self._process, self._body.news = engine_process(self.stack)
        asyncio.get_running_loop().add_reader(self._body.news.fileno(), self._hear)

    async def another(self) -> str:
        """One that is started by mistake: what it says."""
        process, news = engine_process(self.stack)
        told = cast(Told, await asyncio.to_thread(news.recv))
        await asyncio.to_thread(process.join)
        news.close()
        process.close()
        return told.text

    async def dies(self) -> None:
        """By `kill -9`."""
        self.killed_at = time.time()
        await self.ends(signal.SIGKILL)

    async def leaves(self) -> None:
        """As it is told to, without an end to anything."""
        self.killed_at = time.time()
        await self.ends(signal.SIGHUP)

    async def ends(self, number: signal.Signals) -> None:
        """By any signal."""
        assert self._process.pid is not None
        os.kill(self._process.pid, number)
        async with asyncio.timeout(PATIENCE_S):
            await self._gone.wait()
        self._process.join()

    async def reborn(self) -> None:
        """One dies, and the next goes on."""
        await self.dies()
        await self.awakes()

    def forget(self) -> None:
        """While no engine is there: what the last one knew is gone."""
        for path in (self.stack.site.var_directory / JOURNAL).iterdir():
            path.unlink()

    def change(self, centre: Centre) -> None:
        """While no engine is there: the next one has another configuration."""
        self.stack = self._body.stack = replace(self.stack, centre=centre)

    def kill_asterisk(self) -> None:
        process = running_instance(self.stack.plan.etc / "asterisk.conf")
        assert process is not None
        os.kill(process.pid, signal.SIGKILL)
        process.forget()

    @property
    def pid(self) -> int:
        """The engine's."""
        return self._process.pid or 0

    @property
    def log(self) -> str:
        """What the engines said."""
        return (self.stack.site.var_directory / "engine.log").read_text()

    # ---- what it says

    def _hear(self) -> None:
        try:
            told = cast(Told, self._body.news.recv())
        except (EOFError, ConnectionError):
            asyncio.get_running_loop().remove_reader(self._body.news.fileno())
            self._body.news.close()
            self._gone.set()
            return
        for entry in told.entries:
            self._repeat(entry)
        self._steps += told.kind == "step"
        self._step.set()
        if told.kind in ("up", "refused"):
            self._refusal = told.text
            self._up.set()

    def _repeat(self, entry: Entry) -> None:
        if isinstance(entry.event, EngineStarted):
            self.engine = self._body.engine = Engine(self.stack.centre)
            self._number = 0
        if entry.number <= self._number:
            return
        if entry.number != self._number + 1:
            self.faults.append(f"entry {entry.number} comes after {self._number}")
        self._number = entry.number
        if self.engine.handle(entry.event, entry.at) != entry.commands:
            self.faults.append(f"entry {entry.number} is done otherwise: {type(entry.event).__name__}")
        self.seen.take(entry)

    # ---- what is asked of it

    async def answer(self, request: Request) -> NoteAnswered:
        """To what a screen asks."""
        self._asked += 1
        ask = f"ask{self._asked}"
        self.service.feed(msgspec.structs.replace(request, ask=ask))

        def answers() -> list[NoteAnswered]:
            notes = (note for entry in self.seen.entries for note in entry.commands)
            return [note for note in notes if isinstance(note, NoteAnswered) and note.ask == ask]

        await self.seen.until(lambda: bool(answers()))
        return answers()[0]

    async def does(self, request: Request) -> None:
        """The same, and it has to be done."""
        answer = await self.answer(request)
        assert not answer.refusal, answer

    async def holds(self, reached: Callable[[], bool]) -> None:
        """Wait for what an entry brings about."""
        await self.seen.until(reached)

    async def has_marked(self, *calls: str) -> None:
        """Wait until Asterisk shows that these calls wait; marks come a moment after the step."""
        asterisk = EmbeddedAsterisk(self.stack.plan, self.stack.secrets)
        async with asyncio.timeout(PATIENCE_S):
            while not await self._are_marked(asterisk, set(calls)):  # noqa: ASYNC110
                await asyncio.sleep(0.02)

    @staticmethod
    async def _are_marked(asterisk: EmbeddedAsterisk, calls: set[str]) -> bool:
        _, channels = await asked(asterisk, "channels")
        marks = [read_mark(one.get("channelvars", {}).get(VARIABLE, "")) for one in channels]
        return calls <= {mark.call for mark in marks if mark is not None and mark.state == "waiting"}

    async def stored(self, call: Call | str) -> CallRecord:
        """The record in the database, once it is complete: the one that the whole journal gives."""
        name = call if isinstance(call, str) else call.id
        folded = self.seen.records.records
        await self.seen.until(lambda: name in folded and folded[name].closed_at is not None)
        async with Database(self.stack.site.store_url) as database:
            try:
                async with asyncio.timeout(PATIENCE_S):
                    while (stored := await read_record(database, name)) != folded[name]:  # noqa: ASYNC110
                        await asyncio.sleep(0.05)
            except TimeoutError:
                raise AssertionError(f"in the database {stored}, by the journal {folded[name]}") from None
        return folded[name]


async def assert_whole(house: MortalHouse, call: Call, *voices: int) -> None:
    """The recording has both sides before the engine died, while there was none, and afterwards."""
    record, recording = await house.stored(call), await house.recording(call)
    moments = (record.answered_at, house.killed_at, house.back_at, record.ended_at)
    heard = [recording.heard(began or 0.0, ended) for began, ended in pairwise(moments)]
    assert heard == [({CALLER_HZ}, set(voices))] * 3


@asynccontextmanager
async def mortal_house(directory: Path, centre: Centre) -> AsyncIterator[MortalHouse]:
    """An engine lives inside, on an Asterisk that it has started; afterwards neither is left."""
    spoken = directory.parent / "guidance"
    spoken.mkdir(exist_ok=True)
    (directory / "guidance").symlink_to(spoken)
    [port] = free_ports(1, socket.SOCK_DGRAM)
    trunk = TrunkSite(server=f"127.0.0.1:{port}")
    stack = own_stack(directory, centre, ROOT / "config", ROOT / "var/asterisk", trunk)
    house = MortalHouse(stack)
    house.carrier_port = port
    try:
        await house.awakes()
        yield house
        await house.ends(signal.SIGTERM)
        assert running_instance(stack.plan.etc / "asterisk.conf") is None
    finally:
        await _clear_away(house)


async def _clear_away(house: MortalHouse) -> None:
    if house._process.is_alive() and not house._gone.is_set():
        await house.dies()
    house._process.close()
    left = running_instance(house.stack.plan.etc / "asterisk.conf")
    if left is not None:
        await left.end(signal.SIGKILL, PATIENCE_S)
        left.forget()

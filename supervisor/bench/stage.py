"""The stage: the real engine and its API, in real time, with people by chance and no telephone.

Only Asterisk is missing: every event goes through the engine, every journal entry to the board, every command of the
API into the engine, as in the service. What is looked at from outside (the monitor, its page) finds no difference.
"""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Callable, Iterable, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from types import TracebackType
from typing import Any

from calls.command import Command
from calls.event import Event
from calls.events import EngineStarted, PhoneRegistered, TimePassed
from calls.journal import Entry
from calls.notes import NoteEar
from calls.requests import SeatLoggedIn
from engine.build import load_centre
from engine.engine import Engine
from sim.clock import Clock
from store.audit import FILE, AuditLog
from supervisor.api.live import Live
from supervisor.api.office import Office, expected_wait_on, pace_on
from supervisor.api.server import Api
from supervisor.bench.cast import Cast, Crowd, Habits
from supervisor.bench.past import keep_past
from supervisor.bench.scene import (
    NOBODY,
    SITTING,
    TAX,
    TAX_NUMBER,
    WALKING,
    WALKING_NUMBER,
    write_config,
)
from telephony.ear_audit import ear_audit
from telephony.orders import Orders
from telephony.site import load_site

TICK_S = 0.01
"""So seldom it is looked whether anything is due."""
IN_FLOW = 5
"""About so many callers hear the first guidance while the line is steady."""
WALKERS = 4
PAST = {TAX: 3000, WALKING: 400}
"""So many calls the projects had on earlier days."""
HISTORY_S = 600.0
LIMIT_S = 30.0

Watch = Callable[[Entry], None]


class Stage:
    """`async with Stage(folder) as stage:` plays inside, with a line of about `waiting` callers from the beginning.

    `folder` gets the configuration and its `var/`. `history_s`: it has played for so long (seconds) when it begins.
    `names`: of some people, by their ids. `api`, `live`, `site` and `engine` are what they are in the service; `config`
    is the folder.
    """

    def __init__(
        self,
        folder: Path,
        *,
        waiting: int = 200,
        history_s: float = HISTORY_S,
        habits: Habits | None = None,
        names: Mapping[str, str] = NOBODY,
        seed: int = 1,
    ) -> None:
        self.config = write_config(folder, names)
        self.site = load_site(self.config / "site.yaml")
        self.engine = Engine(load_centre(self.config))
        self.live = Live()
        self.audit = AuditLog(self.site.var_directory / FILE)
        self.office = self._office()
        self.watches: list[Watch] = []
        self._seed = seed
        self._habits = habits or Habits()
        self._tax = Crowd(TAX_NUMBER, waiting + IN_FLOW, self._habits, seed)
        crowds = self._tax, Crowd(WALKING_NUMBER, WALKERS, self._habits, seed)
        self._began = time.time() - history_s
        self._clock = Clock(self._began)
        self._cast = Cast(self._clock, crowds, self._habits, seed)
        self._ear = ear_audit(self.audit)
        self._number = 0
        self._last = self._began
        self._news = asyncio.Event()
        self._stillness = 0
        self._playing: asyncio.Task[None] | None = None
        self.api = Api(self.office, self.live, self.site.ports.api)

    def _office(self) -> Office:
        floor = self.engine.floor
        return Office(
            feed=self.feed,
            floor=floor,
            orders=Orders(floor, self.audit, self.feed, _at_once),
            audit=self.audit,
            secrets=self.site.secrets,
            expected_wait=expected_wait_on(floor),
            pace=pace_on(floor),
        )

    async def __aenter__(self) -> Stage:
        await keep_past(self.site.store_url, PAST, self._began, self._seed)
        self._open()
        self._play_until(time.time())
        await self._answer()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.kill()

    # ---- what a test does

    async def fill(self, waiting: int = 200) -> None:
        """From now on about so many wait; more are there as soon as they have heard the first guidance."""
        self._tax.wanted = waiting + IN_FLOW
        self._cast.dial(self._last, at_once=True)
        await self.until(lambda: self.waiting >= min(waiting, self._tax.wanted - 2 * IN_FLOW))

    @property
    def waiting(self) -> int:
        """How many wait at the tax centre."""
        return self.live.board.waits(f"{TAX}/main")[0]

    async def until(self, reached: Callable[[], bool], limit_s: float = LIMIT_S) -> None:
        """Wait for what only an event can bring about. Raises TimeoutError."""
        async with asyncio.timeout(limit_s):
            while not reached():
                self._news.clear()
                await self._news.wait()

    @asynccontextmanager
    async def still(self) -> AsyncIterator[None]:
        """Nobody moves meanwhile: nothing happens but what is asked of the API. It is all made up for afterwards."""
        self._stillness += 1
        try:
            yield
        finally:
            self._stillness -= 1

    async def kill(self) -> None:
        """The engine dies: its port is closed, and every connection cut in the middle of whatever it was."""
        if self._playing is None:
            return
        self._playing.cancel()
        await asyncio.gather(self._playing, return_exceptions=True)
        self._playing = None
        await _cut(self.api)

    async def restart(self) -> None:
        """It is back, with the same board, and what happened meanwhile is made up for."""
        frozen, self.live = self.live.freeze(), Live()
        self.live.thaw(frozen)
        self.api = Api(self.office, self.live, self.site.ports.api)
        self._play_until(time.time())
        await self._answer()

    # ---- the play

    def feed(self, event: Event) -> None:
        """Something happens now."""
        now = time.time()
        if not self._stillness:
            self._play_until(now)
        self._step(event, now)

    def _open(self) -> None:
        floor, now = self.engine.floor, self._began
        phones = [*floor.seats, *(one.id for one in floor.centre.extensions.values() if one.via == "phone")]
        opening: list[Event] = [EngineStarted(floor.centre.digest(), f"{now:.0f}")]
        opening += [PhoneRegistered(phone) for phone in phones]
        opening += [SeatLoggedIn(seat, operator=person) for seat, person in SITTING.items()]
        for event in opening:
            self._step(event, now)
        self._cast.dial(now, at_once=True)

    async def _answer(self) -> None:
        await self.api.__aenter__()
        self._playing = asyncio.create_task(self._play(), name="stage")

    async def _play(self) -> None:
        while True:
            await asyncio.sleep(TICK_S)
            if not self._stillness:
                self._play_until(time.time())

    def _play_until(self, until: float) -> None:
        """Everything that is due, in its order."""
        engine, clock = self.engine, self._clock
        while True:
            event = clock.next(lambda: min(engine.next_deadline() or until, until))
            if event is None or (
                clock.now >= until and isinstance(event, TimePassed) and not self._due(until)
            ):
                return
            self._step(event, clock.now)

    def _due(self, now: float) -> bool:
        deadline = self.engine.next_deadline()
        return deadline is not None and deadline <= now

    def _step(self, event: Event, at: float) -> None:
        self._last = now = max(at, self._last)
        commands = self.engine.handle(event, now)
        self._number += 1
        entry = Entry(self._number, now, event, commands)
        self.live.observe(entry)
        for watch in self.watches:
            watch(entry)
        self._obey(commands, now)
        self._news.set()

    def _obey(self, commands: Iterable[Command], now: float) -> None:
        for command in commands:
            act = self._cast.acts.get(type(command))
            if act is not None:
                act(command, now)
            elif isinstance(command, NoteEar):
                self._ear(command)


async def _at_once() -> None:
    """There is no database that could be slow."""


async def _cut(api: Api) -> None:
    """What a dead process leaves: no good-bye to anybody."""
    runner: Any = api._runner
    for connection in list(runner.server.connections):
        if connection.transport is not None:
            connection.transport.abort()
    with contextlib.suppress(ConnectionError):
        await api.__aexit__(None, None, None)

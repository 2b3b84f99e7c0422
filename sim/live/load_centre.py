"""Whom a load calls: a centre of its own, with a robot at each telephone, in a folder that is thrown away."""

from __future__ import annotations

import asyncio
import dataclasses
import shutil
import tempfile
from collections import deque
from collections.abc import Callable, Sequence
from contextlib import AsyncExitStack
from pathlib import Path
from types import TracebackType
from typing import Protocol, Self

from calls.event import Event
from calls.journal import Entry
from calls.lifecycle import SeatState
from sim.live.behaviour import SeatBehaviour, answer, when_told
from sim.live.operators import Operators, SeatRobot
from sim.live.stack import own_stack
from sim.live.tones import operator_tone_hz
from sim.world import World
from telephony.plan import Phone
from telephony.secrets import load_or_make
from telephony.service import Service
from telephony.stack import Stack

SEATED_S = 30.0
_GUIDANCE = "guidance"
Say = Callable[[str], None]


class LoadedCentre(Protocol):
    """What a load needs of whom it calls. `target`: where its SIP calls go."""

    target: tuple[str, int]

    async def entries(self) -> list[Entry]:
        """What its engine has done since this was last asked."""

    def feed(self, event: Event) -> None:
        """Tell its engine what an operator asks for."""

    def pick_up(self, seat: str) -> None:
        """Have a robot operator answer."""

    def read_hours(self, ahead_s: float) -> None:
        """From now on its opening hours are read so many seconds ahead of the clock."""


def robots_answer(world: World) -> SeatBehaviour:
    """Where the operators of a scenario let nothing ring, their telephones pick up by themselves."""
    ring, missed = world.scenario.ring, world.scenario.operators.misses
    at_once = ring.nothing if ring is not None else world.scenario.project is None
    return answer() if at_once and not missed else when_told()


def seat_robots(seats: Sequence[str], stack: Stack, world: World) -> list[SeatRobot]:
    """A robot for each of these seats, with a tone of its own."""
    behaviour = robots_answer(world)
    return [
        SeatRobot(seat, stack.secrets.phones[seat], operator_tone_hz(i), behaviour)
        for i, seat in enumerate(seats)
    ]


class Opened:
    """`async with` what `_start` enters into `_up`: left again at the end, and where the start fails halfway."""

    def __init__(self) -> None:
        self._up = AsyncExitStack()

    async def __aenter__(self) -> Self:
        try:
            await self._start()
        except BaseException:
            await self._up.aclose()
            raise
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._up.aclose()

    async def _start(self) -> None:
        raise NotImplementedError


class OwnCentre(Opened):
    """`async with OwnCentre(root, world, say) as centre:` - inside, it takes calls and everybody is at his telephone.

    `texts` keeps the spoken texts for the next one. Raises what a Service raises, SippError, PortTakenError, OSError.
    """

    def __init__(
        self, root: Path, world: World, say: Say, *, texts: Path | None = None, media: bool = True
    ) -> None:
        super().__init__()
        self._root = root
        self._world = world
        self._say = say
        self._texts = texts
        self._media = media
        self._new: deque[Entry] = deque()
        self._told = robots_answer(world) == when_told()
        self.folder: Path
        self.target: tuple[str, int]

    async def _start(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="denwaban-load-"))
        self._up.callback(shutil.rmtree, self.folder)
        stack = self._stack()
        self._borrow_texts()
        self.target = ("127.0.0.1", stack.plan.ports.sip)
        self.service = await self._up.enter_async_context(Service(stack, self._say, self._new.append))
        self._lend_texts()
        self._operators = await self._up.enter_async_context(self._robots(stack))
        self._say(f"{len(self._world.centre.seats)} robot operators sit down")
        await self._all_seated()

    def _stack(self) -> Stack:
        """With a telephone for each seat of the scenario, whatever the site has."""
        stack = own_stack(
            self.folder, self._world.centre, self._root / "config", self._root / "var" / "asterisk"
        )
        known = {phone.id for phone in stack.plan.phones}
        more = [Phone(seat.id) for seat in self._world.centre.seats if seat.id not in known]
        plan = dataclasses.replace(stack.plan, phones=(*stack.plan.phones, *more))
        secrets = load_or_make(stack.site.secrets, [phone.id for phone in plan.phones])
        return dataclasses.replace(stack, plan=plan, secrets=secrets)

    def _robots(self, stack: Stack) -> Operators:
        robots = seat_robots([seat.id for seat in self._world.centre.seats], stack, self._world)
        return Operators(robots, registrar=self.target, work_dir=self.folder / "operators", media=self._media)

    async def _all_seated(self) -> None:
        async with asyncio.timeout(SEATED_S):
            # the engine hears of a registration some ms later, from another connection
            while not all(seat.state is SeatState.READY for seat in self.service.engine.floor.seats.values()):  # noqa: ASYNC110
                await asyncio.sleep(0.02)

    def _borrow_texts(self) -> None:
        if self._texts is not None and self._texts.exists():
            shutil.copytree(self._texts, self.folder / _GUIDANCE, dirs_exist_ok=True)

    def _lend_texts(self) -> None:
        if self._texts is not None and (self.folder / _GUIDANCE).exists():
            shutil.copytree(self.folder / _GUIDANCE, self._texts, dirs_exist_ok=True)

    # ---- what a load asks of it

    async def entries(self) -> list[Entry]:
        """See LoadedCentre."""
        new = list(self._new)
        self._new.clear()
        return new

    def feed(self, event: Event) -> None:
        """See LoadedCentre."""
        self.service.feed(event)

    def pick_up(self, seat: str) -> None:
        """See LoadedCentre."""
        if self._told:
            self._operators.pick_up(seat)

    def read_hours(self, ahead_s: float) -> None:
        """See LoadedCentre; a bare queue is always open."""
        if self._world.hours is not None:
            self.service.shift_hours(self._world.project.project, ahead_s)

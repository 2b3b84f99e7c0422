"""One drill from beginning to end: talks and a line of waiting callers, the harm, the recovery, the line served."""

from __future__ import annotations

import asyncio
import random
import time
from contextlib import suppress
from dataclasses import dataclass, field

from sim.drill.books import Books, BooksError
from sim.drill.engine_process import EngineProcess, Say
from sim.drill.failure import DrillFailedError, together
from sim.drill.floor import DEAD_S, Floor
from sim.drill.harms import Blow, Harm
from sim.drill.house import NOTICE_HZ
from sim.drill.lines import Line
from sim.drill.robots import Seat
from sim.drill.story import Away

PROBE_S, RECOVER_S = 1.0, 60.0
"""A new caller tries every so often after the harm, for so long at the most."""
CLOSED_S = 30.0
_SPACING_S = 0.1
"""Between two callers: who dials first stands first in the line."""
_SETTLE_S = 1.5
_REACTION_S = 0.15
_NEW_CALLS = 3
_POLL_S = 0.02


class NotRecoveredError(DrillFailedError):
    """Nobody answered new callers any more."""


@dataclass
class Course:
    """What a drill has seen, besides what each robot has. Times in seconds."""

    harmed: list[float] = field(default_factory=list)
    engine_back_s: list[float] = field(default_factory=list)
    arrived: list[str] = field(default_factory=list)
    """Who waited when the harm came, in order; those who gave up by themselves are not among them."""
    probes: set[str] = field(default_factory=set)
    engine_away: list[tuple[float, float]] = field(default_factory=list)
    asterisk_away: list[tuple[float, float]] = field(default_factory=list)
    unwritten: list[tuple[float, float]] = field(default_factory=list)
    """When nobody could write a recording."""
    new_calls_answered: int = 0

    @property
    def away(self) -> Away:
        return Away(self.engine_away, self.asterisk_away)


class Scene:
    """`play` it on a floor whose engine takes calls."""

    def __init__(
        self, floor: Floor, engine: EngineProcess, books: Books, harm: Harm, chance: random.Random, say: Say
    ) -> None:
        self._floor = floor
        self._engine = engine
        self._books = books
        self._harm = harm
        self._chance = chance
        self._say = say
        self.course = Course()

    async def play(self, talking: int, waiting: int) -> Course:
        """With so many conversations and so many callers in the line."""
        await self._fill(talking, waiting)
        for blow in self._harm.blows:
            await asyncio.sleep(self._chance.uniform(0.5, 3.0))
            await self._blow(blow)
            await asyncio.sleep(_SETTLE_S)
        if self._harm.calls_end:
            await self._new_calls()
        else:
            await self._serve_the_line()
        await self._end()
        return self.course

    # ---- before

    async def _fill(self, talking: int, waiting: int) -> None:
        self._say(f"{talking} callers dial, and {talking} operators answer")
        for _ in range(talking):
            self._floor.call()
            await asyncio.sleep(_SPACING_S)
        await self._floor.until_served(talking)
        await self._floor.until_heard(talking)
        self._say(f"{waiting} more dial, for whom there is no seat")
        for number in range(1, waiting + 1):  # one after the other: on a busy machine two might change places
            self.course.arrived.append(self._floor.call().party)
            await self._books.until(f"{number} callers wait", self._books.waiting, number.__eq__)

    # ---- the harm

    async def _blow(self, blow: Blow) -> None:
        self._say(f"now: {blow.name}")
        known = len(self._engine.backs)
        at = await self._harm.strike(blow, self._engine)
        self.course.harmed.append(at)
        await together(self._meanwhile(), self._probe(at), self._heal(blow, at))
        if self._harm.engine_away:
            self.course.engine_away.append((at, time.time()))
        if len(self._engine.backs) > known:
            self.course.engine_back_s.append(self._engine.backs[known] - at)

    async def _heal(self, blow: Blow, at: float) -> None:
        await self._harm.heal(blow, self._engine)
        if self._harm.calls_end:
            await self._floor.register()
            self.course.asterisk_away.append((at, time.time()))
            self.course.unwritten.append(
                (at, time.time() + DEAD_S)
            )  # nobody speaks any more, but some still listen
        if self._harm.loses_audio:
            self.course.unwritten.append((at, time.time()))

    async def _meanwhile(self) -> None:
        """Life goes on: an operator and a caller hang up, and one of those who wait gives up."""
        if self._harm.calls_end:
            await self._lines_die()
            return
        await asyncio.sleep(_REACTION_S)
        talks, waiting = self._floor.talks(), self._floor.waiting()
        # Whoever is next when a seat comes free may be answered and gone in the same moment: not one of these.
        patient = [line for line in waiting if line.party in self.course.arrived][2:]
        if len(talks) < 3 or not patient:
            return
        (seat, one), (_, other) = self._chance.sample(talks, 2)
        impatient = self._chance.choice(patient)
        self.course.arrived.remove(impatient.party)
        await asyncio.gather(
            seat.hang_up(one),
            self._floor.carrier.hang_up(self._floor.caller_of(other)),
            self._floor.carrier.hang_up(impatient),
        )

    async def _lines_die(self) -> None:
        """No robot hears anything any more, and each finds that out by itself."""
        old = [line for robot in (self._floor.carrier, *self._floor.seats) for line in robot.lines]
        while any(line.alive for line in old):
            await asyncio.sleep(_POLL_S)
            self._floor.give_up_dead_lines()

    # ---- the recovery

    async def _probe(self, at: float) -> None:
        """New callers dial, one after the other, until one hears what only the engine says."""
        probes: list[Line] = []
        while not (answered := [line for line in probes if await self._is_served(line)]):
            if time.time() > at + RECOVER_S:
                raise NotRecoveredError(f"no new caller was answered within {RECOVER_S:.0f} s")
            if time.time() >= at + PROBE_S * len(probes):
                probes.append(self._floor.call())
                self.course.probes.add(probes[-1].party)
            await asyncio.sleep(_POLL_S)
        self._say(f"a new caller was answered {(answered[0].answered or at) - at:.2f} s after it")
        await asyncio.gather(*(self._floor.carrier.hang_up(line) for line in probes))

    async def _is_served(self, line: Line) -> bool:
        """He hears what the project says, and it is the engine that says it."""
        if line.answered is None or not len(line.stream.heard(NOTICE_HZ)):
            return False
        return await self._books.engine_knows(line.party)

    # ---- after

    async def _serve_the_line(self) -> None:
        """The operators hang up one after the other, and each takes who is next."""
        self._say("the operators hang up one after the other, and take those who wait")
        while self._floor.waiting():
            seat, line = self._chance.choice(self._old_talks())
            taken = len(self._floor.served)
            await seat.hang_up(line)
            await self._floor.until_served(taken + 1)
        await self._floor.until_heard(len(self._floor.talks()))

    def _old_talks(self) -> list[tuple[Seat, Line]]:
        """Those that lived through the harm; if there are none left, any."""
        talks, harmed = self._floor.talks(), self.course.harmed[0]
        return [talk for talk in talks if (talk[1].answered or harmed) < harmed] or talks

    async def _new_calls(self) -> None:
        """The telephones have registered again: new callers get their operators."""
        self._say(f"{_NEW_CALLS} new callers dial")
        taken = len(self._floor.served)
        for _ in range(_NEW_CALLS):
            self._floor.call()
            await asyncio.sleep(_SPACING_S)
        await self._floor.until_served(taken + _NEW_CALLS)
        await self._floor.until_heard(_NEW_CALLS)
        self.course.new_calls_answered = _NEW_CALLS

    async def _end(self) -> None:
        """Everybody hangs up; the books are closed."""
        await asyncio.sleep(1.0)  # of talk, for the last ones too
        await self._floor.end_everything(self._chance)
        await self._floor.until_quiet()
        self._say("everybody has hung up; the books are looked through")
        with suppress(BooksError):  # which ones stay open is for the verdict
            await self._books.until("open calls", self._books.open_calls, lambda n: n == 0, CLOSED_S)

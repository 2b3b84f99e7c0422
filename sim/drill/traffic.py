"""Short calls all the time, while the engine is killed again and again: each caller's own story is kept."""

from __future__ import annotations

import asyncio
import random
import time
from contextlib import suppress

from sim.drill.books import Books, BooksError
from sim.drill.engine_process import EngineProcess, Say
from sim.drill.failure import together
from sim.drill.floor import Floor
from sim.drill.harms import Harm
from sim.drill.house import NOTICE_HZ
from sim.drill.lines import Line
from sim.drill.scene import CLOSED_S, Course
from sim.drill.story import heard_at, story_of
from sim.drill.verdict import Silence, silence_of

TALK_S = (0.7, 1.3)
IMPATIENT, IMPATIENT_S = 0.08, (0.1, 1.5)
"""So many callers hang up so soon after they were answered, wherever they are then."""
PATIENCE_S = 30.0
PAUSE_S = (0.3, 6.0)
"""Between one recovery and the next death."""
LET_GO_S = 20.0
"""So long an operator's or a caller's telephone waits for the other side to be let go."""
_WARM_UP_S = 3.0
_TOLD_EVERY = 10


class Traffic:
    """`play` it on a floor whose engine takes calls. `rate` calls per second, `times` deaths."""

    def __init__(
        self, floor: Floor, engine: EngineProcess, books: Books, harm: Harm, chance: random.Random, say: Say
    ) -> None:
        self._floor = floor
        self._engine = engine
        self._books = books
        self._harm = harm
        self._say = say
        # Each its own: whatever one does, the others do the same at the same seed.
        self._arrivals, self._kills, self._people = (random.Random(chance.random()) for _ in range(3))
        self._over = asyncio.Event()
        self.course = Course()
        self.silences: list[Silence] = []

    async def play(self, rate: float, times: int) -> Course:
        """Until the engine has died so many times, and everybody has hung up."""
        await together(self._arrive(rate), self._kill(times))
        await self._floor.until_quiet()
        self._say("everybody has hung up; the books are looked through")
        with suppress(BooksError):  # which ones stay open is for the verdict
            await self._books.until("open calls", self._books.open_calls, lambda n: n == 0, CLOSED_S)
        return self.course

    # ---- the deaths

    async def _kill(self, times: int) -> None:
        await asyncio.sleep(_WARM_UP_S)
        blow = self._harm.blows[0]
        for number in range(1, times + 1):
            await asyncio.sleep(self._kills.uniform(*PAUSE_S))
            at = await self._harm.strike(blow, self._engine)
            await self._harm.heal(blow, self._engine)
            self.course.harmed.append(at)
            if self._harm.engine_away:
                self.course.engine_away.append((at, time.time()))
                self.course.engine_back_s.append(time.time() - at)
            if number % _TOLD_EVERY == 0 or number == times:
                self._say(f"the engine has died {number} times; {len(self._floor.callers)} callers so far")
        await asyncio.sleep(_WARM_UP_S)
        self._over.set()

    # ---- the callers

    async def _arrive(self, rate: float) -> None:
        """They dial until the deaths are over; returns when the last of them has hung up."""
        due = time.monotonic()
        async with asyncio.TaskGroup() as callers:
            while not self._over.is_set():
                due += self._arrivals.expovariate(rate)
                await asyncio.sleep(max(0.0, due - time.monotonic()))
                callers.create_task(self._live(self._floor.call()))

    async def _live(self, line: Line) -> None:
        impatient = self._people.random() < IMPATIENT
        stays_s = self._people.uniform(*(IMPATIENT_S if impatient else TALK_S))
        by_seat = self._people.random() < 0.5
        await line.up.wait()
        if impatient:
            await asyncio.sleep(stays_s)
            await self._floor.carrier.hang_up(line)
        elif not line.how:
            await self._talk(line, stays_s, by_seat=by_seat)
        await self._sum_up(line)

    async def _talk(self, line: Line, seconds: float, *, by_seat: bool) -> None:
        operator = await self._floor.operator_of(line, PATIENCE_S)
        if operator is None:
            await self._floor.carrier.hang_up(line)
            return
        await asyncio.sleep(seconds)
        if not by_seat or not operator[1].alive:
            await self._floor.carrier.hang_up(line)
            return
        await operator[0].hang_up(operator[1])
        await self._until_over(line)
        await self._floor.carrier.hang_up(line)  # who is not let go by then goes by himself

    async def _until_over(self, line: Line) -> None:
        """One of the two has hung up: the engine ends the other line. Where it does not, the verdict tells."""
        with suppress(TimeoutError):
            async with asyncio.timeout(LET_GO_S):
                await line.over.wait()

    async def _sum_up(self, line: Line) -> None:
        """What is needed of it later; the audio itself is too much to keep."""
        seats = self._floor.operators.get(line.party, [])
        for seat in seats:
            await self._until_over(seat)
        story = story_of(line, heard_at(line, seats), NOTICE_HZ)
        if story.conversed:
            seat = next(seat for seat in seats if seat.answered == story.seat_answered)
            self.silences.append(silence_of(story, line, seat))
        line.sum_up(NOTICE_HZ, *(seat.hz for seat in seats))
        for seat in seats:
            seat.sum_up(line.hz)

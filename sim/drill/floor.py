"""The robots of a drill on their places: operators at the seats, callers on the carrier's line."""

from __future__ import annotations

import asyncio
import random
import time
from collections import defaultdict
from contextlib import AsyncExitStack, suppress
from types import TracebackType
from typing import Self

from sim.drill.failure import DrillFailedError
from sim.drill.house import NUMBER, House
from sim.drill.lines import Line
from sim.drill.media import Media
from sim.drill.robots import Carrier, Seat
from sim.live.tones import caller_tone_hz, operator_tone_hz

PATIENCE_S = 60.0
QUIET_S = 20.0
DEAD_S = 3.0
"""A telephone that hears nothing at all for so long gives its call up."""
_POLL_S = 0.05


class FloorError(DrillFailedError):
    """The calls are not as the drill needs them; the text says how they are."""


class Floor:
    """`async with Floor(house, passwords) as floor:` - all seats are registered inside.

    `served`: the callers' numbers in the order in which seats took them. `callers` and `operators`: the ends of
    each call by the caller's number.
    """

    def __init__(self, house: House, passwords: dict[str, str]) -> None:
        self._house = house
        self._exit = AsyncExitStack()
        self._rung = asyncio.Event()
        self._number = 0
        self.media = Media()
        self.served: list[str] = []
        self.callers: dict[str, Line] = {}
        self.operators: defaultdict[str, list[Line]] = defaultdict(list)
        port = house.site.ports.sip
        self.carrier = Carrier(self.media, port)
        self.seats = [
            Seat(self.media, port, seat, passwords[seat], operator_tone_hz(i), self._taken)
            for i, seat in enumerate(house.seats)
        ]
        self._by_name = {seat.user: seat for seat in self.seats}

    async def __aenter__(self) -> Self:
        await self._exit.enter_async_context(self.media)
        await self._exit.enter_async_context(self.carrier)
        for seat in self.seats:
            await self._exit.enter_async_context(seat)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._exit.aclose()

    async def register(self) -> None:
        """All telephones, at once. Raises FloorError."""
        try:
            await asyncio.gather(*(seat.register() for seat in self.seats))
        except TimeoutError:
            raise FloorError("the telephones get no answer when they register") from None

    def call(self) -> Line:
        """The next caller dials."""
        self._number += 1
        caller = f"09{self._number:08}"
        self.callers[caller] = line = self.carrier.call(caller, NUMBER, caller_tone_hz(self._number - 1))
        return line

    # ---- who talks

    def _taken(self, line: Line) -> None:
        self.served.append(line.party)
        self.operators[line.party].append(line)
        if line.party in self.callers:
            self.callers[line.party].taken.set()
        self._rung.set()

    def talks(self) -> list[tuple[Seat, Line]]:
        """The seats that talk, each with its end of the line."""
        return [(seat, line) for seat in self.seats if (line := seat.talking) is not None]

    def caller_of(self, seat_line: Line) -> Line:
        """The other end."""
        return self.callers[seat_line.party]

    def seat_lines(self) -> list[Line]:
        """All that the seats ever had."""
        return [line for seat in self.seats for line in seat.lines]

    def all_lines(self) -> list[Line]:
        """Both ends of everything."""
        return [*self.carrier.lines, *self.seat_lines()]

    def waiting(self) -> list[Line]:
        """Callers who were answered and have no operator, in the order in which they dialled."""
        return [line for line in self.carrier.lines if line.alive and line.party not in self.operators]

    async def operator_of(self, line: Line, limit_s: float) -> tuple[Seat, Line] | None:
        """Who takes this caller; None where nobody does so in time, or his line ends before."""
        with suppress(TimeoutError):
            async with asyncio.timeout(limit_s):
                await line.taken.wait()
        taken = next(iter(self.operators.get(line.party, ())), None)
        return (self._by_name[taken.seat], taken) if taken else None

    async def until_quiet(self, limit_s: float = QUIET_S) -> None:
        """Wait until no line lives any more, but not for ever: which ones stay is for the verdict."""
        until = time.monotonic() + limit_s
        for line in self.all_lines():
            with suppress(TimeoutError):
                async with asyncio.timeout(max(0.0, until - time.monotonic())):
                    await line.over.wait()

    async def until_served(self, count: int, limit_s: float = PATIENCE_S) -> None:
        """Wait until seats have taken so many callers in all. Raises FloorError."""
        try:
            async with asyncio.timeout(limit_s):
                while len(self.served) < count:
                    self._rung.clear()
                    await self._rung.wait()
        except TimeoutError:
            raise FloorError(
                f"{len(self.served)} of {count} callers have an operator after {limit_s:.0f} s"
            ) from None

    async def until_heard(self, count: int, limit_s: float = PATIENCE_S) -> None:
        """Wait until so many talks are heard at both ends. Raises FloorError."""
        heard = 0
        try:
            async with asyncio.timeout(limit_s):
                while heard < count:
                    await asyncio.sleep(_POLL_S)
                    heard = sum(self._both_hear(line) for _, line in self.talks())
        except TimeoutError:
            raise FloorError(
                f"{heard} of {count} talks are heard at both ends after {limit_s:.0f} s"
            ) from None

    def _both_hear(self, line: Line) -> bool:
        caller, since = self.caller_of(line), time.time() - 1.0
        return bool(len(line.stream.heard(caller.hz, since)) and len(caller.stream.heard(line.hz, since)))

    # ---- ends

    async def hang_up_somehow(self, seat: Seat, line: Line, chance: random.Random) -> None:
        """One of the two parties puts it down."""
        if chance.random() < 0.5:
            await seat.hang_up(line)
        else:
            await self.carrier.hang_up(self.caller_of(line))

    def give_up_dead_lines(self) -> None:
        """As telephones do: where nothing has come for DEAD_S, there is no call any more."""
        now = time.time()
        for robot in (self.carrier, *self.seats):
            for line in robot.lines:
                if line.alive and now - max(line.stream.last_packet, line.answered or 0.0) > DEAD_S:
                    robot.dead(line)

    async def end_everything(self, chance: random.Random) -> None:
        """Every call that still lives is hung up by somebody."""
        await asyncio.gather(*(self.hang_up_somehow(seat, line, chance) for seat, line in self.talks()))
        await asyncio.gather(*(self.carrier.hang_up(line) for line in self.carrier.lines if not line.how))

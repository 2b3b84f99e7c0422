"""Live: what 34 seats and a crowd make of each other, with operators who pick up at once.

From a seat's being free to the next caller at it, with 200 waiting; and rounds in which all telephones ring for five
callers, of whom each is to get exactly one operator.
"""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack
from pathlib import Path

from calls.lifecycle import SeatState
from calls.queue_settings import QueueSettings
from sim.bare import NUMBER
from sim.bench.live import LiveBench
from sim.bench.row import Row, row
from sim.bench.watch import Watch
from sim.live.behaviour import SeatBehaviour, answer
from sim.live.observation import percentile
from sim.live.telephone import Telephone
from telephony.service import Say

RIVAL, FREE_MS = "app_queue", 30.0
ROUNDS, CALLERS, ROUND_S = 50, 5, 10.0


def _talks(seat: int) -> SeatBehaviour:
    """The operators hang up, and not all at one moment; SIPp reads no scenario with 34 ways to do so."""
    return answer(talk_s=2.0 + 0.17 * (seat % 6))


async def line_rows(root: Path, say: Say) -> list[Row]:
    """This engine and the rival in turn; about 40 s."""
    async with LiveBench(root, say, _talks) as live:
        say(f"34 callers and a line behind them, this engine and {RIVAL} in turn")
        ours = await live.line(rival=False)
        theirs = await live.line(rival=True)
    p50, p99 = (percentile(ours, share) for share in (50, 99))
    return [
        _row("live.seat_free_to_ring_p50", p50, RIVAL, percentile(theirs, 50)),
        _row("live.seat_free_to_ring_p99", p99, RIVAL, percentile(theirs, 99)),
        _row("live.seat_free_to_ring_p99.target", p99, "target", FREE_MS),
    ]


def _row(name: str, ours: float | None, rival: str, value: float | None) -> Row:
    return row(name, "ms", ours, rival, value, more_is_better=False)


async def ring_all_rows(root: Path, say: Say) -> list[Row]:
    """`ROUNDS` times five callers at once for whom all 34 telephones ring; about 20 s."""
    watch = Watch()
    queue = QueueSettings(policy="ring_all", wrapup_s=0.0)
    async with LiveBench(root, say, queue=queue, observe=watch.note) as live, AsyncExitStack() as there:
        callers = [
            await there.enter_async_context(Telephone(live.target[1], f"090000000{i}"))
            for i in range(CALLERS)
        ]
        rounds = Rounds(live, watch, callers)
        say(f"{ROUNDS} rounds: all telephones ring for {CALLERS} callers")
        good = [await rounds.play() for _ in range(ROUNDS)]
    return [row("live.ring_all_rounds", "rounds", sum(good), "rounds", ROUNDS, more_is_better=True)]


class Rounds:
    """Five callers dial at once, all of them talk, all hang up; then all seats are free again."""

    def __init__(self, live: LiveBench, watch: Watch, callers: list[Telephone]) -> None:
        self._floor = live.service.engine.floor
        self._watch = watch
        self._callers = callers

    async def play(self) -> bool:
        """Whether each caller got exactly one seat, nobody missed a call, and no seat stuck."""
        try:
            await self._watch.until(self._all_free, ROUND_S)
            talks = [await caller.dial(NUMBER) for caller in self._callers]
            await self._watch.until(self._all_talk, ROUND_S)
            seats = [call.seat for call in self._floor.calls.values() if call.seat is not None]
            good = len({seat.id for seat in seats}) == len(self._callers) == len(seats)
            await asyncio.gather(*map(Telephone.hang_up, self._callers, talks))
            await self._watch.until(self._all_free, ROUND_S)
        except TimeoutError:
            return False
        return good and not any(seat.misses for seat in self._floor.seats.values())

    def _all_talk(self) -> bool:
        """Each caller has one, and no other telephone rings any more."""
        states = [seat.state for seat in self._floor.seats.values()]
        return states.count(SeatState.TALKING) == CALLERS and SeatState.RINGING not in states

    def _all_free(self) -> bool:
        return not self._floor.calls and all(
            seat.state is SeatState.READY for seat in self._floor.seats.values()
        )

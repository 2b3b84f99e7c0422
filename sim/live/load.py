"""A load: real SIP calls by a scenario, with the simulator's people at the telephones and the simulator's figures."""

from __future__ import annotations

import asyncio
import math
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from calls.event import Event
from calls.journal import Entry
from calls.lifecycle import State
from calls.record import CallRecord
from sim.live.behaviour import wait_for_far_end
from sim.live.callers import Caller, CallResult
from sim.live.load_callers import ToldCallers
from sim.live.load_centre import LoadedCentre
from sim.live.load_crowd import Crowd, Dialled, caller_number
from sim.live.load_figures import Failures, Fold, failures, late_ms
from sim.live.load_plan import AFTER_S, Times, times
from sim.live.tones import caller_tone_hz
from sim.live.trace import Ending
from sim.world import World

PACE_S = 0.002
"""How often the people are asked what is due."""
TELL_S = 5.0
SETTLE_S = 3.0
AGAIN = 2.0
"""So many telephones for each caller, where callers try again."""
_SHOWN = (State.IVR, State.QUEUED, State.RINGING, State.TALKING, State.WRAP_UP)

Say = Callable[[str], None]


@dataclass(frozen=True)
class Loaded:
    """What a load was. `summary`: as of `sim.run`; `records` by the caller's number, in virtual time.

    `turned_away`: who would have tried again, and the load had no telephone left. `seconds`: of real time.
    """

    summary: dict[str, Any]
    dialled: list[Dialled]
    records: dict[str, CallRecord]
    failures: Failures
    latency_ms: dict[str, float | None]
    late_ms: dict[str, float | None]
    turned_away: int
    seconds: float

    @property
    def figures(self) -> dict[str, Any]:
        """For `--json`: those of `denwaban sim`, and what only telephones have."""
        return self.summary | {
            "failed": self.failures.all,
            "failures": self.failures._asdict() | {"turned_away": self.turned_away},
            "latency_ms": self.latency_ms,
            "robots_late_ms": self.late_ms,
            "seconds": round(self.seconds, 1),
        }


class Load:
    """One load of a centre that takes calls; `folder` is for what SIPp writes."""

    def __init__(
        self, world: World, centre: LoadedCentre, folder: Path, say: Say, *, media: bool = True
    ) -> None:
        self._world = world
        self._centre = centre
        self._folder = folder
        self._say = say
        self._media = media
        self._times: Times = times(world)
        self._fold = Fold(world)
        self._ahead_s = 0.0  # virtual time is real time and so many seconds
        self._limit_s = self._times.seconds + AFTER_S

    async def run(self) -> Loaded:
        """Make all the calls, and return when the last has ended, or AFTER_S after the last was to be made.

        Raises SippError, PortTakenError.
        """
        began = time.monotonic()
        async with self._telephones() as self._callers:
            await self._play()
            results = await self._settled()
        return self._loaded(results, time.monotonic() - began)

    def _telephones(self) -> ToldCallers:
        again = AGAIN if self._world.scenario.redial is not None else 1.0
        number = self._world.project.numbers[0].number
        callers = [
            Caller(number, caller_number(place), caller_tone_hz(place), wait_for_far_end(self._limit_s))
            for place in range(math.ceil(again * self._times.calls))
        ]
        return ToldCallers(
            callers,
            target=self._centre.target,
            work_dir=self._folder / "callers",
            limit_s=self._limit_s + SETTLE_S,
            media=self._media,
        )

    # ---- hands of the crowd

    def dial(self) -> int | None:
        """The next caller dials."""
        return self._callers.dial()

    def hang_up(self, place: int) -> None:
        """A caller puts the telephone down."""
        self._callers.hang_up(place)

    def press(self, place: int, key: str) -> None:
        """A caller presses a key."""
        self._callers.press(place, key)

    def pick_up(self, seat: str) -> None:
        """An operator answers."""
        self._centre.pick_up(seat)

    def feed(self, event: Event) -> None:
        """An operator or a shift plan asks for something."""
        self._centre.feed(event)

    # ---- the course of it

    async def _play(self) -> None:
        self._ahead_s = self._times.begin - time.time()
        self._centre.read_hours(self._ahead_s)
        self._crowd = Crowd(self._world, self, self._times.begin)
        for entry in await self._centre.entries():  # everybody sat down before; now it counts
            self._fold.see(self._crowd.see(entry._replace(at=self._times.begin)))
        self._crowd.begin()
        end, tell = self._times.begin + self._limit_s, self._times.begin
        while (now := time.time() + self._ahead_s) < end:
            self._see(await self._centre.entries())
            self._crowd.move(now)
            if self._over():
                return
            if now >= tell:
                tell += TELL_S
                self._say(self._told())
            await asyncio.sleep(PACE_S)
        self._say("the time is over, and some calls have not ended")

    def _see(self, entries: list[Entry]) -> None:
        for entry in entries:
            virtual = entry._replace(at=entry.at + self._ahead_s)
            self._fold.see(self._crowd.see(virtual))

    def _over(self) -> bool:
        """Nobody talks, and nobody will."""
        return not (self._crowd.more_to_come or self._fold.open_calls)

    def _told(self) -> str:
        states = self._fold.observation.states
        shown = ", ".join(f"{states[state]} {state.value}" for state in _SHOWN if states[state])
        return f"{len(self._crowd.dialled)} of {self._times.calls} callers have dialled; {shown or 'nobody is here'}"

    async def _settled(self) -> tuple[CallResult, ...]:
        """What the callers' telephones saw, once their last BYE is written down."""
        deadline = time.monotonic() + SETTLE_S
        results = self._callers.results()
        while any(one.ending is Ending.UNFINISHED for one in results) and time.monotonic() < deadline:
            await asyncio.sleep(0.1)
            results = self._callers.results()
        return results

    def _loaded(self, results: tuple[CallResult, ...], seconds: float) -> Loaded:
        crowd, fold = self._crowd, self._fold
        fold.close(time.time() + self._ahead_s)
        return Loaded(
            fold.summary(seconds, crowd.redials),
            crowd.dialled,
            fold.records,
            failures(crowd.dialled, results, fold.records, crowd.stuck),
            fold.observation.latency_ms(),
            late_ms(crowd.late),
            crowd.turned_away,
            seconds,
        )

"""Live: the same SIPp callers and the same 34 robot operators against this engine and against app_queue.

One Asterisk, one run, in turn. Latencies are Asterisk's own (CEL), from the caller's channel to the second leg
in the bridge. Journal and recording are on for us; recording is on for app_queue, which keeps no journal.
"""

from __future__ import annotations

import asyncio
import dataclasses
import os
import shutil
from collections.abc import Callable, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path

from calls.queue_settings import QueueSettings
from engine.centre import Centre, SeatPlan
from ivr.project import Recording
from recordings.analysis import NotARecording, two_way_audio
from sim.bare import NAME, NUMBER, bare_project
from sim.bench.channel_events import CallEvents, calls_of, free_to_ring_ms
from sim.bench.processes import cpu_seconds, resident_mb
from sim.live.behaviour import SeatBehaviour, answer, talk, wait_for_far_end
from sim.live.callers import Caller, LoadResult, run_callers
from sim.live.observation import percentile
from sim.live.operators import Operators, SeatRobot
from sim.live.stack import own_stack
from sim.live.tones import caller_tone_hz, operator_tone_hz
from store.records import read_records
from telephony.plan import BenchQueue
from telephony.service import Observe, Say, Service

RIVAL_NUMBER = "0000000001"
SEATS = 34
BURST_TALK_S = 4.0
WAITING, LINE_RATE, LONGEST_LINE_S = 200, 150.0, 120.0

PickUp = Callable[[int], SeatBehaviour]


@dataclass(frozen=True)
class Result:
    """One load on one engine. CPU in seconds per call; `python` is 0 for app_queue."""

    calls: int
    failed: int
    p50_ms: float | None
    p99_ms: float | None
    python: float
    asterisk: float


@dataclass(frozen=True)
class Burst:
    """34 callers at once on 34 free seats."""

    all_talking_s: float | None
    two_way_audio: int


class LiveBench:
    """`async with LiveBench(root, say) as bench:` - a stack of its own and its operators inside.

    `pick_up`: what the operator at each seat (from 0) does. `queue`: how callers are given to seats; if it is not said,
    one at a time to the seat that has been idle longest, free again at once.
    """

    def __init__(
        self,
        root: Path,
        say: Say,
        pick_up: PickUp = lambda seat: answer(),
        queue: QueueSettings | None = None,
        observe: Observe = lambda entry: None,
    ) -> None:
        self._var = root / "var" / "bench"
        self._root = root
        self._say = say
        self._pick_up = pick_up
        self._queue = queue
        self._observe = observe
        self._up = AsyncExitStack()
        self._loads = 0

    async def __aenter__(self) -> LiveBench:
        shutil.rmtree(self._var, ignore_errors=True)
        try:
            await self._start()
        except BaseException:
            await self._up.aclose()
            raise
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._up.aclose()

    async def _start(self) -> None:
        seats = tuple(SeatPlan(f"seat{number:02d}", (NAME,)) for number in range(1, SEATS + 1))
        project = bare_project(lines=None, wrapup=False, promise=None)
        project = project.model_copy(update={"recording": Recording()})
        if self._queue is not None:
            project = project.model_copy(update={"queues": {"main": self._queue}})
        stack = own_stack(
            self._var, Centre({NAME: project}, seats), self._root / "config", self._root / "var/asterisk"
        )
        queue = BenchQueue(RIVAL_NUMBER, tuple(seat.id for seat in seats))
        plan = dataclasses.replace(stack.plan, bench_queue=queue, channel_events=True)
        self._stack = dataclasses.replace(stack, plan=plan)
        self.service = await self._up.enter_async_context(Service(self._stack, self._say, self._observe))
        self.target = ("127.0.0.1", plan.ports.sip)
        robots = [
            SeatRobot(seat.id, stack.secrets.phones[seat.id], operator_tone_hz(i), self._pick_up(i))
            for i, seat in enumerate(seats)
        ]
        self._tones = {robot.seat: robot.tone_hz or 0 for robot in robots}
        operators = Operators(robots, registrar=self.target, work_dir=self._var / "operators", trace=False)
        await self._up.enter_async_context(operators)

    async def load(self, rate: float, seconds: float, talk_s: float, *, rival: bool) -> Result:
        """`rate` calls/s for `seconds`, each hanging up `talk_s` after the answer."""
        number = RIVAL_NUMBER if rival else NUMBER
        count = round(rate * seconds)
        # The caller counts from the 200, and both engines answer at once: so it is as good as from the bridge.
        callers = [Caller(number, f"0900000{i:04d}", caller_tone_hz(i), talk(talk_s)) for i in range(count)]
        seen, before = self._events_size(), self._cpu()
        result = await self._run(callers, rate)
        python, asterisk = (after - was for after, was in zip(self._cpu(), before, strict=True))
        calls = self._calls_since(seen)
        times = [ms for call in calls.values() if (ms := call.entry_to_bridge_ms) is not None]
        return Result(
            count,
            max(result.failed, count - len(times)),
            percentile(times, 50),
            percentile(times, 99),
            0.0 if rival else python / count,
            asterisk / count,
        )

    async def burst(self) -> Burst:
        """34 callers at once: how long after the last INVITE the last of them talks, and who is heard."""
        tones = {f"0900000{i:04d}": caller_tone_hz(i) for i in range(SEATS)}
        callers = [Caller(NUMBER, number, hz, talk(BURST_TALK_S)) for number, hz in tones.items()]
        seen = self._events_size()
        await run_callers(callers, target=self.target, rate=1000.0, work_dir=self._var / "burst")
        await self._settle()
        calls = self._calls_since(seen).values()
        bridged = [call.bridged for call in calls if call.bridged is not None]
        last = max(call.started for call in calls)
        heard = await self._two_way(tones, last)
        return Burst(max(bridged) - last if len(bridged) == SEATS else None, heard)

    async def line(self, *, rival: bool) -> list[float]:
        """34 callers and `WAITING` more, all at once, with operators who hang up.

        Milliseconds from the moment when each operator's telephone is free to the next caller at it.
        """
        number = RIVAL_NUMBER if rival else NUMBER
        callers = [
            Caller(number, f"0900000{i:04d}", None, wait_for_far_end(LONGEST_LINE_S))
            for i in range(SEATS + WAITING)
        ]
        seen = self._events_size()
        await self._run(callers, LINE_RATE, media=False)
        with self._stack.plan.events_file.open(encoding="utf-8") as file:
            file.seek(seen)
            return free_to_ring_ms(file)

    async def _run(self, callers: Sequence[Caller], rate: float, *, media: bool = True) -> LoadResult:
        self._loads += 1
        directory = self._var / f"callers-{self._loads}"
        result = await run_callers(callers, target=self.target, rate=rate, work_dir=directory, media=media)
        await self._settle()
        return result

    def memory_mb(self) -> float:
        """Resident memory of this process: engine, journal and the benchmark itself."""
        return resident_mb(os.getpid())

    async def _two_way(self, tones: dict[str, int], since: float) -> int:
        await self.service.recorder.finish_all()
        await self.service.journal.flush()
        records = await read_records(self.service.database, NAME, since - 60.0, since + 60.0)
        good = 0
        for record in records:
            if record.outcome == "answered" and record.arrived_at > since - 5.0 and record.caller in tones:
                [path] = self._stack.recordings.rglob(f"{record.call}.wav")
                good += _heard(path, tones[record.caller], self._tones[record.seat])
        return good

    async def _settle(self) -> None:
        """Until the engine has no call and Asterisk no channel: the next load begins on a quiet stack."""
        async with asyncio.timeout(30):
            await self.service.driver.idle()
            # Asterisk tells nobody that it has no channel left.
            while await self.service.ari.channels.list():  # noqa: ASYNC110
                await asyncio.sleep(0.1)

    def _cpu(self) -> tuple[float, float]:
        assert self.service.asterisk is not None  # the bench always has its own
        return cpu_seconds(os.getpid()), cpu_seconds(self.service.asterisk.pid)

    def _events_size(self) -> int:
        path = self._stack.plan.events_file
        return path.stat().st_size if path.exists() else 0

    def _calls_since(self, offset: int) -> dict[str, CallEvents]:
        with self._stack.plan.events_file.open(encoding="utf-8") as file:
            file.seek(offset)
            return calls_of(file)


def _heard(path: Path, left: int, right: int) -> bool:
    try:
        return two_way_audio(path, left, right).two_way
    except NotARecording:
        return False

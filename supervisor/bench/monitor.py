"""The monitor measured: the stage with 34 seats and 200 waiting, 20 who look, and the rival who asks once a second."""

from __future__ import annotations

import asyncio
import shutil
import time
from collections.abc import Callable, Sequence
from contextlib import AsyncExitStack
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING

from sim.bench.processes import cpu_seconds
from sim.bench.row import Row, row
from supervisor.bench.audience import Plan, audience
from supervisor.bench.chromium import PROGRAM, chromium
from supervisor.bench.failure import BenchError
from supervisor.bench.fold import fold_rows
from supervisor.bench.pixels import first_view_s, logged_in, open_board, page_kb, seen_by
from supervisor.bench.sightings import Facts, p95
from supervisor.bench.stage import Stage
from supervisor.bench.visitors import PAGE, add_users
from supervisor.monitor.process import MonitorProcess

if TYPE_CHECKING:
    from playwright.async_api import Browser

SCREENS, PAGES = 20, 2
"""So many look at the board; so many of them are real pages of a browser: more of them would measure two cores."""
SECONDS, SETTLE_S, VIEWS = 20.0, 3.0, 5
PIXELS_MS, CPU_PERCENT, VIEW_S, PAGE_KB = 250.0, 10.0, 1.5, 200.0
RIVAL = "polling 1/s"
Say = Callable[[str], None]


def check_ready(page: Path = PAGE) -> None:
    """Raises BenchError that says what to run where something is missing."""
    if shutil.which(PROGRAM) is None:
        raise BenchError(f"there is no {PROGRAM}: run `./setup.sh bench`, which installs it, then this again")
    if not (page / "index.html").exists():
        raise BenchError(f"the page is not built: there is no {page}/index.html; run `make setup`")


async def monitor_rows(root: Path, say: Say) -> list[Row]:
    """About two minutes, on a stage of its own below `var`."""
    folder = root / "var" / "bench-monitor"
    shutil.rmtree(folder, ignore_errors=True)
    check_ready()
    say("the board takes in the journal of a day")
    fold = fold_rows(root)  # nothing else runs meanwhile
    async with Stage(folder) as stage:
        bench = _Bench(stage, say)
        alone = await bench.own_percent("nobody listens")
        await add_users(stage.site.store_url, **{f"sv{n}": [("*", "supervisor")] for n in range(SCREENS)})
        async with MonitorProcess(stage.config / "site.yaml", PAGE) as monitor:
            with_one = await bench.own_percent("the monitor listens")
            async with chromium() as browser:
                rows = await bench.views(browser, monitor)
                ours = await bench.watched(browser, monitor)
        theirs, delay = await bench.polled()
    return [*rows, *fold, *_rows(ours, max(0.0, with_one - alone), max(0.0, theirs - alone), delay)]


class _Watched:
    """What 20 who look cost, and what they saw."""

    def __init__(self, percent: float, pixels: list[float], frames: list[float]) -> None:
        self.percent = percent
        self.pixels_ms = p95(pixels)
        self.frames_ms = p95(frames)


def _rows(ours: _Watched, listener: float, polling: float, delay: float | None) -> list[Row]:
    return [
        _row("monitor.event_to_pixels_p95", "ms", ours.pixels_ms, "target", PIXELS_MS),
        _row("monitor.event_to_client_p95", "ms", ours.frames_ms, RIVAL, delay),
        _row("monitor.cpu_20", "%", ours.percent, "target", CPU_PERCENT),
        _row("monitor.cpu_20_with_listener", "%", ours.percent + listener, RIVAL, polling),
        _row("monitor.engine_cpu", "%", listener, RIVAL, polling),
    ]


def _row(name: str, unit: str, ours: float | None, rival: str, value: float | None) -> Row:
    return row(name, unit, ours, rival, value, more_is_better=False)


class _Bench:
    def __init__(self, stage: Stage, say: Say) -> None:
        self._stage = stage
        self._say = say
        self._facts = Facts()
        stage.watches.append(self._facts.observe)

    async def own_percent(self, told: str) -> float:
        """Percent of a core that the engine, its API and its people take."""
        self._say(f"{told}: the engine for {SECONDS:g} s")
        began, cpu = time.perf_counter(), time.process_time()
        await asyncio.sleep(SECONDS)
        return 100 * (time.process_time() - cpu) / (time.perf_counter() - began)

    async def views(self, browser: Browser, monitor: MonitorProcess) -> list[Row]:
        """How large the page is, and how soon it stands there."""
        self._say(f"the page opens {VIEWS} times")
        times, size = [], 0.0
        for _ in range(VIEWS):
            context = await logged_in(browser, monitor.url, "sv0")
            times.append(await first_view_s(context, monitor.url))
            await context.close()
        context = await logged_in(browser, monitor.url, "sv0")
        size = await page_kb(context, monitor.url)
        await context.close()
        return [
            _row("monitor.first_view", "s", median(times), "target", VIEW_S),
            _row("monitor.page_kb", "kB", size, "target", PAGE_KB),
        ]

    async def watched(self, browser: Browser, monitor: MonitorProcess) -> _Watched:
        """20 look at the board."""
        self._say(f"{SCREENS} monitors for {SECONDS:g} s, {PAGES} of them real pages")
        users = [f"sv{number}" for number in range(SCREENS)]
        async with AsyncExitStack() as there:
            pages = []
            for user in users[:PAGES]:
                context = await logged_in(browser, monitor.url, user)
                there.push_async_callback(context.close)
                pages.append(await open_board(context, monitor.url))
            plan = Plan(str(monitor.url), users[PAGES:])
            others = await there.enter_async_context(audience(plan))
            await asyncio.sleep(SETTLE_S)
            began, cpu = time.time(), cpu_seconds(monitor.pid)
            await asyncio.sleep(SECONDS)
            percent = 100 * (cpu_seconds(monitor.pid) - cpu) / (time.time() - began)
            seen = [one for page in pages for one in await seen_by(page)]
            frames = await others.seen()
        return _Watched(percent, self._delays(seen, began), self._delays(frames, began))

    async def polled(self) -> tuple[float, float | None]:
        """20 ask the engine once a second: what that costs it, percent of a core; and how old what they see is, ms."""
        self._say(f"the rival: {SCREENS} who ask for the whole board once a second")
        token = (self._stage.site.secrets / "api/admin").read_text().strip()
        plan = Plan(self._stage.api.url, token=token, many=SCREENS)
        async with audience(plan) as others:
            await asyncio.sleep(SETTLE_S)
            began = time.time()
            percent = await self.own_percent(f"{SCREENS} ask")
            return percent, p95(self._delays(await others.seen(), began))

    def _delays(self, seen: Sequence[tuple[str, str, float]], after: float) -> list[float]:
        return self._facts.delays_ms(seen, after)

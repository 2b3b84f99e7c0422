"""`make bench`: everything side by side with its rival in one run; a table and `var/bench.json`."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from pathlib import Path
from statistics import median

import uvloop
from rich.console import Console
from rich.table import Table

from sim.bench.compiled import on_compiled
from sim.bench.ear import ear_rows
from sim.bench.flows import flow_rows
from sim.bench.line import line_rows, ring_all_rows
from sim.bench.live import LiveBench, Result
from sim.bench.menu import menu_rows
from sim.bench.resume import resume_rows
from sim.bench.routing import routing_rows
from sim.bench.row import Row, row

RATES = {10.0: 1, 20.0: 1, 30.0: 3}
"""Calls/s, and how many times each is measured: the medians count."""
SECONDS, TALK_S = 10.0, 1.0
STEPS = (30.0, 40.0, 60.0, 80.0, 100.0, 120.0)
STEP_SECONDS, STEP_TALK_S = 4.0, 0.25
"""Above 34 calls/s the 34 seats need talks of less than a second to be free in time."""
RIVAL = "app_queue"
KNOWN = ("sim", "flow", "live")
Say = Callable[[str], None]
Figure = Callable[[Result], float | None]
More = Callable[[Path, Say], Awaitable[list[Row]]]
"""Further rows, of what this package knows nothing about."""
NONE: Mapping[str, More] = {}


def bench(root: Path, only: str = "", more: Mapping[str, More] = NONE) -> int:
    """Measure all, or what begins with `only` (`sim`, `flow`, `live`); 0 if nothing failed that must not.

    `more`: further benchmarks by their names, which come last.
    """
    console = Console(stderr=True)
    known = (*KNOWN, *more)
    if not any(_is_meant(name, only) for name in known):
        console.print(f"there is no benchmark '{only}'; write one of {', '.join(known)}")
        return 1
    rows: list[Row] = []
    if "sim".startswith(only[:3]):
        console.print("virtual time")
        rows += on_compiled("sim.bench.virtual", root)
        rows += routing_rows()
    if "flow".startswith(only[:4]):
        console.print("flows")
        rows += flow_rows(root)
    if "live".startswith(only[:4]):
        rows += uvloop.run(_live(root, console))
        for rows_of in (menu_rows, ear_rows, line_rows, ring_all_rows, resume_rows):
            rows += uvloop.run(rows_of(root, lambda text: console.print(f"[dim]{text}[/]")))
    rows += _further(root, [rows_of for name, rows_of in more.items() if _is_meant(name, only)], console)
    path = root / "var" / "bench.json"
    path.write_text(json.dumps(rows, indent=2) + "\n", encoding="utf-8")
    Console().print(_table(rows))
    console.print(f"written to {path.relative_to(root)}")
    return 0 if not any(_fails(one) for one in rows) else 1


def _is_meant(name: str, only: str) -> bool:
    return name.startswith(only[: len(name)])


def _further(root: Path, more: Iterable[More], console: Console) -> list[Row]:
    async def of(rows_of: More) -> list[Row]:
        return await rows_of(root, lambda text: console.print(f"[dim]{text}[/]"))

    return [one for rows_of in more for one in uvloop.run(of(rows_of))]


async def _live(root: Path, console: Console) -> list[Row]:
    def say(text: str) -> None:
        console.print(f"[dim]{text}[/]")

    async with LiveBench(root, say) as live:
        burst = await live.burst()
        rows = [
            row("live.burst_all_talking", "s", burst.all_talking_s, "target", 1.0, more_is_better=False),
            row("live.burst_two_way_audio", "calls", burst.two_way_audio, "seats", 34, more_is_better=True),
        ]
        for rate, times in RATES.items():
            rows += await _at(live, rate, times, say)
        rows.append(await _highest(live, say))
        rows.append(row("live.engine_memory", "MB", live.memory_mb(), "target", 150.0, more_is_better=False))
    return rows


async def _at(live: LiveBench, rate: float, times: int, say: Say) -> list[Row]:
    pairs = []
    for _ in range(times):
        say(f"{rate:g} calls/s for {SECONDS:g} s, this engine and {RIVAL} in turn")
        ours = await live.load(rate, SECONDS, TALK_S, rival=False)
        theirs = await live.load(rate, SECONDS, TALK_S, rival=True)
        pairs.append((ours, theirs))
    return _rows_at(rate, [pair[0] for pair in pairs], [pair[1] for pair in pairs])


def _rows_at(rate: float, ours: Sequence[Result], theirs: Sequence[Result]) -> list[Row]:
    # The plain names that scripts read are those of the highest rate.
    end = "" if rate == max(RATES) else f"@{rate:g}"
    return [
        _compared(f"live.failed{end}", "calls", ours, theirs, lambda r: float(r.failed)),
        _compared(f"live.entry_to_bridge_p50{end}", "ms", ours, theirs, lambda r: r.p50_ms),
        _compared(f"live.entry_to_bridge_p99{end}", "ms", ours, theirs, lambda r: r.p99_ms),
        _compared(f"live.cpu_per_call{end}", "s", ours, theirs, lambda r: r.python + r.asterisk),
        _compared(f"live.cpu_per_call.python{end}", "s", ours, theirs, lambda r: r.python),
        _compared(f"live.cpu_per_call.asterisk{end}", "s", ours, theirs, lambda r: r.asterisk),
    ]


def _compared(name: str, unit: str, ours: Sequence[Result], theirs: Sequence[Result], of: Figure) -> Row:
    return row(name, unit, _median(map(of, ours)), RIVAL, _median(map(of, theirs)), more_is_better=False)


def _median(values: Iterable[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return median(known) if known else None


async def _highest(live: LiveBench, say: Say) -> Row:
    """The highest of the rates tried at which, and at all below it, no call failed."""
    ours = await _climb(live, say, rival=False)
    theirs = await _climb(live, say, rival=True)
    return row("live.max_rate", "calls/s", ours, RIVAL, theirs, more_is_better=True)


async def _climb(live: LiveBench, say: Say, *, rival: bool) -> float:
    highest = 0.0
    for rate in STEPS:
        result = await live.load(rate, STEP_SECONDS, STEP_TALK_S, rival=rival)
        say(
            f"{RIVAL if rival else 'this engine'} at {rate:g} calls/s: {result.failed} of {result.calls} failed"
        )
        if result.failed:
            break
        highest = rate
    return highest


def _fails(one: Row) -> bool:
    """A call that failed at a rate where the rival had none is a fault, not a figure."""
    ours, theirs = one["ours"] or 0.0, one["rival_value"] or 0.0
    return one["name"].startswith("live.failed") and ours > theirs


def _table(rows: Sequence[Row]) -> Table:
    table = Table(title="bench (ratio above 1: ours is better)", title_justify="left")
    for name in ("name", "unit", "ours", "rival", "rival's", "ratio"):
        table.add_column(
            name, justify="left" if name in ("name", "unit", "rival") else "right", overflow="fold"
        )
    for one in rows:
        figures = [one["ours"], one["rival_value"], one["ratio"]]
        ours, value, ratio = ("-" if figure is None else f"{figure:g}" for figure in figures)
        table.add_row(one["name"], one["unit"], ours, one["rival"], value, ratio)
    return table

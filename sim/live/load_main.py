"""`denwaban load [SCENARIO]`: real SIP calls, and the figures of `denwaban sim`."""

from __future__ import annotations

import argparse
import asyncio
import json
import signal
import sys
import tempfile
import time
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any, TypeVar

import uvloop
from rich.console import Console
from rich.table import Table

from ivr.yaml_marks import ConfigurationError
from sim.arrivals import NoArrivalsError
from sim.live.load import Load, Loaded
from sim.live.load_centre import OwnCentre
from sim.live.load_plan import CannotLoadError, times, wanted
from sim.live.load_running import RunningCentre
from sim.live.sipp import SippError, require_sipp
from sim.live.udp_ports import PortTakenError
from sim.scenario import Scenario, load_scenario
from sim.world import build
from telephony.main import EXPECTED

GOOD, BAD_INPUT, FAILED = 0, 1, 2
_RATES = ("answer_rate", "abandon_rate", "wait_rate", "occupancy", "promise")
_SECONDS = ("mean_wait", "mean_talk", "mean_wrapup")
_Result = TypeVar("_Result")


def load(root: Path, given: argparse.Namespace) -> int:
    """The command: 0 if no call failed, 2 if some did, 1 for bad input."""
    return guarded(lambda: _load(root, given))


def guarded(command: Callable[[], int]) -> int:
    """The exit code of a command; what can be helped is told in one line."""
    try:
        require_sipp()
        return command()
    except (*EXPECTED, NoArrivalsError, CannotLoadError, SippError, PortTakenError) as error:
        print(f"denwaban: {error}" if not isinstance(error, ConfigurationError) else error, file=sys.stderr)
        return BAD_INPUT


def _load(root: Path, given: argparse.Namespace) -> int:
    scenario = wanted(scenario_of(given), given.calls, given.rate, given.hold)
    loaded = finished(_play_running(scenario, given) if given.running else play(root, scenario, given))
    if given.json:
        print(json.dumps(loaded.figures, ensure_ascii=False))
    else:
        Console().print(table(str(given.scenario or "load"), loaded.figures))
    return FAILED if loaded.failures.all else GOOD


def scenario_of(given: argparse.Namespace) -> Scenario | None:
    """The scenario of the command line, with its seed; None where there is none."""
    if given.scenario is None:
        return None
    scenario = load_scenario(given.scenario)
    return scenario if given.seed is None else scenario.model_copy(update={"seed": given.seed})


def finished(work: Coroutine[Any, Any, _Result]) -> _Result:
    """Run it; SIGTERM and Ctrl-C end everything that it has started, too, and raise KeyboardInterrupt."""
    try:
        return uvloop.run(_until_told(work))
    except asyncio.CancelledError:
        raise KeyboardInterrupt from None


async def _until_told(work: Coroutine[Any, Any, _Result]) -> _Result:
    task = asyncio.current_task()
    assert task is not None
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, task.cancel)
    return await work


async def play(root: Path, scenario: Scenario, given: argparse.Namespace) -> Loaded:
    """One load on a stack of its own."""
    world = build(scenario)
    calls = times(world)  # before anything is started
    say(f"{calls.calls} calls in {calls.seconds:.0f} s at {len(world.centre.seats)} seats")
    async with OwnCentre(root, world, say, texts=given.texts, media=given.audio) as centre:
        return await Load(world, centre, centre.folder, say, media=given.audio).run()


async def _play_running(scenario: Scenario, given: argparse.Namespace) -> Loaded:
    """One load on the service that runs."""
    world = build(scenario)
    calls = times(world)
    say(f"{calls.calls} calls in {calls.seconds:.0f} s")
    with tempfile.TemporaryDirectory(prefix="denwaban-load-") as name:
        folder = Path(name)
        centre = RunningCentre(
            given.config, world, calls, folder, say, operators=given.operators, media=given.audio
        )
        async with centre:
            return await Load(world, centre, folder, say, media=given.audio).run()


def say(text: str) -> None:
    """To whoever looks on."""
    print(f"{time.strftime('%H:%M:%S')} {text}", file=sys.stderr, flush=True)


def table(title: str, figures: dict[str, Any]) -> Table:
    """The figures for people."""
    rows = Table(title=title, title_justify="left", show_header=False)
    rows.add_column()
    rows.add_column(justify="right")
    for name in ("offered", "answered", "abandoned", "blocked", "failed"):
        rows.add_row(name, f"{figures[name]:,}")
    for outcome, count in figures["outcomes"].items():
        rows.add_row(f"  {outcome}", f"{count:,}")
    for name in _RATES:
        rows.add_row(name.replace("_", " "), percent(figures[name]))
    for limit, rate in figures["service_level"].items():
        rows.add_row(f"answered within {limit} s", percent(rate))
    for name in _SECONDS:
        rows.add_row(name.replace("_", " "), seconds(figures[name]))
    for name, ms in figures["latency_ms"].items():
        rows.add_row(name.replace("_", " "), "-" if ms is None else f"{ms:.1f} ms")
    return rows


def percent(rate: float | None) -> str:
    """12.34 %; - where there is none."""
    return "-" if rate is None else f"{100 * rate:.2f} %"


def seconds(number: float | None) -> str:
    """12.3 s; - where there is none."""
    return "-" if number is None else f"{number:.1f} s"

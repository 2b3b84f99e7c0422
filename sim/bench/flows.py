"""What flows cost: a step of the interpreter, and the commands `check` and `try` as an administrator waits for them."""

from __future__ import annotations

import datetime as dt
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from calls.hours import HoursStatus
from ivr import interpreter
from ivr.loader import load_projects
from ivr.project import Project
from ivr.steps import End, Input, Key, Listen, Played, Say, World
from sim.bench.row import Row, row

STEPPED = "saitama-autotax"
NODES = 1000
TIMES = 5
WALKS = 2000
STEP_US, CHECK_S, MANY_NODES_S, TRY_S, LINEAR = 20.0, 0.5, 2.0, 0.3, 2.2
"""What is to be reached; twice the nodes may take `LINEAR` times as long."""


def flow_rows(root: Path) -> list[Row]:
    """About 15 s. Wall time of whole processes, the median of some, with the configuration of `root`."""
    projects = load_projects(
        [root / "config" / "projects" / f"{STEPPED}.yaml"], root / "config" / "calendars"
    )
    check, trial = _wall_s(root, "check"), _wall_s(root, "try", STEPPED, "--at", "2026-05-07T18:20")
    single, double = (_check_of(root, nodes) for nodes in (NODES, 2 * NODES))
    return [
        _row("flow.step", "us", step_us(projects[STEPPED]), STEP_US),
        _row("flow.check", "s", check, CHECK_S),
        _row("flow.check_1000_nodes", "s", single, MANY_NODES_S),
        _row("flow.check_2000_to_1000_nodes", "times", double / single, LINEAR),
        _row("flow.try", "s", trial, TRY_S),
    ]


def _row(name: str, unit: str, ours: float, target: float) -> Row:
    return row(name, unit, ours, "target", target, more_is_better=False)


def step_us(project: Project) -> float:
    """Microseconds per step: callers outside the hours hear all, press a key in each menu, and go."""
    closed = HoursStatus(False, "closed", dt.datetime(2026, 5, 8, tzinfo=dt.UTC))
    world = World(lambda name: closed, today=lambda: dt.date(2026, 5, 7))
    _walk(project, world)
    began = time.perf_counter()
    steps = sum(_walk(project, world) for _ in range(WALKS))
    return (time.perf_counter() - began) / steps * 1e6


def _walk(project: Project, world: World) -> int:
    """The number of steps from the beginning to the end."""
    turn = interpreter.begin(project.flow, world, project.language)
    steps, keys = 1, iter("1234569")
    while not isinstance(turn.action, End):
        given: Input = Played()
        if isinstance(turn.action, Listen):
            given = Key(next(keys, "9"))
        elif not isinstance(turn.action, Say):
            break
        turn = interpreter.advance(project.flow, turn.position, given, world)
        steps += 1
        if steps > 1000:  # a menu may come again and again
            break
    return steps


def _wall_s(root: Path, *words: str) -> float:
    return median(_once_s(root, words) for _ in range(TIMES))


def _once_s(root: Path, words: Sequence[str]) -> float:
    began = time.perf_counter()
    subprocess.run(
        [sys.executable, str(root / "denwaban.py"), *words], check=True, stdout=subprocess.DEVNULL, cwd=root
    )
    return time.perf_counter() - began


def _check_of(root: Path, nodes: int) -> float:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "generated.yaml"
        path.write_text(generated(nodes), encoding="utf-8")
        return _wall_s(root, "check", str(path))


def generated(nodes: int) -> str:
    """A project file of so many nodes: menus, each with the next one and the end among its keys."""
    menus = "\n".join(
        f'    n{i}: {{type: menu, prompt: t, keys: {{"1": n{i + 1}, "2": end}}, after: n{i + 1}}}'
        for i in range(nodes - 1)
    )
    return f"""\
project: generated
name: generated
numbers: [{{number: "0480000000"}}]
hours: {{weekly: {{mon-sun: ["00:00-24:00"]}}}}
guidance: {{t: {{ja: 一か二を押してください。}}}}
flow:
  start: n0
  nodes:
{menus}
    n{nodes - 1}: {{type: say, guidance: t, next: end}}
    end: {{type: hangup, guidance: t}}
"""

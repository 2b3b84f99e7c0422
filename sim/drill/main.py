"""`denwaban drill KIND`: break one part of a stack under real calls, and count what was lost."""

from __future__ import annotations

import argparse
import json
import shutil
import signal
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import uvloop
from rich.console import Console
from rich.table import Table

from sim.drill.arguments import KINDS, add_arguments
from sim.drill.drill import Drill, Plan, Result
from sim.drill.harms import CannotDrillError

CANNOT = 2
_TOLD_FAULTS = 20


def drill(root: Path, given: argparse.Namespace) -> int:
    """0 if nothing was lost, 1 if something was, 2 if this machine does not allow the drill."""
    # Whoever ends the drill ends what it has started, too.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    own = Path(tempfile.mkdtemp(prefix="denwaban-drill-texts-"))
    try:
        results = [run_one(root, plan, given.texts or own / "guidance") for plan in plans(given)]
    except CannotDrillError as error:
        print(f"denwaban: {error}", file=sys.stderr)
        return CANNOT
    finally:
        shutil.rmtree(own)
    _show(results, as_json=given.json)
    return 0 if all(result.passed for result in results) else 1


def plans(given: argparse.Namespace) -> list[Plan]:
    """What to drill, one after the other."""
    kinds = KINDS if given.kind == "all" else (given.kind,)
    return [plan for kind in kinds for plan in _of_kind(kind, given)]


def _of_kind(kind: str, given: argparse.Namespace) -> list[Plan]:
    """An engine that dies many times does so in one and the same drill; anything else is drilled anew each time."""
    if kind in ("kill-engine", "none") and given.times > 1:
        return [
            Plan(kind, given.talking, 0, given.seed, keep=given.keep, deaths=given.times, rate=given.rate)
        ]
    return [
        Plan(kind, given.talking, given.waiting, given.seed + again, given.outage, given.keep)
        for again in range(given.times)
    ]


def run_one(root: Path, plan: Plan, cache: Path) -> Result:
    """One drill; what happens in it is told on standard error."""
    say(f"--- {plan.kind}, seed {plan.seed}")
    result: Result = uvloop.run(Drill(root, plan, cache, say).run())
    for fault in result.faults[:_TOLD_FAULTS]:
        say(str(fault))
    for why in result.figures["why"]:
        say(f"not passed: {why}")
    return result


def say(text: str) -> None:
    """To whoever looks on."""
    print(f"{time.strftime('%H:%M:%S')} {text}", file=sys.stderr, flush=True)


def _show(results: list[Result], *, as_json: bool) -> None:
    told = [result.figures for result in results]
    if as_json:
        print(json.dumps(told[0] if len(told) == 1 else _together(told), ensure_ascii=False))
        return
    for one in told:
        Console().print(_table(one))


def _together(told: list[dict[str, Any]]) -> dict[str, Any]:
    return {"passed": all(one["passed"] for one in told), "drills": told}


def _table(told: dict[str, Any]) -> Table:
    table = Table(title=f"drill {told['kind']}", title_justify="left", show_header=False)
    table.add_column("figure")
    table.add_column("value", justify="right")
    for name, value in told.items():
        table.add_row(name, str(value))
    return table


def main() -> int:
    """The command alone, without the others."""
    parser = argparse.ArgumentParser(prog="denwaban drill", description=__doc__)
    add_arguments(parser)
    return drill(Path(__file__).absolute().parents[2], parser.parse_args())


if __name__ == "__main__":
    sys.exit(main())

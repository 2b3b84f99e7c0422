"""The command line: `denwaban COMMAND ...`."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent

# Each command imports what it needs when it is called: `denwaban check` has no use for a database.


def _demo(_: argparse.Namespace) -> int:
    from sim.live.demo import demo

    return demo(ROOT)


def _bench(given: argparse.Namespace) -> int:
    from sim.bench.main import bench

    return bench(ROOT, only=given.only)


def _run(given: argparse.Namespace) -> int:
    from telephony.main import run

    return run(given.config)


def _check(given: argparse.Namespace) -> int:
    from telephony.main import check

    return check(given.config)


def _sim(given: argparse.Namespace) -> int:
    from sim.main import simulate

    return simulate(given.scenario, as_json=given.json)


def _report(given: argparse.Namespace) -> int:
    from engine.build import load_centre
    from reports.main import ReportError, daily_json
    from telephony.main import EXPECTED, told
    from telephony.site import load_site

    try:
        centre, site = load_centre(given.config), load_site(given.config / "site.yaml")
        print(daily_json(centre.projects, site.store_url, given.project, given.date))
    except (*EXPECTED, ReportError) as error:
        return told(error)
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="denwaban", description="Contact centre on Asterisk")
    parser.add_argument("--config", type=Path, default=ROOT / "config", help="folder of the configuration")
    commands = parser.add_subparsers(dest="command", required=True)

    def command(name: str, do: Callable[[argparse.Namespace], int], text: str) -> argparse.ArgumentParser:
        sub = commands.add_parser(name, help=text, description=text)
        sub.set_defaults(do=do)
        return sub

    command("demo", _demo, "60 real SIP calls through the motor-vehicle tax project")
    command("run", _run, "the service, for a real trunk and real phones")
    command("check", _check, "validate the configuration")
    sim = command("sim", _sim, "run a scenario on virtual time")
    sim.add_argument("scenario", type=Path)
    sim.add_argument("--json", action="store_true")
    bench = command("bench", _bench, "the benchmarks, side by side with their rivals")
    bench.add_argument("--only", default="", help="only benchmarks whose name begins so (sim., live.)")
    report = command("report", _report, "a report")
    report.add_argument("period", choices=["daily"])
    report.add_argument("project")
    report.add_argument("--date", required=True, help="YYYY-MM-DD, the project's local date")
    report.add_argument("--format", choices=["json"], default="json")
    return parser


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns its exit code."""
    given = _parser().parse_args(arguments)
    try:
        return int(given.do(given))
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main())

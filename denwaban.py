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
    from supervisor.api.beside import api_beside
    from supervisor.api.live import Live
    from telephony.main import run

    live = Live()
    return run(given.config, live, lambda service: api_beside(service, live))


def _check(given: argparse.Namespace) -> int:
    from supervisor.checking import check

    return check(given.config, given.paths)


def _try(given: argparse.Namespace) -> int:
    from supervisor.flow_tools import try_call

    return try_call(given)


def _diagram(given: argparse.Namespace) -> int:
    from supervisor.flow_tools import draw

    return draw(given.config, given.project, given.output)


def _diff(given: argparse.Namespace) -> int:
    from supervisor.flow_tools import compare

    return compare(given.config, given.before, given.after, as_json=given.json)


def _schema(given: argparse.Namespace) -> int:
    from supervisor.flow_tools import write_schema

    return write_schema(given.output)


def _hours(given: argparse.Namespace) -> int:
    from supervisor.hours_tools import print_hours

    return print_hours(given)


def _override(given: argparse.Namespace) -> int:
    from supervisor.hours_tools import override

    return override(given)


def _status(given: argparse.Namespace) -> int:
    from supervisor.hours_tools import status

    return status(given)


def _publish(given: argparse.Namespace) -> int:
    from supervisor.version_tools import publish

    return publish(given)


def _versions(given: argparse.Namespace) -> int:
    from supervisor.version_tools import versions

    return versions(given)


def _rollback(given: argparse.Namespace) -> int:
    from supervisor.version_tools import rollback

    return rollback(given)


def _sim(given: argparse.Namespace) -> int:
    from sim.main import simulate

    return simulate(given.scenario, as_json=given.json)


def _report(given: argparse.Namespace) -> int:
    from engine.build import load_centre
    from reports.main import ReportError, daily_json
    from telephony.main import EXPECTED, told
    from telephony.site import load_site
    from telephony.versions import live_versions, projects_of, version_store

    try:
        site = load_site(given.config / "site.yaml")
        # By the promise that is in service, not by a draft of it.
        live = projects_of(live_versions(version_store(site.var_directory)))
        centre = load_centre(given.config, live)
        print(daily_json(centre.projects, site.store_url, given.project, given.date, centre.extensions))
    except (*EXPECTED, ReportError) as error:
        return told(error)
    return 0


def _reconcile(given: argparse.Namespace) -> int:
    from supervisor.reconciling import reconcile

    return reconcile(given)


def _drill(given: argparse.Namespace) -> int:
    from sim.drill.main import drill

    return drill(ROOT, given)


def _guidance(given: argparse.Namespace) -> int:
    from supervisor.guidance_tools import guidance

    return guidance(given)


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
    check = command("check", _check, "tell every mistake of the configuration")
    check.add_argument(
        "paths", nargs="*", type=Path, metavar="PATH", help="files or folders; none: everything"
    )
    _flow_tools(command)
    _hours_tools(command)
    _guidance_tools(command)
    _version_tools(command)
    sim = command("sim", _sim, "run a scenario on virtual time")
    sim.add_argument("scenario", type=Path)
    sim.add_argument("--json", action="store_true")
    bench = command("bench", _bench, "the benchmarks, side by side with their rivals")
    bench.add_argument("--only", default="", help="sim, flow or live: only these")
    report = command("report", _report, "a report")
    report.add_argument("period", choices=["daily"])
    report.add_argument("project")
    report.add_argument("--date", required=True, help="YYYY-MM-DD, the project's local date")
    report.add_argument("--format", choices=["json"], default="json")
    _outage_tools(command)
    return parser


def _outage_tools(command: Callable[..., argparse.ArgumentParser]) -> None:
    from sim.drill.arguments import add_arguments

    told = "prove that journal, records, reports, Asterisk, recordings and the carrier have counted the same calls"
    tool = command("reconcile", _reconcile, told)
    tool.add_argument("--date", required=True, help="YYYY-MM-DD, the project's local date")
    tool.add_argument("--project", default="", help="only this one; none: all")
    tool.add_argument("--statement", type=Path, metavar="CSV", help="the carrier's statement")
    tool.add_argument(
        "--columns", type=Path, metavar="YAML", help="the names of its columns: start, number, duration"
    )
    tool.add_argument("--tolerance", type=float, default=1.0, help="seconds between journal and Asterisk")
    tool.add_argument(
        "--carrier-time", type=float, default=5.0, help="seconds of a start, after its clock was set right"
    )
    tool.add_argument("--carrier-duration", type=float, default=2.0, help="seconds of a duration")
    tool.add_argument("--quick", action="store_true", help="lengths of recordings only, no digests")
    tool.add_argument("--json", action="store_true")
    told = "break one part of a stack of its own under real calls; count what was lost"
    add_arguments(command("drill", _drill, told))


def _flow_tools(command: Callable[..., argparse.ArgumentParser]) -> None:
    named = "its name in the configuration, or its file"
    trial = command("try", _try, "what a caller would hear; no telephone needed")
    trial.add_argument("project", help=named)
    trial.add_argument("--at", required=True, help="2026-05-07T17:20, the project's local time")
    trial.add_argument(
        "--press", default="", help="keys in order, as 2,1; 1234# types several, - presses nothing"
    )
    trial.add_argument("--from", dest="caller", default="", help="the caller's number; none: withheld")
    trial.add_argument("--number", default="", help="the number dialled; none: the project's first")
    line = trial.add_mutually_exclusive_group()
    for way, told in (
        ("full", "is full"),
        ("no-seats", "has no operator"),
        ("long-wait", "would keep the caller too long"),
        ("closing", "cannot take the call before closing time"),
        ("timeout", "keeps nobody so long"),
        ("closed", "gives its callers back at closing time"),
    ):
        line.add_argument(
            f"--{way}",
            dest="line",
            action="store_const",
            const=way.replace("-", "_"),
            help=f"the line {told}",
        )
    ring = trial.add_mutually_exclusive_group()
    for way in ("unanswered", "unknown"):
        ring.add_argument(
            f"--{way}", dest="transfer", action="store_const", const=way, help="as every transfer ends"
        )
    trial.add_argument("--switched", choices=["open", "closed", "disaster"], default="", help="by hand")
    trial.add_argument("--waiting", type=int, default=0, help="callers in each line, for branches")
    trial.add_argument("--free", type=int, help="seats free in each line, for branches")
    trial.add_argument("--wait", type=float, help="expected wait in seconds, for branches")
    trial.add_argument("--json", action="store_true")
    diagram = command("diagram", _diagram, "the flow as a picture (SVG)")
    diagram.add_argument("project", help=named)
    diagram.add_argument("--output", type=Path, help="the file to write; none: standard output")
    diff = command("diff", _diff, "what changes for callers between two project files")
    diff.add_argument("before", help=named)
    diff.add_argument("after", help=named)
    diff.add_argument("--json", action="store_true")
    schema = command("schema", _schema, "a JSON Schema of project files, for editors")
    schema.add_argument("--output", type=Path, help="the file to write; none: standard output")


def _hours_tools(command: Callable[..., argparse.ArgumentParser]) -> None:
    hours = command("hours", _hours, "when a project is open on the coming days, and why not")
    hours.add_argument("project", help="its name in the configuration, or its file")
    hours.add_argument("--from", dest="first", default="", help="2026-12-25; none: today")
    hours.add_argument("--to", dest="last", default="", help="the last day; none: two weeks in all")
    hours.add_argument("--set", default="", help="further hours of the project (`hours_sets`) by their name")
    hours.add_argument("--json", action="store_true")
    order = command("override", _override, "close, open or switch a project of the running service by hand")
    order.add_argument("project")
    order.add_argument("kind", choices=["closed", "open", "disaster", "none"], help="none: as its hours say")
    order.add_argument("--until", default="", help="2026-05-07T17:15, the project's local time")
    order.add_argument("--reason", default="", help="what callers' records and the audit log say")
    order.add_argument("--by", default="", help="who orders it; none: the user's name")
    status = command(
        "status", _status, "what the projects of the running service are: open, closed, by order"
    )
    status.add_argument("--json", action="store_true")


def _version_tools(command: Callable[..., argparse.ArgumentParser]) -> None:
    putting = [
        command("publish", _publish, "put a project's file into service, with no call lost"),
        command("rollback", _rollback, "put an old version of a project into service again"),
    ]
    for one in putting:
        one.add_argument("project")
    putting[1].add_argument("number", type=int, help="as `denwaban versions` shows it")
    for one in putting:
        one.add_argument("--by", default="", help="who publishes; none: the user's name")
        one.add_argument("--note", default="", help="why, for those who look at the versions later")
    versions = command("versions", _versions, "all that was ever published of a project, by whom and when")
    versions.add_argument("project")
    versions.add_argument("--json", action="store_true")


def _guidance_tools(command: Callable[..., argparse.ArgumentParser]) -> None:
    told = "the texts that callers hear: their sound, who approved them, what a call heard"
    tools = command("guidance", _guidance, told).add_subparsers(dest="what", required=True)
    named = "its name in the configuration, or its file"

    def tool(name: str, text: str) -> argparse.ArgumentParser:
        return tools.add_parser(name, help=text, description=text)

    for name, text in (
        ("list", "id, language, version, period, length and approval of every text"),
        ("render", "make the sound of all texts, or of some"),
        ("play", "hear one text as the telephone plays it"),
        ("approve", "note that these words are agreed to, in config/guidance/approvals.yaml"),
    ):
        tool(name, text).add_argument("project", help=named)
    parsers = tools.choices
    parsers["list"].add_argument("--json", action="store_true")
    parsers["render"].add_argument("ids", nargs="*", metavar="ID", help="none: all")
    parsers["play"].add_argument("id", metavar="ID")
    parsers["play"].add_argument("--language", default="", help="none: the first that the text has")
    parsers["play"].add_argument("--output", type=Path, help="the WAV file to write; none: the sound card")
    parsers["approve"].add_argument("ids", nargs="+", metavar="ID")
    parsers["approve"].add_argument("--by", default="", help="who approves; none: the user's name")
    heard = tool("heard", "what a caller heard, word for word")
    heard.add_argument("call", metavar="CALL", help="the id of the call")
    heard.add_argument("--json", action="store_true")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns its exit code."""
    given = _parser().parse_args(arguments)
    try:
        return int(given.do(given))
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main())

"""The command line: `denwaban COMMAND ...`."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent
PAGE = ROOT / "var" / "page"
"""Where `make` has built the page of the monitor."""

# Each command imports what it needs when it is called: `denwaban check` has no use for a database.


def _virtual() -> None:
    """Of the commands on virtual time: the compiled engine, where there is one, before anything imports the other."""
    from sim.native import use

    use()


def _demo(_: argparse.Namespace) -> int:
    from sim.live.demo import demo
    from supervisor.demo_screen import DemoScreen

    return demo(ROOT, lambda say: DemoScreen(PAGE, say))


def _bench(given: argparse.Namespace) -> int:
    from supervisor.bench.main import bench_all

    return bench_all(ROOT, given.only)


def _run(given: argparse.Namespace) -> int:
    from supervisor.api.beside import api_beside
    from supervisor.api.live import Live
    from telephony.main import run

    live = Live()
    return run(given.config, live, lambda service: api_beside(service, live), lambda: _monitor(given))


def _monitor(given: argparse.Namespace) -> int:
    from supervisor.monitor.main import monitor

    return monitor(given.config / "site.yaml", PAGE)


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
    if given.gate is not None:
        _virtual()
    from supervisor.version_tools import publish

    return publish(given)


def _versions(given: argparse.Namespace) -> int:
    from supervisor.version_tools import versions

    return versions(given)


def _rollback(given: argparse.Namespace) -> int:
    from supervisor.version_tools import rollback

    return rollback(given)


def _sim(given: argparse.Namespace) -> int:
    _virtual()
    from sim.main import sim

    return sim(given)


def _report(given: argparse.Namespace) -> int:
    from supervisor.report_tools import report

    return report(given)


def _staff(given: argparse.Namespace) -> int:
    _virtual()
    from sim.staffing.main import staff

    return staff(given)


def _mailing_plan(given: argparse.Namespace) -> int:
    _virtual()
    from sim.staffing.mailing_main import mailing_plan

    return mailing_plan(given)


def _budget(given: argparse.Namespace) -> int:
    _virtual()
    from supervisor.budget_tools import show_budget

    return show_budget(given)


def _fit(given: argparse.Namespace) -> int:
    _virtual()
    from sim.learn.main import fit_command

    return _learn(given, fit_command)


def _replay(given: argparse.Namespace) -> int:
    _virtual()
    from sim.learn.main import replay_command

    return _learn(given, replay_command)


def _learn(given: argparse.Namespace, do: Callable[..., int]) -> int:
    from engine.build import load_centre
    from sim.learn.main import House
    from telephony.main import EXPECTED, told
    from telephony.site import load_site
    from telephony.versions import live_versions, projects_of, version_store

    try:
        site = load_site(given.config / "site.yaml")
        versions = version_store(site.var_directory)
        centre = load_centre(given.config, projects_of(live_versions(versions)))
        return do(given, House(given.config, centre, site.store_url, versions))
    except EXPECTED as error:
        return told(error)


def _reconcile(given: argparse.Namespace) -> int:
    from supervisor.reconciling import reconcile

    return reconcile(given)


def _drill(given: argparse.Namespace) -> int:
    from sim.drill.main import drill

    return drill(ROOT, given)


def _load(given: argparse.Namespace) -> int:
    from sim.live.load_main import load

    return load(ROOT, given)


def _compare(given: argparse.Namespace) -> int:
    from sim.live.compare_main import compare

    return compare(ROOT, given)


def _guidance(given: argparse.Namespace) -> int:
    from supervisor.guidance_tools import guidance

    return guidance(given)


def _board(given: argparse.Namespace) -> int:
    from supervisor.board_tools import show_board

    return show_board(given)


def _user(given: argparse.Namespace) -> int:
    from supervisor.user_tools import user

    return user(given)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="denwaban", description="Contact centre on Asterisk")
    parser.add_argument("--config", type=Path, default=ROOT / "config", help="folder of the configuration")
    commands = parser.add_subparsers(dest="command", required=True)

    def command(name: str, do: Callable[[argparse.Namespace], int], text: str) -> argparse.ArgumentParser:
        sub = commands.add_parser(name, help=text, description=text)
        sub.set_defaults(do=do)
        return sub

    command("demo", _demo, "60 real SIP calls through the motor-vehicle tax project")
    command("run", _run, "the service, for a real trunk and real phones; the live monitor beside it")
    command("monitor", _monitor, "the live monitor alone, of a service that `run` elsewhere on this machine")
    check = command("check", _check, "tell every mistake of the configuration")
    check.add_argument(
        "paths", nargs="*", type=Path, metavar="PATH", help="files or folders; none: everything"
    )
    _flow_tools(command)
    _hours_tools(command)
    _guidance_tools(command)
    _version_tools(command)
    _monitor_tools(command)
    _simulation(command)
    _staffing_tools(command)
    bench = command("bench", _bench, "the benchmarks, side by side with their rivals")
    bench.add_argument("--only", default="", help="sim, flow, live or monitor: only these")
    report = command("report", _report, "a report")
    report.add_argument("period", choices=["daily"])
    report.add_argument("project")
    report.add_argument("--date", required=True, help="YYYY-MM-DD, the project's local date")
    report.add_argument("--format", choices=["json"], default="json")
    _outage_tools(command)
    _load_tools(command)
    _learning_tools(command)
    return parser


def _learning_tools(command: Callable[..., argparse.ArgumentParser]) -> None:
    from sim.learn.arguments import add_fit_arguments, add_replay_arguments

    add_fit_arguments(command("fit", _fit, "make a scenario of recorded days"))
    add_replay_arguments(command("replay", _replay, "a recorded day through another flow or other seats"))


def _simulation(command: Callable[..., argparse.ArgumentParser]) -> None:
    from sim.arguments import add_arguments

    add_arguments(command("sim", _sim, "run a scenario on virtual time: its figures against the promise"))


def _outage_tools(command: Callable[..., argparse.ArgumentParser]) -> None:
    from sim.drill.arguments import add_arguments
    from supervisor.arguments import add_reconcile_arguments

    told = "prove that journal, records, reports, Asterisk, recordings and the carrier have counted the same calls"
    add_reconcile_arguments(command("reconcile", _reconcile, told))
    told = "break one part of a stack of its own under real calls; count what was lost"
    add_arguments(command("drill", _drill, told))


def _staffing_tools(command: Callable[..., argparse.ArgumentParser]) -> None:
    from sim.staffing.arguments import add_arguments, add_mailing_arguments

    told = "seats needed for each half-hour so that the promise holds, and the shifts that cover them"
    add_arguments(command("staff", _staff, told))
    told = "when to post how many letters of a mailing, so that the promise holds"
    add_mailing_arguments(command("mailing-plan", _mailing_plan, told))


def _load_tools(command: Callable[..., argparse.ArgumentParser]) -> None:
    from sim.live.load_arguments import add_arguments, add_compare_arguments

    add_arguments(command("load", _load, "real SIP calls by a scenario, and the figures of `sim`"))
    told = "a scenario by telephone and in simulation, side by side"
    add_compare_arguments(command("compare", _compare, told))


def _flow_tools(command: Callable[..., argparse.ArgumentParser]) -> None:
    from supervisor.arguments import add_try_arguments

    named = "its name in the configuration, or its file"
    add_try_arguments(command("try", _try, "what a caller would hear; no telephone needed"))
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
    from supervisor.arguments import add_hours_arguments, add_override_arguments

    add_hours_arguments(command("hours", _hours, "when a project is open on the coming days, and why not"))
    told = "close, open or switch a project of the running service by hand"
    add_override_arguments(command("override", _override, told))
    status = command(
        "status", _status, "what the projects of the running service are: open, closed, by order"
    )
    status.add_argument("--json", action="store_true")


def _version_tools(command: Callable[..., argparse.ArgumentParser]) -> None:
    from supervisor.budget_arguments import add_budget_arguments, add_gate_arguments

    putting = [
        command("publish", _publish, "put a project's file into service, with no call lost"),
        command("rollback", _rollback, "put an old version of a project into service again"),
    ]
    for one in putting:
        one.add_argument("project")
    add_gate_arguments(putting[0])
    putting[1].add_argument("number", type=int, help="as `denwaban versions` shows it")
    for one in putting:
        one.add_argument("--by", default="", help="who publishes; none: the user's name")
        one.add_argument("--note", default="", help="why, for those who look at the versions later")
    versions = command("versions", _versions, "all that was ever published of a project, by whom and when")
    versions.add_argument("project")
    versions.add_argument("--json", action="store_true")
    add_budget_arguments(
        command("budget", _budget, "how many calls may still be lost, when the day breaks, what repairs it")
    )


def _monitor_tools(command: Callable[..., argparse.ArgumentParser]) -> None:
    from supervisor.board_arguments import add_board_arguments
    from supervisor.user_arguments import add_user_arguments

    add_board_arguments(
        command("board", _board, "who waits and who talks, now or at any second of any recorded day")
    )
    add_user_arguments(
        command("user", _user, "who may log in to the monitor, and for which projects as what")
    )


def _guidance_tools(command: Callable[..., argparse.ArgumentParser]) -> None:
    from supervisor.arguments import add_guidance_arguments

    told = "the texts that callers hear: their sound, who approved them, what a call heard"
    add_guidance_arguments(command("guidance", _guidance, told))


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns its exit code."""
    given = _parser().parse_args(arguments)
    try:
        return int(given.do(given))
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main())

"""The arguments of the tools for flows, hours, texts and books; light, because every command reads them."""

from __future__ import annotations

import argparse
from pathlib import Path

NAMED = "its name in the configuration, or its file"
LINE = (
    ("full", "is full"),
    ("no-seats", "has no operator"),
    ("long-wait", "would keep the caller too long"),
    ("closing", "cannot take the call before closing time"),
    ("timeout", "keeps nobody so long"),
    ("closed", "gives its callers back at closing time"),
)


def add_try_arguments(parser: argparse.ArgumentParser) -> None:
    """Those of `denwaban try`."""
    parser.add_argument("project", help=NAMED)
    parser.add_argument("--at", required=True, help="2026-05-07T17:20, the project's local time")
    parser.add_argument(
        "--press", default="", help="keys in order, as 2,1; 1234# types several, - presses nothing"
    )
    parser.add_argument("--from", dest="caller", default="", help="the caller's number; none: withheld")
    parser.add_argument("--number", default="", help="the number dialled; none: the project's first")
    line = parser.add_mutually_exclusive_group()
    for way, told in LINE:
        line.add_argument(
            f"--{way}",
            dest="line",
            action="store_const",
            const=way.replace("-", "_"),
            help=f"the line {told}",
        )
    ring = parser.add_mutually_exclusive_group()
    for way in ("unanswered", "unknown"):
        ring.add_argument(
            f"--{way}", dest="transfer", action="store_const", const=way, help="as every transfer ends"
        )
    parser.add_argument("--switched", choices=["open", "closed", "disaster"], default="", help="by hand")
    parser.add_argument("--waiting", type=int, default=0, help="callers in each line, for branches")
    parser.add_argument("--free", type=int, help="seats free in each line, for branches")
    parser.add_argument("--wait", type=float, help="expected wait in seconds, for branches")
    parser.add_argument("--json", action="store_true")


def add_hours_arguments(parser: argparse.ArgumentParser) -> None:
    """Those of `denwaban hours`."""
    parser.add_argument("project", help=NAMED)
    parser.add_argument("--from", dest="first", default="", help="2026-12-25; none: today")
    parser.add_argument("--to", dest="last", default="", help="the last day; none: two weeks in all")
    parser.add_argument("--set", default="", help="further hours of the project (`hours_sets`) by their name")
    parser.add_argument("--json", action="store_true")


def add_override_arguments(parser: argparse.ArgumentParser) -> None:
    """Those of `denwaban override`."""
    parser.add_argument("project")
    parser.add_argument("kind", choices=["closed", "open", "disaster", "none"], help="none: as its hours say")
    parser.add_argument("--until", default="", help="2026-05-07T17:15, the project's local time")
    parser.add_argument("--reason", default="", help="what callers' records and the audit log say")
    parser.add_argument("--by", default="", help="who orders it; none: the user's name")


def add_guidance_arguments(parser: argparse.ArgumentParser) -> None:
    """Those of `denwaban guidance` and of its own tools."""
    tools = parser.add_subparsers(dest="what", required=True)

    def tool(name: str, text: str) -> argparse.ArgumentParser:
        return tools.add_parser(name, help=text, description=text)

    for name, text in (
        ("list", "id, language, version, period, length and approval of every text"),
        ("render", "make the sound of all texts, or of some"),
        ("play", "hear one text as the telephone plays it"),
        ("approve", "note that these words are agreed to, in config/guidance/approvals.yaml"),
    ):
        tool(name, text).add_argument("project", help=NAMED)
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


def add_reconcile_arguments(parser: argparse.ArgumentParser) -> None:
    """Those of `denwaban reconcile`."""
    parser.add_argument("--date", required=True, help="YYYY-MM-DD, the project's local date")
    parser.add_argument("--project", default="", help="only this one; none: all")
    parser.add_argument("--statement", type=Path, metavar="CSV", help="the carrier's statement")
    parser.add_argument(
        "--columns", type=Path, metavar="YAML", help="the names of its columns: start, number, duration"
    )
    parser.add_argument("--tolerance", type=float, default=1.0, help="seconds between journal and Asterisk")
    parser.add_argument(
        "--carrier-time", type=float, default=5.0, help="seconds of a start, after its clock was set right"
    )
    parser.add_argument("--carrier-duration", type=float, default=2.0, help="seconds of a duration")
    parser.add_argument("--quick", action="store_true", help="lengths of recordings only, no digests")
    parser.add_argument("--json", action="store_true")

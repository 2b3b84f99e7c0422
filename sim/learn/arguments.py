"""The arguments of `denwaban fit` and `denwaban replay`."""

from __future__ import annotations

import argparse
from pathlib import Path


def add_fit_arguments(parser: argparse.ArgumentParser) -> None:
    """The days, and where the scenario is written."""
    parser.add_argument("project")
    parser.add_argument("--from", dest="first", required=True, metavar="DAY", help="2026-05-07, local date")
    parser.add_argument("--to", dest="last", required=True, metavar="DAY", help="the last day")
    parser.add_argument(
        "--output", type=Path, metavar="FILE", help="the scenario to write; none: standard output"
    )
    parser.add_argument(
        "--json", action="store_true", help="what was found, and how sure it is, as one object"
    )


def add_replay_arguments(parser: argparse.ArgumentParser) -> None:
    """The day, and what is to be other than it was."""
    parser.add_argument("project")
    parser.add_argument("--date", required=True, metavar="DAY", help="2026-05-07, local date")
    parser.add_argument(
        "--with", dest="flow", type=Path, metavar="FILE", help="another project file for the callers"
    )
    parser.add_argument(
        "--seats", metavar="N|FILE", help="so many seats all day, or `seats` as a scenario has them"
    )
    parser.add_argument(
        "--seed", type=int, default=1, help="of what is drawn because the day does not say it"
    )
    parser.add_argument("--json", action="store_true")

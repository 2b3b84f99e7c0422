"""The arguments of `denwaban budget` and of the gate of `denwaban publish`; light, because every command reads them."""

from __future__ import annotations

import argparse
from pathlib import Path

TIMES = 20
PROBABILITY = 0.9
GATE_TIMES = 10
LANGUAGES = ("en", "ja")


def add_budget_arguments(parser: argparse.ArgumentParser) -> None:
    """The arguments of `denwaban budget`."""
    parser.add_argument("project")
    parser.add_argument("--at", default="", help="2026-05-07T13:05, the project's local time; none: now")
    parser.add_argument("--scenario", type=Path, help="simulate the rest of the day as this file has it")
    parser.add_argument("--times", type=int, default=TIMES, help=f"replications of the rest; none: {TIMES}")
    parser.add_argument(
        "--probability", type=float, default=PROBABILITY, help=f"that the day holds; none: {PROBABILITY}"
    )
    parser.add_argument("--language", choices=LANGUAGES, default="", help="none: every one")
    parser.add_argument("--json", action="store_true")


def add_gate_arguments(parser: argparse.ArgumentParser) -> None:
    """The arguments of `denwaban publish` about its gate."""
    parser.add_argument(
        "--gate", type=Path, metavar="SCENARIO", help="publish only if the promise holds in this simulation"
    )
    parser.add_argument("--times", type=int, help=f"replications of it; none: {GATE_TIMES}")

"""What the commands `load` and `compare` take; nothing else is loaded for it."""

from __future__ import annotations

import argparse
from pathlib import Path

from sim.argument_types import count, positive


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Those of the command `load`."""
    parser.add_argument(
        "scenario", type=Path, nargs="?", help="none: 34 seats of a bare queue, whose callers wait for ever"
    )
    parser.add_argument("--calls", type=count, metavar="N", help="so many callers")
    parser.add_argument("--rate", type=positive, metavar="R", help="new callers per second, by chance")
    parser.add_argument("--hold", type=positive, metavar="S", help="each talks for so many seconds")
    parser.add_argument(
        "--running",
        action="store_true",
        help="call the service that runs on this machine, and not a stack of its own; its operators answer",
    )
    parser.add_argument(
        "--operators", action="store_true", help="with --running: robots sit down at its free telephones"
    )
    _add_common(parser)


def add_compare_arguments(parser: argparse.ArgumentParser) -> None:
    """Those of the command `compare`."""
    parser.add_argument("scenario", type=Path)
    parser.add_argument(
        "--times", type=count, default=100, metavar="N", help="so many replications of the simulation (100)"
    )
    _add_common(parser)


def _add_common(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--seed", type=int, metavar="N", help="instead of the scenario's")
    parser.add_argument(
        "--no-audio",
        dest="audio",
        action="store_false",
        help="nobody speaks: for calls of less than half a minute, of which only the signalling is wanted",
    )
    parser.add_argument("--texts", type=Path, help="folder that keeps the spoken texts for the next time")
    parser.add_argument("--json", action="store_true", help="one object on standard output")

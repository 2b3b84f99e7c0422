"""What the command `drill` takes; nothing else is loaded for it."""

from __future__ import annotations

import argparse
from pathlib import Path

KINDS = ("kill-engine", "kill-asterisk", "kill-database", "full-disk", "cut-network")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Those of the command `drill`."""
    parser.add_argument("kind", choices=[*KINDS, "none", "all"], help="what breaks; none: nothing does")
    parser.add_argument("--talking", type=int, default=34, help="conversations when it breaks")
    parser.add_argument("--waiting", type=int, default=20, help="callers in the line then")
    parser.add_argument(
        "--times", type=int, default=1, help="so many times in a row; kill-engine: under traffic of --rate"
    )
    parser.add_argument("--rate", type=float, default=20.0, help="calls per second, with --times")
    parser.add_argument("--seed", type=int, default=1, help="the same seed breaks the same things again")
    parser.add_argument("--outage", type=float, help="seconds that an outage lasts; none: as its kind has it")
    parser.add_argument("--keep", action="store_true", help="leave the folder of the drill, to look into it")
    parser.add_argument("--texts", type=Path, help="folder that keeps the spoken texts for further drills")
    parser.add_argument("--json", action="store_true")

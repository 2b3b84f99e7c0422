"""The arguments of `denwaban sim`."""

from __future__ import annotations

import argparse
from pathlib import Path

PICTURES = (".png", ".svg")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The scenario, how often and where it is run, and what is written of it."""
    parser.add_argument("scenario", type=Path)
    parser.add_argument("--json", action="store_true", help="one object on standard output")
    often = parser.add_mutually_exclusive_group()
    often.add_argument("--times", type=_count, metavar="N", help="so many replications; none: one")
    often.add_argument(
        "--half-width",
        type=_half_width,
        metavar="SHARE",
        help="replications until the answer rate is known to +- SHARE (95 %%), as 0.005; at most 200",
    )
    parser.add_argument("--workers", type=_count, metavar="N", help="processes; none: one for each core")
    parser.add_argument(
        "--dask",
        default="",
        metavar="ADDRESS",
        help="run on a Dask cluster: tcp://HOST:8786 of its scheduler, or `local`",
    )
    parser.add_argument("--seed", type=int, metavar="N", help="instead of the scenario's")
    parser.add_argument(
        "--against",
        type=Path,
        metavar="SCENARIO",
        help="another scenario with the same callers: what changes, and how sure that is (none: 10 replications)",
    )
    parser.add_argument("--plot", type=_picture, metavar="FILE", help="a picture of the day: .png or .svg")
    parser.add_argument("--html", type=Path, metavar="FILE", help="all figures as one page")


def _count(text: str) -> int:
    count = int(text)
    if count < 1:
        raise argparse.ArgumentTypeError(f"{text}: give 1 or more")
    return count


def _half_width(text: str) -> float:
    share = float(text)
    if not 0 < share < 0.5:
        raise argparse.ArgumentTypeError(f"{text}: give a share between 0 and 0.5, as 0.005")
    return share


def _picture(text: str) -> Path:
    path = Path(text)
    if path.suffix.lower() not in PICTURES:
        raise argparse.ArgumentTypeError(f"{text}: give the picture a name that ends in .png or .svg")
    return path

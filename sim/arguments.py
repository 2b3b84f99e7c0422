"""The arguments of `denwaban sim`."""

from __future__ import annotations

import argparse
from pathlib import Path

from sim.argument_types import count, number_that, picture


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The scenario, how often and where it is run, and what is written of it."""
    parser.add_argument("scenario", type=Path)
    parser.add_argument("--json", action="store_true", help="one object on standard output")
    often = parser.add_mutually_exclusive_group()
    often.add_argument("--times", type=count, metavar="N", help="so many replications; none: one")
    often.add_argument(
        "--half-width",
        type=_half_width,
        metavar="SHARE",
        help="replications until the answer rate is known to +- SHARE (95 %%), as 0.005; at most 200",
    )
    parser.add_argument("--workers", type=count, metavar="N", help="processes; none: one for each core")
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
    parser.add_argument("--plot", type=picture, metavar="FILE", help="a picture of the day: .png or .svg")
    parser.add_argument("--html", type=Path, metavar="FILE", help="all figures as one page")


def _half_width(text: str) -> float:
    return number_that(lambda share: 0 < share < 0.5, text, "a share between 0 and 0.5, as 0.005")

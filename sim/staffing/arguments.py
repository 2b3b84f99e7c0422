"""The arguments of `denwaban staff` and `denwaban mailing-plan`."""

from __future__ import annotations

import argparse
from pathlib import Path

from sim.argument_types import count, number_that, picture, positive


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Those of `staff`."""
    _common(parser)
    parser.add_argument(
        "--floor",
        type=_share,
        metavar="SHARE",
        help="no half-hour may answer fewer by Erlang A; none: a tenth below the promise",
    )
    parser.add_argument(
        "--shrinkage",
        type=_less_than_one,
        default=0.0,
        metavar="SHARE",
        help="of the people on the plan so many are absent on a day, as 0.15",
    )
    parser.add_argument(
        "--shifts", type=Path, metavar="RULES", help="a YAML file of rules: make a shift plan by them"
    )
    parser.add_argument(
        "--curve", action="store_true", help="what each percent of the rate from 70 to 99 costs"
    )
    parser.add_argument(
        "--cost", type=positive, metavar="YEN", help="of an hour of one person, for the curve"
    )
    parser.add_argument("--plot", type=picture, metavar="FILE", help="the curve as a picture: .png or .svg")
    parser.add_argument(
        "--write",
        type=Path,
        metavar="FILE",
        help="the block `seats` for a scenario, with --shifts the shifts",
    )
    parser.add_argument(
        "--write-roster", type=Path, metavar="FILE", help="who works when, like config/shifts.yaml"
    )


def add_mailing_arguments(parser: argparse.ArgumentParser) -> None:
    """Those of `mailing-plan`."""
    _common(parser)
    parser.add_argument("--mailing", default="", metavar="NAME", help="none: the one with the most letters")
    parser.add_argument(
        "--window",
        type=count,
        default=28,
        metavar="DAYS",
        help="the last batch goes out so much later at most",
    )
    parser.add_argument("--batches", type=count, default=12, metavar="N", help="so many at most")
    parser.add_argument("--least", type=count, default=1000, metavar="LETTERS", help="in one batch")
    parser.add_argument("--write", type=Path, metavar="FILE", help="the block `mailings` for the scenario")


def _common(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("scenario", type=Path)
    parser.add_argument("--json", action="store_true", help="one object on standard output")
    parser.add_argument(
        "--probability",
        type=_probability,
        default=0.9,
        metavar="P",
        help="with which a month has to keep the promise (none: 0.9)",
    )
    parser.add_argument(
        "--times", type=count, default=20, metavar="N", help="months simulated to check the plan (none: 20)"
    )
    parser.add_argument("--workers", type=count, metavar="N", help="processes; none: one for each core")


def _probability(text: str) -> float:
    return number_that(lambda p: 0.5 <= p < 1, text, "a probability from 0.5 up to, but not, 1, as 0.9")


def _share(text: str) -> float:
    return number_that(lambda share: 0 <= share < 1, text, "a share from 0 up to, but not, 1, as 0.7")


def _less_than_one(text: str) -> float:
    return number_that(lambda share: 0 <= share <= 0.9, text, "a share from 0 to 0.9, as 0.15")

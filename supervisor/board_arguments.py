"""The arguments of `denwaban board`; light, because every command reads them."""

from __future__ import annotations

import argparse


def add_board_arguments(parser: argparse.ArgumentParser) -> None:
    """The arguments of `denwaban board`."""
    parser.add_argument("--at", default="", help="2026-05-07T10:15:03, the projects' local time; none: now")
    parser.add_argument("--project", default="", help="only this one; none: all")
    parser.add_argument("--json", action="store_true")

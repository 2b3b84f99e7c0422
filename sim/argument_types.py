"""What an argument of the commands of sim may be; light, because every command reads it.

Each raises argparse.ArgumentTypeError, which tells what to give instead.
"""

from __future__ import annotations

import argparse
import math
from collections.abc import Callable
from pathlib import Path

PICTURES = (".png", ".svg")


def count(text: str) -> int:
    """1 or more."""
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError(f"{text}: give 1 or more")
    return number


def number_that(fits: Callable[[float], bool], text: str, wanted: str) -> float:
    """A number that fits; `wanted`: what it is told to be where it does not."""
    number = float(text)
    if not fits(number):
        raise argparse.ArgumentTypeError(f"{text}: give {wanted}")
    return number


def positive(text: str) -> float:
    """Any finite number above 0."""
    return number_that(lambda number: 0 < number < math.inf, text, "a number above 0")


def picture(text: str) -> Path:
    """A file that is to become a picture, as its name says."""
    path = Path(text)
    if path.suffix.lower() not in PICTURES:
        raise argparse.ArgumentTypeError(f"{text}: give the picture a name that ends in .png or .svg")
    return path

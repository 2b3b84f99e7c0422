"""What only some commands need: optional libraries, and what to do where one is missing."""

from __future__ import annotations

import importlib
from types import ModuleType


class MissingExtraError(Exception):
    """An optional library is not installed; the message says how to get it."""


def need(module: str, purpose: str) -> ModuleType:
    """The optional library `module`; raises MissingExtraError where it is not installed.

    `purpose` begins the message: "drawing a plot", "planning shifts".
    """
    try:
        return importlib.import_module(module)
    except ImportError as error:
        library = module.partition(".")[0]
        raise MissingExtraError(f"{purpose} needs {library}: run `make extras` to install it") from error

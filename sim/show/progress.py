"""How far a simulation is, on standard error and only where somebody looks at it."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

Done = Callable[[float], None]


@contextmanager
def progress(text: str, whole: float | None) -> Iterator[Done]:
    """Tell the given function how much of the `whole` is done; None: nobody knows how much it will be."""
    if not sys.stderr.isatty():
        yield _nobody_looks
        return
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(text, total=whole)
        yield lambda done: bar.update(task, completed=done)


def _nobody_looks(done: float) -> None:
    return

"""A drill that could not be brought to its end; and doing several things at once so that each may fail."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any


class DrillFailedError(RuntimeError):
    """Something that a drill waits for never came; the text says what, and how it is instead."""


async def together(*work: Coroutine[Any, Any, object]) -> None:
    """All of it at the same time. The first failure ends the rest, and is raised as if it had been alone."""
    try:
        async with asyncio.TaskGroup() as tasks:
            for one in work:
                tasks.create_task(one)
    except ExceptionGroup as group:
        raise group.exceptions[0] from group

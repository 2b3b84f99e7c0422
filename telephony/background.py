"""Work that goes on beside everything else."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Coroutine
from types import TracebackType
from typing import Any

log = logging.getLogger(__name__)


class Background:
    """`async with Background(work(), "its name"):` - done inside, or broken off; a fault of it is logged, no more."""

    def __init__(self, work: Coroutine[Any, Any, None], name: str) -> None:
        self._work = work
        self._name = name
        self._task: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Background:
        self._task = asyncio.create_task(self._do(), name=self._name)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    async def _do(self) -> None:
        try:
            await self._work
        except Exception:
            log.exception("%s: ended by a fault", self._name)

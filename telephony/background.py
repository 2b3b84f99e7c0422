"""Work that goes on beside everything else."""

from __future__ import annotations

import asyncio
import logging
from abc import ABC, abstractmethod
from collections.abc import Coroutine
from types import TracebackType
from typing import Any, Self

log = logging.getLogger(__name__)

AGAIN_S = 1.0


class Worker(ABC):
    """`async with Worker(...)`: inside, `_work` goes on; a fault of it is logged, and it begins anew after a second."""

    _name = "worker"
    _task: asyncio.Task[None] | None = None

    @abstractmethod
    async def _work(self) -> None:
        """What it does, as long as it is not broken off."""

    async def __aenter__(self) -> Self:
        self._task = asyncio.create_task(self._insist(), name=self._name)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        task, self._task = self._task, None
        if task is not None:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    async def _insist(self) -> None:
        while True:
            try:
                await self._work()
                return
            except Exception:
                log.exception("%s: a fault; it begins anew", self._name)
            await asyncio.sleep(AGAIN_S)


class Background(Worker):
    """`async with Background(work(), "its name"):` - done inside, or broken off; a fault of it is logged, no more."""

    def __init__(self, work: Coroutine[Any, Any, None], name: str) -> None:
        self._once = work
        self._name = name

    async def _work(self) -> None:
        try:
            await self._once
        except Exception:
            log.exception("%s: ended by a fault", self._name)

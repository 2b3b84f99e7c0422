"""A process that starts an Asterisk and is killed: what the crash of an engine leaves behind, and no more."""

from __future__ import annotations

import asyncio
import multiprocessing
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing.connection import Connection

from telephony.asterisk import EmbeddedAsterisk
from telephony.plan import AsteriskPlan
from telephony.secrets import Secrets

_START_S = 60.0


@contextmanager
def another_engine(plan: AsteriskPlan, secrets: Secrets) -> Iterator[multiprocessing.process.BaseProcess]:
    """It runs inside, with its Asterisk up; `kill()` is kill -9."""
    spawning = multiprocessing.get_context("spawn")
    here, there = spawning.Pipe()
    engine = spawning.Process(target=_hold, args=(plan, secrets, there))
    engine.start()
    try:
        assert here.poll(_START_S)
        assert here.recv() == "up"
        yield engine
    finally:
        engine.kill()
        engine.join()
        engine.close()
        here.close()
        there.close()


def _hold(plan: AsteriskPlan, secrets: Secrets, news: Connection) -> None:
    asyncio.run(_run(plan, secrets, news))


async def _run(plan: AsteriskPlan, secrets: Secrets, news: Connection) -> None:
    async with EmbeddedAsterisk(plan, secrets) as asterisk:
        news.send("up")
        await asterisk.wait()

"""What the command `run` does."""

from __future__ import annotations

import asyncio
import logging
import signal
import sys
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager, AsyncExitStack, nullcontext
from pathlib import Path

import uvloop

from ivr.yaml_marks import ConfigurationError
from store.database import DatabaseUrlError
from telephony.ami import AmiError
from telephony.ari import AriFailure
from telephony.control import ControlError
from telephony.guidance import GuidanceError
from telephony.service import Observe, Service, unseen
from telephony.stack import load_stack
from telephony.tree import AsteriskError

EXPECTED = (
    ConfigurationError,
    AsteriskError,
    AriFailure,
    AmiError,
    GuidanceError,
    DatabaseUrlError,
    ControlError,
)
"""Failures that say what to do next; anything else is a fault of ours and shows its traceback."""

Beside = Callable[[Service], AbstractAsyncContextManager[object]]
"""Makes what runs beside a service, once that takes calls."""


def alone(service: Service) -> AbstractAsyncContextManager[object]:
    """Nothing beside it."""
    return nullcontext()


def run(config: Path, observe: Observe = unseen, beside: Beside = alone) -> int:
    """The service, until SIGINT or SIGTERM; `observe` sees every step, `beside` runs as long as it does."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    try:
        uvloop.run(_serve(config, observe, beside))
    except EXPECTED as error:
        return told(error)
    return 0


async def _serve(config: Path, observe: Observe, beside: Beside) -> None:
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    async with Service(load_stack(config, _say), _say, observe) as service, AsyncExitStack() as company:
        try:
            await company.enter_async_context(beside(service))
        except EXPECTED as error:  # the telephone does not stop because a screen would stay dark
            _say(f"the telephone works, but this does not: {error}")
        ended: list[asyncio.Task[object]] = [asyncio.create_task(stop.wait())]
        if service.asterisk is not None:
            ended.append(asyncio.create_task(service.asterisk.wait()))
        await asyncio.wait(ended, return_when=asyncio.FIRST_COMPLETED)
        if not stop.is_set():
            raise AsteriskError("Asterisk has ended by itself; its log is var/run/asterisk/log/messages.log")
        for task in ended:
            task.cancel()


def told(error: Exception) -> int:
    """Print a failure that says what to do next; the exit code."""
    print(error, file=sys.stderr)
    return 1


def _say(text: str) -> None:
    print(f"denwaban: {text}", file=sys.stderr)

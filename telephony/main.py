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
from store.lock import SiteHeldError
from store.migrations import NewerDatabaseError
from telephony.ami import AmiError
from telephony.ari import AriFailure
from telephony.control import ControlError
from telephony.guidance import GuidanceError
from telephony.keeper import keep
from telephony.logs import set_up
from telephony.remembering import Onlooker
from telephony.service import Service
from telephony.stack import load_stack
from telephony.tree import AsteriskError

log = logging.getLogger(__name__)

EXPECTED = (
    ConfigurationError,
    AsteriskError,
    AriFailure,
    AmiError,
    GuidanceError,
    DatabaseUrlError,
    NewerDatabaseError,
    SiteHeldError,
    ControlError,
)
"""Failures that say what to do next; anything else is a fault of ours and shows its traceback."""

Beside = Callable[[Service], AbstractAsyncContextManager[object]]
"""Makes what runs beside a service, once that takes calls."""


def alone(service: Service) -> AbstractAsyncContextManager[object]:
    """Nothing beside it."""
    return nullcontext()


def run(
    config: Path,
    onlooker: Onlooker | None = None,
    beside: Beside = alone,
    companion: Callable[[], int] | None = None,
) -> int:
    """The service, until SIGINT or SIGTERM; `onlooker` sees every step, `beside` runs as long as it does.

    `companion` is a process of its own that outlives the engines (see `keeper`). SIGHUP ends the engine alone: Asterisk
    and its calls wait for the next one. An engine that is killed is followed by another at once.
    """
    set_up()
    return keep(lambda: _run(config, onlooker, beside), companion)


def _run(config: Path, onlooker: Onlooker | None, beside: Beside) -> int:
    try:
        uvloop.run(_serve(config, onlooker, beside))
    except EXPECTED as error:
        return told(error)
    return 0


async def _serve(config: Path, onlooker: Onlooker | None, beside: Beside) -> None:
    stop, loop = asyncio.Event(), asyncio.get_running_loop()
    service = Service(load_stack(config, _say), _say, onlooker=onlooker)

    def leave() -> None:
        service.leave = True
        stop.set()

    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    loop.add_signal_handler(signal.SIGHUP, leave)
    async with service, AsyncExitStack() as company:
        try:
            await company.enter_async_context(beside(service))
        except EXPECTED as error:  # the telephone does not stop because a screen would stay dark
            _say(f"the telephone works, but this does not: {error}")
        service.instruments.systemd.ready()
        await stop.wait()


def told(error: Exception) -> int:
    """Print a failure that says what to do next; the exit code."""
    print(error, file=sys.stderr)
    return 1


def _say(text: str) -> None:
    log.info("%s", text)
